// SPDX-License-Identifier: Apache-2.0
#include "trainer/judge/outlier_fit.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "service/base/file.h"
#include "service/base/sha256.h"
#include "service/model/loaded_model.h"
#include "trainer/judge/inference_pass.h"

namespace cxr {
namespace {

constexpr char kFile[] = "ood.safetensors";
constexpr double kSmallestVariance = 1e-12;

std::vector<float> Values(const torch::Tensor& row) {
  const torch::Tensor values = row.to(torch::kFloat32).contiguous();
  return {values.data_ptr<float>(), values.data_ptr<float>() + values.numel()};
}

float Deviation(double variance) {
  return static_cast<float>(std::sqrt(std::max(variance, kSmallestVariance)));
}

/// Moves `values` (rows x channels) to the center of their class and adds the centers to `distribution`.
void TakeOffCenters(const std::vector<Pattern>& labels, torch::Tensor& values, FeatureDistribution& distribution) {
  for (const Pattern pattern : kPatterns) {
    std::vector<std::int64_t> own;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (labels[i] == pattern) own.push_back(static_cast<std::int64_t>(i));
    }
    if (own.empty()) continue;
    const torch::Tensor rows = torch::tensor(own);
    const torch::Tensor chosen = values.index_select(0, rows);
    const torch::Tensor center = chosen.mean(0);
    distribution.centers.push_back(Values(center));
    values.index_copy_(0, rows, chosen - center);
  }
}

absl::StatusOr<std::vector<std::vector<float>>> Features(const LoadedModel& model,
                                                         const std::vector<LabelledImage>& images,
                                                         const std::string& label, const RunContext& context) {
  std::vector<std::vector<float>> features(images.size());
  const InputSize size{model.manifest.rows, model.manifest.columns};
  const absl::Status status = RunFeatures(
      *model.network, images.size(), label, context,
      [&](std::size_t index) { return LoadInput(context.reader, images[index], size); },
      [&](std::size_t index, const FeatureBatch& batch) { features[index] = batch.Pooled(0); });
  if (!status.ok()) return status;
  return features;
}

double ChooseThreshold(std::vector<double> scores, double accepted) {
  std::sort(scores.begin(), scores.end());
  const auto rank = static_cast<std::size_t>(std::ceil(accepted * static_cast<double>(scores.size())));
  return scores[std::clamp<std::size_t>(rank, 1, scores.size()) - 1];
}

}  // namespace

absl::StatusOr<OutlierDetector> FitOutlierDetector(const std::vector<std::vector<float>>& features,
                                                   const std::vector<Pattern>& labels, int axes) {
  const auto rows = static_cast<std::int64_t>(features.size());
  if (rows < 2) return absl::InvalidArgumentError("an out-of-distribution score needs two images at least");
  const auto channels = static_cast<std::int64_t>(features[0].size());
  torch::NoGradGuard no_grad;
  torch::Tensor values = torch::empty({rows, channels}, torch::kFloat64);
  for (std::int64_t row = 0; row < rows; ++row)
    values[row].copy_(torch::tensor(features[static_cast<std::size_t>(row)]));
  FeatureDistribution distribution;
  TakeOffCenters(labels, values, distribution);
  const auto [variances, vectors] = torch::linalg_eigh(values.t().mm(values) / static_cast<double>(rows), "L");
  const std::int64_t kept = std::clamp<std::int64_t>(axes, 1, std::min(channels, rows - 1));
  for (std::int64_t i = channels - 1; i >= channels - kept; --i) {  // eigenvalues come in rising order
    distribution.axes.push_back(Values(vectors.select(1, i)));
    distribution.deviations.push_back(Deviation(variances[i].item<double>()));
  }
  if (channels > kept)
    distribution.residual_deviation = Deviation(variances.slice(0, 0, channels - kept).mean().item<double>());
  return OutlierDetector::Create(std::move(distribution));
}

absl::Status FitOutlierScore(const OutlierFitOptions& options, const Split& split, const RunContext& context) {
  auto model = LoadModel(options.model, options.device);
  if (!model.ok()) return model.status();
  const auto features = Features(*model, split.training, "ood fit", context);
  if (!features.ok()) return features.status();
  std::vector<Pattern> labels;
  for (const LabelledImage& image : split.training) labels.push_back(image.label);
  const auto detector = FitOutlierDetector(*features, labels, options.axes);
  if (!detector.ok()) return detector.status();
  const auto held_out = Features(*model, split.validation, "ood threshold", context);
  if (!held_out.ok()) return held_out.status();
  std::vector<double> scores;
  for (const std::vector<float>& each : *held_out) scores.push_back(detector->Score(each));
  const OodThresholds thresholds{ChooseThreshold(scores, std::min(options.unwarned, options.accepted)),
                                 ChooseThreshold(scores, options.accepted)};
  std::fprintf(stderr,
               "out-of-distribution score: median %.3f, warning above %.3f (%.1f %% of %zu held-out images are not "
               "above), refusal above %.3f (%.1f %%)\n",
               ChooseThreshold(scores, 0.5), thresholds.warning, 100 * options.unwarned, scores.size(),
               thresholds.refusal, 100 * options.accepted);
  // So that a service that loads the model meanwhile finds the old or the new file and nothing between.
  const std::string data = detector->Format();
  if (absl::Status status = ReplaceFile(absl::StrCat(options.model, "/", kFile), data); !status.ok()) return status;
  model->manifest.out_of_distribution = Manifest::OutOfDistribution{kFile, Sha256Hex(data)};
  model->manifest.info.ood = thresholds;
  return ReplaceFile(options.model + "/manifest.json", FormatManifest(model->manifest));
}

}  // namespace cxr
