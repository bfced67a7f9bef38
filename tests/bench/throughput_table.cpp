// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/throughput_table.h"

#include <algorithm>
#include <cstdio>

namespace cxr::bench {
namespace {

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

}  // namespace

void Throughput::Add(const std::vector<StepTimes>& round, int batch_size) {
  double seconds = 0;
  for (const StepTimes& step : round) seconds += step.Total();
  rates_.push_back(batch_size * static_cast<double>(round.size()) / seconds);
  steps_.insert(steps_.end(), round.begin(), round.end());
}

double Throughput::MedianMs(double StepTimes::*part) const {
  return Median(Ms(part));
}

std::vector<double> Throughput::Ms(double StepTimes::*part) const {
  std::vector<double> values;
  for (const StepTimes& step : steps_) values.push_back(1000 * step.*part);
  return values;
}

void Throughput::PrintRow(const std::string& precision, const std::string& who) const {
  const std::vector<double> waits = Ms(&StepTimes::wait);
  std::printf("%-9s %-7s %8.1f | %7.1f %8.1f %6.2f %% | %8.0f %8.0f %7.1f\n", precision.c_str(), who.c_str(),
              Median(rates_), Median(waits), *std::max_element(waits.begin(), waits.end()), 100 * WaitShare(steps_),
              MedianMs(&StepTimes::forward), MedianMs(&StepTimes::backward), MedianMs(&StepTimes::update));
}

void PrintHead() {
  std::printf("%26s | %-25s | %s\n", "", "wait for pictures, ms", "ms per step, median");
  std::printf("%-9s %-7s %8s | %7s %8s %8s | %8s %8s %7s\n", "precision", "", "images/s", "median", "most", "share",
              "forward", "backward", "update");
}

void PrintRatio(const std::string& precision, const Throughput& own, const Throughput& python) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < own.rates().size(); ++i) ratios.push_back(own.rates()[i] / python.rates()[i]);
  std::printf("%-9s C++ is %.2f times as fast as Python (median of rounds; each:", precision.c_str(), Median(ratios));
  for (const double ratio : ratios) std::printf(" %.2f", ratio);
  std::printf(")\n");
}

}  // namespace cxr::bench
