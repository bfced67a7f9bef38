// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "service/imaging/preprocess.h"
#include "service/model/engine/inference_network.h"
#include "trainer/data/dataset.h"
#include "trainer/data/run_context.h"
#include "trainer/judge/calibration.h"

namespace cxr {

/// Reads a sample and preprocesses it as serving does.
[[nodiscard]] absl::StatusOr<std::vector<float>> LoadInput(const PictureReader& pictures, const Sample& sample,
                                                           InputSize size);

/// Gives the network input of picture `index`; called from several threads.
using LoadIndexed = std::function<absl::StatusOr<std::vector<float>>(std::size_t index)>;

/// Runs the frozen backbone over `count` pictures with a progress line. `take` gets the features of picture `index`; it
/// is called from several threads. Cancelled when a stop is requested.
[[nodiscard]] absl::Status RunFeatures(const InferenceNetwork& network, std::size_t count, const std::string& label,
                                       const RunContext& context, const LoadIndexed& load,
                                       const std::function<void(std::size_t index, const FeatureBatch&)>& take);

/// The logits of every sample, in order.
[[nodiscard]] absl::StatusOr<std::vector<PatternLogits>> RunLogits(const InferenceNetwork& network,
                                                                   const std::vector<Sample>& samples,
                                                                   const std::string& label, const RunContext& context);

}  // namespace cxr
