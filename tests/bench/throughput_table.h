// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "trainer/learn/step_times.h"

namespace cxr::bench {

/// The rounds of one trainer.
class Throughput {
 public:
  /// Adds a round of steps of `batch_size` images.
  void Add(const std::vector<StepTimes>& round, int batch_size);

  /// Images per second in each round.
  [[nodiscard]] const std::vector<double>& rates() const { return rates_; }

  /// Milliseconds of a part of a step in the median step.
  [[nodiscard]] double MedianMs(double StepTimes::*part) const;

  /// One row: images per second (median of rounds), the wait for images, the parts of a step.
  void PrintRow(const std::string& precision, const std::string& who) const;

 private:
  [[nodiscard]] std::vector<double> Ms(double StepTimes::*part) const;

  std::vector<double> rates_;
  std::vector<StepTimes> steps_;
};

/// The head of the rows.
void PrintHead();

/// How much faster `own` is than `python`, round by round: both must have the same number of rounds.
void PrintRatio(const std::string& precision, const Throughput& own, const Throughput& python);

}  // namespace cxr::bench
