// SPDX-License-Identifier: Apache-2.0
#include "trainer/judge/inference_pass.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "service/model/engine/device.h"
#include "trainer/data/guard.h"
#include "trainer/data/progress.h"

namespace cxr {

absl::Status ParallelFor(std::size_t count, int threads, const std::function<absl::Status(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  absl::Status result;
  const auto run = [&] {
    SetIntraOpThreads(1);
    for (std::size_t index = next++; index < count; index = next++) {
      absl::Status status = Guarded([&] { return work(index); });
      if (status.ok()) continue;
      next = count;
      const std::lock_guard<std::mutex> lock(mutex);
      if (result.ok()) result = std::move(status);
    }
  };
  std::vector<std::thread> pool;
  for (int i = 0; i < std::max(1, threads); ++i) pool.emplace_back(run);
  for (std::thread& thread : pool) thread.join();
  return result;
}

absl::StatusOr<std::vector<float>> LoadInput(const ImageReader& reader, const LabelledImage& image, InputSize size) {
  const auto pixels = reader.Read(image.path);
  if (!pixels.ok()) return pixels.status();
  return Preprocess(*pixels, size);
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
                                                     const std::vector<LabelledImage>& images, const std::string& label,
                                                     const RunContext& context) {
  const InputSize size{network.options().rows, network.options().columns};
  std::vector<PatternLogits> logits(images.size());
  const absl::Status status = RunFeatures(
      network, images.size(), label, context,
      [&](std::size_t index) { return LoadInput(context.reader, images[index], size); },
      [&](std::size_t index, const FeatureBatch& features) {
        const HeadPass pass = network.Head(features);
        std::copy_n(pass.logits()[0].begin(), kPatternCount, logits[index].begin());
      });
  if (!status.ok()) return status;
  return logits;
}

}  // namespace cxr
