// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/imaging/preprocess.h"
#include "service/model/engine/inference_network.h"
#include "trainer/data/dataset.h"
#include "trainer/data/run_context.h"
#include "trainer/judge/calibration.h"

namespace cxr {

/// Calls work(0) .. work(count - 1), each once, from `threads` threads that use one operator thread each. Stops at the
/// first error and returns it. `work` must be thread-safe.
[[nodiscard]] absl::Status ParallelFor(std::size_t count, int threads,
                                       const std::function<absl::Status(std::size_t)>& work);

/// Reads an image and preprocesses it as serving does.
[[nodiscard]] absl::StatusOr<std::vector<float>> LoadInput(const ImageReader& reader, const LabelledImage& image,
                                                           InputSize size);

/// Gives the network input of image `index`; called from several threads.
using LoadIndexed = std::function<absl::StatusOr<std::vector<float>>(std::size_t index)>;

/// Runs the frozen backbone over `count` images with a progress line. `take` gets the features of image `index`; it
/// is called from several threads. Cancelled when a stop is requested.
[[nodiscard]] absl::Status RunFeatures(const InferenceNetwork& network, std::size_t count, const std::string& label,
                                       const RunContext& context, const LoadIndexed& load,
                                       const std::function<void(std::size_t index, const FeatureBatch&)>& take);

/// The logits of every image, in order.
[[nodiscard]] absl::StatusOr<std::vector<PatternLogits>> RunLogits(const InferenceNetwork& network,
                                                                   const std::vector<LabelledImage>& images,
                                                                   const std::string& label, const RunContext& context);

}  // namespace cxr
