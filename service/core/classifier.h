// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/statusor.h"
#include "service/core/classification.h"
#include "service/core/image.h"
#include "service/core/model_info.h"
#include "service/core/stopwatch.h"

namespace cxr {

/// Port: a loaded model with its preprocessing. Thread-safe; runs on the calling thread.
class Classifier {
 public:
  virtual ~Classifier() = default;

  [[nodiscard]] virtual const ModelInfo& info() const = 0;

  /// Preprocesses, classifies, decides at the model's operating point and maps the finding's evidence. Records the
  /// stages preprocess, features and head. The map's source_box is in pixels of `image`. Failure: kInternal (also when
  /// the network yields values that are not finite: a failure never looks like a result).
  [[nodiscard]] virtual absl::StatusOr<Classification> Classify(const GrayImage& image, Stopwatch& stopwatch) const = 0;
};

}  // namespace cxr
