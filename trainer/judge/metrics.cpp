// SPDX-License-Identifier: Apache-2.0
#include "trainer/judge/metrics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace cxr {
namespace {

constexpr std::size_t kBins = 15;

absl::optional<double> Ratio(std::size_t part, std::size_t whole) {
  if (whole == 0) return absl::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

std::size_t Index(Pattern pattern) {
  return static_cast<std::size_t>(pattern);
}

ClassMetrics MetricsOf(std::size_t label, const Metrics& metrics, const std::vector<Prediction>& predictions) {
  const std::size_t hits = metrics.confusion[label][label];
  std::size_t labelled = 0;
  std::size_t predicted = 0;
  for (std::size_t other = 0; other < kPatternCount; ++other) {
    labelled += metrics.confusion[label][other];
    predicted += metrics.confusion[other][label];
  }
  std::vector<double> scores;
  std::vector<bool> positives;
  for (const Prediction& prediction : predictions) {
    scores.push_back(prediction.probabilities[label]);
    positives.push_back(Index(prediction.label) == label);
  }
  return {labelled, Ratio(hits, predicted), Ratio(hits, labelled), Ratio(2 * hits, labelled + predicted),
          Auroc(scores, positives)};
}

absl::optional<double> PneumoniaAuroc(const std::vector<Prediction>& predictions) {
  std::vector<double> scores;
  std::vector<bool> positives;
  for (const Prediction& prediction : predictions) {
    scores.push_back(1 - prediction.probabilities[Index(Pattern::kNormal)]);
    positives.push_back(prediction.label != Pattern::kNormal);
  }
  return Auroc(scores, positives);
}

constexpr std::size_t kReliabilityBins = 10;

}  // namespace

Metrics ComputeMetrics(const std::vector<Prediction>& predictions) {
  Metrics metrics;
  metrics.count = predictions.size();
  std::size_t hits = 0;
  for (const Prediction& prediction : predictions) {
    ++metrics.confusion[Index(prediction.label)][Index(prediction.predicted)];
    if (prediction.conclusion.has_value())
      ++metrics.conclusions[Index(prediction.label)][static_cast<std::size_t>(*prediction.conclusion)];
    if (prediction.label == prediction.predicted) ++hits;
  }
  metrics.accuracy = Ratio(hits, predictions.size());
  double sum = 0;
  int defined = 0;
  for (std::size_t label = 0; label < kPatternCount; ++label) {
    metrics.classes[label] = MetricsOf(label, metrics, predictions);
    if (!metrics.classes[label].auroc.has_value()) continue;
    sum += *metrics.classes[label].auroc;
    ++defined;
  }
  if (defined > 0) metrics.macro_auroc = sum / defined;
  metrics.pneumonia_auroc = PneumoniaAuroc(predictions);
  metrics.expected_calibration_error = ExpectedCalibrationError(predictions);
  return metrics;
}

absl::optional<double> Auroc(const std::vector<double>& scores, const std::vector<bool>& positives) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return scores[a] < scores[b]; });
  double wins = 0;             // pairs in which the positive scores higher, ties counting half
  double negatives_below = 0;  // negatives with a lower score than the current group of ties
  double all_positives = 0;
  for (std::size_t begin = 0; begin < order.size();) {
    double positive = 0;
    double negative = 0;
    std::size_t end = begin;
    for (; end < order.size() && scores[order[end]] == scores[order[begin]]; ++end) {
      (positives[order[end]] ? positive : negative) += 1;
    }
    wins += positive * (negatives_below + negative / 2);
    negatives_below += negative;
    all_positives += positive;
    begin = end;
  }
  if (all_positives == 0 || negatives_below == 0) return absl::nullopt;
  return wins / (all_positives * negatives_below);
}

absl::optional<double> ExpectedCalibrationError(const std::vector<Prediction>& predictions) {
  if (predictions.empty()) return absl::nullopt;
  std::array<double, kBins>
      surplus{};  // sum of (correct - confidence): share times gap, times the number of predictions
  for (const Prediction& prediction : predictions) {
    const auto* best = std::max_element(prediction.probabilities.begin(), prediction.probabilities.end());
    const bool correct = Index(prediction.label) == static_cast<std::size_t>(best - prediction.probabilities.begin());
    const auto bin = static_cast<std::size_t>(std::clamp(*best, 0.0, 1.0) * kBins);
    surplus[std::min(bin, kBins - 1)] += (correct ? 1.0 : 0.0) - *best;
  }
  double error = 0;
  for (const double gap : surplus) error += std::abs(gap);
  return error / static_cast<double>(predictions.size());
}

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
  std::vector<ReliabilityBin> bins(kReliabilityBins);
  for (const Prediction& each : predictions) {
    const auto* best = std::max_element(each.probabilities.begin(), each.probabilities.end());
    const auto index = static_cast<std::size_t>(std::clamp(*best, 0.0, 1.0) * kReliabilityBins);
    ReliabilityBin& bin = bins[std::min(index, kReliabilityBins - 1)];
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
