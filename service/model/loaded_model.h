// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "service/core/pattern.h"
#include "service/model/engine/inference_network.h"
#include "service/model/manifest.h"
#include "service/model/outlier_detector.h"

namespace cxr {

/// A model as its folder describes it, ready to run. Immutable and thread-safe.
struct LoadedModel {
  Manifest manifest;
  std::unique_ptr<InferenceNetwork> network;
  absl::optional<OutlierDetector> outliers;  ///< present when the manifest has an out_of_distribution entry
};

/// The folder of the manifest: `given`, or its folder "model" where `given` is the run folder of a training.
[[nodiscard]] std::string ModelFolder(const std::string& given);

/// Loads the model in `directory`: manifest.json and the files it names, whose SHA-256 must be what the manifest says.
/// `device` is cpu, cuda or cuda:N. The error names the file or key that is wrong and what was expected.
[[nodiscard]] absl::StatusOr<LoadedModel> LoadModel(const std::string& directory, const std::string& device);

/// Softmax of the logits divided by `temperature`; one logit per pattern.
[[nodiscard]] PatternProbabilities Softmax(const std::vector<double>& logits, double temperature);

}  // namespace cxr
