// SPDX-License-Identifier: Apache-2.0
#include "trainer/learn/model_selection.h"

#include <algorithm>

namespace cxr {
namespace {

double MeanOf(const Metrics& metrics, absl::optional<double> ClassMetrics::*figure) {
  double sum = 0;
  int count = 0;
  for (const ClassMetrics& each : metrics.classes) {
    if (!(each.*figure).has_value()) continue;
    sum += *(each.*figure);
    ++count;
  }
  return count > 0 ? sum / count : 0;
}

}  // namespace

double SelectionScore(const Metrics& metrics, SelectionMetric metric) {
  switch (metric) {
    case SelectionMetric::kAccuracy:
      return metrics.accuracy.value_or(0);
    case SelectionMetric::kMacroRecall:
      return MeanOf(metrics, &ClassMetrics::recall);
    case SelectionMetric::kMacroF1:
      return MeanOf(metrics, &ClassMetrics::f1);
    case SelectionMetric::kMacroAuroc:
      return metrics.macro_auroc.value_or(0);
    case SelectionMetric::kPneumoniaAuroc:
      return metrics.pneumonia_auroc.value_or(0);
  }
  return 0;
}

int BestEpoch(const std::vector<double>& scores) {
  if (scores.empty()) return 0;
  return static_cast<int>(std::max_element(scores.begin(), scores.end()) - scores.begin()) + 1;
}

bool ShouldStop(const std::vector<double>& scores, int patience) {
  return patience > 0 && static_cast<int>(scores.size()) - BestEpoch(scores) >= patience;
}

}  // namespace cxr
