// SPDX-License-Identifier: Apache-2.0
#include "service/config/service_config.h"

#include <sched.h>

#include <algorithm>
#include <thread>

#include "absl/strings/str_cat.h"

namespace cxr {
namespace {

/// hardware_concurrency counts the machine's cores; a container or taskset may leave fewer to this process.
int UsableCores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof(set), &set) == 0) return std::max(1, CPU_COUNT(&set));
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

absl::string_view UnlikeSetting(UnlikePolicy unlike) {
  switch (unlike) {
    case UnlikePolicy::kEnforce:
      return "";
    case UnlikePolicy::kWarn:
      return ";unlike=warn";
    case UnlikePolicy::kOff:
      return ";unlike=off";
  }
  return "";
}

}  // namespace

int ServiceConfig::EffectiveRequestMemoryMib() const {
  return request_memory_mib > 0 ? request_memory_mib : kMessagesHeld * max_message_mib;
}

int ServiceConfig::EffectiveWorkers() const {
  return workers > 0 ? workers : UsableCores();
}

std::string ServiceConfig::ResultSettings() const {
  // What came later is named only where it is not the default, so that reports from before can be compared.
  return absl::StrCat("population=", population == PopulationPolicy::kEnforce ? "enforce" : "warn",
                      ";overlay-long-side=", overlay_long_side,
                      ";sr-class=", sr_class == ReportClass::kComprehensive ? "comprehensive" : "comprehensive3d",
                      UnlikeSetting(unlike),
                      capture_layout == CaptureLayout::kOverlay ? "" : ";capture-layout=side-by-side",
                      map_of_normal ? ";map-of-normal" : "");
}

absl::Status Validate(const ServiceConfig& config) {
  if (config.model_dir.empty()) return absl::InvalidArgumentError("--model DIR is required: the folder of a model");
  if (config.EffectiveRequestMemoryMib() < config.max_message_mib) {
    return absl::InvalidArgumentError(absl::StrCat("--request-memory-mib ", config.request_memory_mib,
                                                   " is less than one request: --max-message-mib is ",
                                                   config.max_message_mib));
  }
  if (config.tls.certificate_file.empty() != config.tls.key_file.empty()) {
    return absl::InvalidArgumentError("--tls-cert and --tls-key belong together: give both or none");
  }
  if (!config.tls.client_ca_file.empty() && !config.tls.enabled()) {
    return absl::InvalidArgumentError("--tls-client-ca needs --tls-cert and --tls-key");
  }
  if (!config.tls.enabled() && !config.insecure && !IsLoopback(config.listen)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--listen ", ToString(config.listen),
                     " would send patient data in plaintext over the network: give --tls-cert "
                     "and --tls-key, or --insecure to allow it"));
  }
  if (config.metrics.has_value() && !config.insecure && !IsLoopback(*config.metrics)) {
    return absl::InvalidArgumentError(absl::StrCat("--metrics ", ToString(*config.metrics),
                                                   " would be plaintext over the network: use a loopback address, or "
                                                   "--insecure to allow it"));
  }
  return absl::OkStatus();
}

}  // namespace cxr
