// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>

#include "absl/status/status.h"
#include "service/config/service_config.h"

namespace cxr {

/// What loading and warming a model may take. A good one needs a second and a few hundred MiB.
struct TrialLimits {
  std::chrono::seconds processor_time{60};
  std::chrono::seconds wall_time{120};
  std::int64_t address_space = std::int64_t{4} << 30U;  ///< bytes; not applied where the device is a GPU
};

/// What `cxr-service --check-model` does, in this process: gives it the limits, takes the right to write files from it,
/// loads config.model_dir and analyses one drawn image with it. The error says what is wrong with the model.
[[nodiscard]] absl::Status CheckModel(const ServiceConfig& config, const TrialLimits& limits = {});

/// Runs `executable --check-model` on config.model_dir in a process of its own, so that a model that loops or takes all
/// memory ends that process and not the service. Failure: kInvalidArgument with what the child said, or which limit it
/// went beyond; kCancelled when `stop` came first.
[[nodiscard]] absl::Status TryModel(const std::string& executable, const ServiceConfig& config,
                                    const std::stop_token& stop, const TrialLimits& limits = {});

}  // namespace cxr
