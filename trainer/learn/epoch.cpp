// SPDX-License-Identifier: Apache-2.0
#include "trainer/learn/epoch.h"

#include <algorithm>
#include <cmath>

#include "trainer/judge/inference_pass.h"

namespace cxr {
namespace {

constexpr double kSmallest = 1e-300;
constexpr std::int64_t kWidth = 1 + static_cast<std::int64_t>(kPatternCount);

Prediction MostProbable(Pattern label, const PatternProbabilities& probabilities) {
  const auto* best = std::max_element(probabilities.begin(), probabilities.end());
  return {label, probabilities, kPatterns[static_cast<std::size_t>(best - probabilities.begin())]};
}

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

void AppendPredictions(const torch::Tensor& logits, const torch::Tensor& labels, std::vector<Prediction>& predictions) {
  const torch::Tensor probabilities = logits.detach().softmax(1).to(torch::kFloat64).cpu();
  const torch::Tensor packed = torch::cat({labels.to(torch::kFloat64).cpu().unsqueeze(1), probabilities}, 1);
  const std::vector<Prediction> added = UnpackPredictions(packed);
  predictions.insert(predictions.end(), added.begin(), added.end());
}

torch::Tensor PackPredictions(const std::vector<Prediction>& predictions) {
  torch::Tensor packed = torch::empty({static_cast<std::int64_t>(predictions.size()), kWidth}, torch::kFloat64);
  auto* row = packed.data_ptr<double>();
  for (const Prediction& each : predictions) {
    *row++ = static_cast<double>(each.label);
    row = std::copy(each.probabilities.begin(), each.probabilities.end(), row);
  }
  return packed;
}

std::vector<Prediction> UnpackPredictions(const torch::Tensor& packed) {
  const torch::Tensor values = packed.to(torch::kFloat64).cpu().contiguous();
  TORCH_CHECK(values.dim() == 2 && values.size(1) == kWidth, "expected N x ", kWidth, " values, got ", values.sizes());
  std::vector<Prediction> predictions;
  const auto* row = values.data_ptr<double>();
  for (std::int64_t i = 0; i < values.size(0); ++i, row += kWidth) {
    const auto label = static_cast<std::size_t>(row[0]);
    TORCH_CHECK(label < kPatternCount, "a label of ", row[0]);
    PatternProbabilities probabilities{};
    std::copy_n(row + 1, kPatternCount, probabilities.begin());
    predictions.push_back(MostProbable(kPatterns[label], probabilities));
  }
  return predictions;
}

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

absl::StatusOr<EpochFigures> Validate(const TrainOptions& options, const std::vector<LabelledImage>& images,
                                      const RunContext& context, const TrainableNetwork& network) {
  const auto frozen = FreezeNetwork(network, options);
  if (!frozen.ok()) return frozen.status();
  const auto logits = RunLogits(**frozen, images, "validation", context);
  if (!logits.ok()) return logits.status();
  std::vector<Prediction> predictions;
  EpochFigures figures;
  for (std::size_t i = 0; i < images.size(); ++i) {
    const PatternProbabilities probabilities = SoftmaxAt((*logits)[i], 1);
    predictions.push_back(MostProbable(images[i].label, probabilities));
    figures.loss -= std::log(std::max(probabilities[static_cast<std::size_t>(images[i].label)], kSmallest)) /
                    static_cast<double>(images.size());
  }
  figures.metrics = ComputeMetrics(predictions);
  return figures;
}

}  // namespace cxr
