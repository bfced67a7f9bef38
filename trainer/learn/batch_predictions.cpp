// SPDX-License-Identifier: Apache-2.0
#include "trainer/learn/batch_predictions.h"

#include <algorithm>

namespace cxr {
namespace {

constexpr std::int64_t kWidth = 1 + static_cast<std::int64_t>(kPatternCount);

Prediction MostProbable(Pattern label, const PatternProbabilities& probabilities) {
  const auto* best = std::max_element(probabilities.begin(), probabilities.end());
  return {label, probabilities, kPatterns[static_cast<std::size_t>(best - probabilities.begin())]};
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

}  // namespace cxr
