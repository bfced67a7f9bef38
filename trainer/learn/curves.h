// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/types/optional.h"
#include "trainer/judge/metrics.h"

namespace cxr {

/// The figures of one side of an epoch. Predictions are the class with the largest probability, uncalibrated.
struct EpochFigures {
  double loss = 0;  ///< mean; of validation: plain cross entropy
  Metrics metrics;
};

/// What one epoch gave. Training figures are of augmented pictures in training mode, validation figures of the averaged
/// weights.
struct EpochRow {
  std::string stage;  ///< "frozen" or "fine-tune"
  int epoch = 0;      ///< from 1 in each stage
  EpochFigures training;
  absl::optional<EpochFigures> validation;  ///< absent where it was not measured
};

/// The curves of a run as CSV, one row per epoch, written as they come.
class Curves {
 public:
  /// Starts the file with its header line. `path` must be writable; see status.
  explicit Curves(std::string path);

  /// Appends a row and prints it as one line on stderr.
  void Add(const EpochRow& row);

  /// The file so far.
  [[nodiscard]] const std::string& text() const { return text_; }

  /// Goes on from the text of an earlier run.
  void Restore(const std::string& text);

  [[nodiscard]] const absl::Status& status() const { return status_; }

 private:
  void Append(const std::string& lines, bool truncate);

  std::string path_;
  std::string text_;
  absl::Status status_;
};

}  // namespace cxr
