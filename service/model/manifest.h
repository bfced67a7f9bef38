// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "service/core/model_info.h"

namespace cxr {

/// What manifest.json says of a model: a model is data, and everything that serving must know of it stands here.
///
/// {"format": 1, "name": "cxr-mobilenetv2", "version": "0.1.0", "file": "model.pt", "sha256": "...",
///  "classes": ["BACTERIA", "NORMAL", "VIRUS"],
///  "input": {"rows": 224, "columns": 224, "resize": "bilinear-antialias squash", "scaling": "x / 127.5 - 1"},
///  "temperature": 1.2, "operating_point": 0.7, "specificity_operating_point": 0.4,
///  "population": {"min_age_years": 1, "max_age_years": 5, "description": "..."},
///  "out_of_distribution": {"file": "ood.safetensors", "sha256": "...", "threshold": 1.3,
///                          "warning_threshold": 1.2},
///  "training": {"command": "...", "data": "...", ...}}
///
/// The two operating points on the pneumonia score are those of a sensitivity and of a specificity (95 % in models of
/// our trainer); a decision is positive from the larger and negative below the smaller. Images whose
/// out-of-distribution score is above `threshold` are refused, above `warning_threshold` warned of.
struct Manifest {
  /// Where the out-of-distribution data are; the threshold is in `info`.
  struct OutOfDistribution {
    std::string file = "ood.safetensors";  ///< beside the manifest; see outlier_detector.h
    std::string sha256;
  };

  ModelInfo info;                 ///< of which ParseManifest alone sets manifest_sha256
  std::string file = "model.pt";  ///< beside the manifest
  int rows = 224;                 ///< of the network's input, pixels
  int columns = 224;
  double temperature = 1;                    ///< logits are divided by it before the softmax; more than 0
  double sensitivity_operating_point = 0.5;  ///< key operating_point; set by SetOperatingPoints, as the next one
  double specificity_operating_point = 0.5;
  absl::optional<OutOfDistribution> out_of_distribution;
  std::map<std::string, std::string> training;  ///< where the model comes from, in words
};

/// Sets both operating points, each 0 to 1, and info.points, which follow from them.
void SetOperatingPoints(Manifest& manifest, double of_sensitivity, double of_specificity);

/// Parses and validates. No other keys are accepted (`training` may hold any texts), and all are required but
/// out_of_distribution, specificity_operating_point (otherwise the same as operating_point) and warning_threshold
/// (otherwise the same as threshold); the error names the key, what it holds wrongly and what was expected.
[[nodiscard]] absl::StatusOr<Manifest> ParseManifest(absl::string_view json);

/// The manifest as JSON text that ParseManifest accepts.
[[nodiscard]] std::string FormatManifest(const Manifest& manifest);

}  // namespace cxr
