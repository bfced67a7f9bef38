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

/// What the rest of the service needs to know of a loaded model.
struct ModelInfo {
  ModelIdentity identity;
  Population population;
  double operating_point = 0.5;  ///< on the pneumonia score, 0 to 1
  /// An image whose out-of-distribution score is above it is unlike what the model was trained on. Present exactly
  /// when the model gives such a score.
  absl::optional<double> ood_threshold = absl::nullopt;
};

}  // namespace cxr
