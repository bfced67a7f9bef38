// SPDX-License-Identifier: Apache-2.0
#include "trainer/judge/inference_pass.h"

#include <algorithm>

#include "absl/status/status.h"
#include "trainer/data/progress.h"
#include "trainer/judge/parallel.h"

namespace cxr {

absl::StatusOr<std::vector<float>> LoadInput(const PictureReader& pictures, const Sample& sample, InputSize size) {
  const auto image = pictures.Read(sample.path);
  if (!image.ok()) return image.status();
  return Preprocess(*image, size);
}

absl::Status RunFeatures(const InferenceNetwork& network, std::size_t count, const std::string& label,
                         const RunContext& context, const LoadIndexed& load,
                         const std::function<void(std::size_t, const FeatureBatch&)>& take) {
  Progress progress(label, count);
  return ParallelFor(count, context.threads, [&](std::size_t index) -> absl::Status {
    if (context.stop.Requested()) return absl::CancelledError("stopped by a signal");
    const auto input = load(index);
    if (!input.ok()) return input.status();
    take(index, network.Features({&*input}));
    progress.Add(1);
    return absl::OkStatus();
  });
}

absl::StatusOr<std::vector<PatternLogits>> RunLogits(const InferenceNetwork& network,
                                                     const std::vector<Sample>& samples, const std::string& label,
                                                     const RunContext& context) {
  const InputSize size{network.options().rows, network.options().columns};
  std::vector<PatternLogits> logits(samples.size());
  const absl::Status status = RunFeatures(
      network, samples.size(), label, context,
      [&](std::size_t index) { return LoadInput(context.pictures, samples[index], size); },
      [&](std::size_t index, const FeatureBatch& features) {
        const HeadPass pass = network.Head(features);
        std::copy_n(pass.logits()[0].begin(), kPatternCount, logits[index].begin());
      });
  if (!status.ok()) return status;
  return logits;
}

}  // namespace cxr
