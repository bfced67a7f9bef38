// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "service/imaging/preprocess.h"
#include "service/model/engine/inference_network.h"
#include "trainer/calibration.h"
#include "trainer/dataset.h"
#include "trainer/stop_signal.h"

namespace cxr {

/// Reads a sample and preprocesses it as serving does.
[[nodiscard]] absl::StatusOr<std::vector<float>> LoadInput(const Sample& sample, InputSize size);

/// Runs the frozen backbone over `samples` on `threads` threads with a progress line. `load` gives a sample's input,
/// `take` gets its features; both are called from several threads. Cancelled when `stop` is requested.
[[nodiscard]] absl::Status RunFeatures(const InferenceNetwork& network, std::size_t count, int threads,
                                       const std::string& label, const StopSignal& stop,
                                       const std::function<absl::StatusOr<std::vector<float>>(std::size_t)>& load,
                                       const std::function<void(std::size_t, const FeatureBatch&)>& take);

/// The logits of every sample, in order.
[[nodiscard]] absl::StatusOr<std::vector<PatternLogits>> RunLogits(const InferenceNetwork& network,
                                                                   const std::vector<Sample>& samples, int threads,
                                                                   const std::string& label, const StopSignal& stop);

}  // namespace cxr
