// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service/core/classifier.h"

namespace cxr {

/// A classifier whose answer is chosen, so that every outcome can be had from one source: for checking what is written,
/// never for what it means. It decides at 30 and 70 %. Its map is two unlike hot spots away from every axis of
/// symmetry, over a part of the image; its model applies to ages of 1 to 5 years.
class FixedClassifier final : public Classifier {
 public:
  explicit FixedClassifier(const PatternProbabilities& answer);

  [[nodiscard]] const ModelInfo& info() const override { return info_; }
  [[nodiscard]] absl::StatusOr<Classification> Classify(const GrayImage& image, Stopwatch& stopwatch) const override;

 private:
  PatternProbabilities answer_;
  ModelInfo info_;
};

}  // namespace cxr
