// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "absl/status/status.h"
#include "absl/types/optional.h"
#include "service/base/host_port.h"
#include "service/core/applicability.h"
#include "service/core/overlay_renderer.h"
#include "service/core/result_forms.h"

namespace cxr {

/// Files in PEM. Empty names: not used.
struct TlsConfig {
  std::string certificate_file;  ///< the server's chain
  std::string key_file;          ///< its private key
  std::string client_ca_file;    ///< when given, clients must show a certificate signed by one of these

  [[nodiscard]] bool enabled() const { return !certificate_file.empty(); }
};

/// Everything cxr-service can be told, once, validated.
struct ServiceConfig {
  std::string model_dir;  ///< folder with model.pt and manifest.json
  HostPort listen{"127.0.0.1", 50051};
  bool insecure = false;  ///< allows plaintext on an address that other machines can reach
  TlsConfig tls;
  PopulationPolicy population = PopulationPolicy::kEnforce;
  UnlikePolicy unlike = UnlikePolicy::kEnforce;
  int workers = 0;  ///< threads that analyse; 0: one per core
  int queue_capacity = 32;
  std::string device = "cpu";    ///< "cpu", "cuda" or "cuda:N"
  int overlay_long_side = 1024;  ///< pixels, at most
  CaptureLayout capture_layout = CaptureLayout::kOverlay;
  bool map_of_normal = false;  ///< shows the map of normal radiographs too
  ReportClass sr_class = ReportClass::kComprehensive;
  bool presentation_state = false;  ///< writes a greyscale softcopy presentation state too
  bool parametric_map = false;      ///< writes the activation map as a parametric map too
  std::string log_level = "info";   ///< trace, debug, info, warning, error, critical or off
  int max_message_mib = 64;         ///< largest DICOM instance accepted, MiB
  int request_memory_mib = 0;       ///< held for requests at once, MiB; 0: kMessagesHeld of the largest
  std::chrono::milliseconds receive_timeout{60000};  ///< that one request may take to arrive
  absl::optional<HostPort> metrics;                  ///< where Prometheus may scrape; nothing: nowhere
  std::chrono::milliseconds drain_timeout{30000};

  static constexpr int kMessagesHeld = 8;
  /// request_memory_mib, with 0 resolved to kMessagesHeld times max_message_mib.
  [[nodiscard]] int EffectiveRequestMemoryMib() const;

  /// workers, with 0 resolved to the number of cores this process may use.
  [[nodiscard]] int EffectiveWorkers() const;

  /// Every setting that changes what is produced, as one readable line; result UIDs depend on it. Stable across
  /// releases: other settings must not be added to it without need.
  [[nodiscard]] std::string ResultSettings() const;
};

/// Checks what single values cannot tell: plaintext beyond loopback, half a TLS pair. The message names the flags.
[[nodiscard]] absl::Status Validate(const ServiceConfig& config);

}  // namespace cxr
