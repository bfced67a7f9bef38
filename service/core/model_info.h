// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/types/optional.h"

namespace cxr {

/// Names one model without ambiguity.
struct ModelIdentity {
  std::string name;
  std::string version;
  std::string sha256;  ///< of model.pt, 64 lower-case hexadecimal digits
};

/// Whom a model applies to.
struct Population {
  double min_age_years = 0;  ///< completed years
  double max_age_years = 0;  ///< completed years, inclusive: 5 means until the sixth birthday
  std::string description;   ///< in words
};

/// Where a model decides, on the pneumonia score, each 0 to 1: positive from `positive_from`, negative below
/// `indeterminate_from`, which is not larger.
struct OperatingPoints {
  double indeterminate_from = 0.5;
  double positive_from = 0.5;

  friend bool operator==(const OperatingPoints& a, const OperatingPoints& b) = default;
};

/// What out-of-distribution scores mean. An image whose score is above `refusal` is unlike what the model was trained
/// on; above `warning`, which is not larger, it may be.
struct OodThresholds {
  double warning = 0;
  double refusal = 0;

  friend bool operator==(const OodThresholds& a, const OodThresholds& b) = default;
};

/// What the rest of the service needs to know of a loaded model.
struct ModelInfo {
  ModelIdentity identity;
  Population population;
  OperatingPoints points;
  absl::optional<OodThresholds> ood = absl::nullopt;  ///< present exactly when the model gives such a score
  /// SHA-256 of the text that says all of a model that results depend on: its files, temperature, operating points,
  /// thresholds and population.
  std::string manifest_sha256 = {};
};

}  // namespace cxr
