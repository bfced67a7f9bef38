// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/optional.h"
#include "trainer/judge/metrics.h"

namespace cxr {

/// The figures of one side of an epoch. Predictions are the class with the largest probability, uncalibrated.
struct EpochFigures {
  double loss = 0;  ///< mean; of validation: plain cross entropy
  Metrics metrics;
};

/// What one epoch gave. Training figures are of augmented images in training mode, validation figures of the averaged
/// weights.
struct EpochRow {
  std::string stage;  ///< "frozen" or "fine-tune"
  int epoch = 0;      ///< from 1 in each stage
  EpochFigures training;
  absl::optional<EpochFigures> validation;  ///< absent where it was not measured
};

/// One line of a plot: a figure of one side, or of one side and class, over the epochs of a run.
struct Curve {
  std::string figure;          ///< "loss", "recall"
  std::string name;            ///< "training", "validation VIRUS"
  std::vector<double> epochs;  ///< those of all stages, counted on from 1, that have a value
  std::vector<double> values;  ///< as many
};

/// The curves of a run, written as CSV, one row per epoch, as they come: stage, epoch, then each figure of training and
/// of validation.
class Curves {
 public:
  /// Starts the file with its header line. `path` must be writable; see status.
  explicit Curves(std::string path);

  /// Appends a row and prints it as one line on stderr.
  void Add(const EpochRow& row);

  /// The file so far.
  [[nodiscard]] const std::string& text() const { return text_; }

  /// Goes on from the text of an interrupted run; columns that this version does not know are dropped, those that are
  /// missing stay empty. The error says what is no such text; nothing has changed then.
  [[nodiscard]] absl::Status Restore(const std::string& text);

  /// Every figure that has a value in an epoch at least, in the order of the columns.
  [[nodiscard]] std::vector<Curve> All() const;

  [[nodiscard]] const absl::Status& status() const { return status_; }

 private:
  struct Epoch {
    std::string stage;
    std::string number;
    std::vector<absl::optional<double>> values;  ///< one for each column of figures
  };

  void Append(Epoch epoch);
  void Write(const std::string& lines, bool truncate);

  std::string path_;
  std::string text_;
  std::vector<Epoch> epochs_;
  absl::Status status_;
};

}  // namespace cxr
