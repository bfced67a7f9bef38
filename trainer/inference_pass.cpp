// SPDX-License-Identifier: Apache-2.0
#include "trainer/inference_pass.h"

#include <algorithm>

#include "absl/status/status.h"
#include "trainer/parallel.h"
#include "trainer/picture_reader.h"
#include "trainer/progress.h"

namespace cxr {

absl::StatusOr<std::vector<float>> LoadInput(const Sample& sample, InputSize size) {
  const auto image = ReadPicture(sample.path);
  if (!image.ok()) return image.status();
  return Preprocess(*image, size);
}

absl::Status RunFeatures(const InferenceNetwork& network, std::size_t count, int threads, const std::string& label,
                         const StopSignal& stop,
                         const std::function<absl::StatusOr<std::vector<float>>(std::size_t)>& load,
                         const std::function<void(std::size_t, const FeatureBatch&)>& take) {
  Progress progress(label, count);
  return ParallelFor(count, threads, [&](std::size_t index) -> absl::Status {
    if (stop.Requested()) return absl::CancelledError("stopped by a signal");
    const auto input = load(index);
    if (!input.ok()) return input.status();
    take(index, network.Features({&*input}));
    progress.Add(1);
    return absl::OkStatus();
  });
}

absl::StatusOr<std::vector<PatternLogits>> RunLogits(const InferenceNetwork& network,
                                                     const std::vector<Sample>& samples, int threads,
                                                     const std::string& label, const StopSignal& stop) {
  const InputSize size{network.options().rows, network.options().columns};
  std::vector<PatternLogits> logits(samples.size());
  const absl::Status status = RunFeatures(
      network, samples.size(), threads, label, stop, [&](std::size_t index) { return LoadInput(samples[index], size); },
      [&](std::size_t index, const FeatureBatch& features) {
        const HeadPass pass = network.Head(features);
        std::copy_n(pass.logits()[0].begin(), kPatternCount, logits[index].begin());
      });
  if (!status.ok()) return status;
  return logits;
}

}  // namespace cxr
