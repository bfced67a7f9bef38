// SPDX-License-Identifier: Apache-2.0
#include "trainer/judge/diagnostics.h"

#include <algorithm>
#include <numeric>

namespace cxr {
namespace {

constexpr std::size_t kBins = 10;

}  // namespace

RocCurve ComputeRoc(const std::vector<double>& scores, const std::vector<bool>& positives) {
  const auto all = static_cast<double>(std::count(positives.begin(), positives.end(), true));
  const double none = static_cast<double>(positives.size()) - all;
  if (all == 0 || none == 0) return {};
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  RocCurve curve{{0}, {0}};
  double hits = 0;
  double alarms = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    (positives[order[i]] ? hits : alarms) += 1;
    if (i + 1 < order.size() && scores[order[i + 1]] == scores[order[i]]) continue;
    curve.false_positive_rate.push_back(alarms / none);
    curve.true_positive_rate.push_back(hits / all);
  }
  return curve;
}

std::vector<ReliabilityBin> ComputeReliability(const std::vector<Prediction>& predictions) {
  std::vector<ReliabilityBin> bins(kBins);
  for (const Prediction& each : predictions) {
    const auto* best = std::max_element(each.probabilities.begin(), each.probabilities.end());
    const auto index = static_cast<std::size_t>(std::clamp(*best, 0.0, 1.0) * kBins);
    ReliabilityBin& bin = bins[std::min(index, kBins - 1)];
    ++bin.count;
    bin.confidence += *best;
    const auto predicted = static_cast<std::size_t>(best - each.probabilities.begin());
    if (static_cast<std::size_t>(each.label) == predicted) bin.accuracy += 1;
  }
  for (ReliabilityBin& bin : bins) {
    if (bin.count == 0) continue;
    bin.confidence /= static_cast<double>(bin.count);
    bin.accuracy /= static_cast<double>(bin.count);
  }
  return bins;
}

}  // namespace cxr
