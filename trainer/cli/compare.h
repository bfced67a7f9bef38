// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/status.h"

namespace cxr {

struct CompareOptions {
  std::string baseline;  ///< predictions.csv of one evaluation
  std::string model;     ///< predictions.csv of another on the same pictures
  std::string data;      ///< data that name the patients; empty: by file name
  int resamples = 1000;
};

/// Prints the figures of two models on the same pictures and the difference of each with its 95 % interval, drawn in
/// pairs by patient, so that noise is not taken for progress. The error names the file and line that is wrong, or the
/// picture that one of them lacks.
[[nodiscard]] absl::Status Compare(const CompareOptions& options);

}  // namespace cxr
