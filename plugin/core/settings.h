// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace cxr::plugin {

/// The section "CxrTriage" of Orthanc's configuration, validated. integration/orthanc/cxr-triage.json explains each
/// key.
struct Settings {
  bool enabled = false;
  std::vector<std::string> services = {"127.0.0.1:50051"};  ///< HOST:PORT
  absl::Duration timeout = absl::Seconds(60);               ///< of one analysis
  int concurrency = 2;                                      ///< analyses in flight
  int max_attempts = 5;
  int max_service_losses = 3;  ///< connections lost with a radiograph in flight, after which it has failed
  absl::Duration max_backoff = absl::Seconds(30);
  absl::Duration poll_interval = absl::Seconds(5);
  std::int64_t max_message_bytes = std::int64_t{64} << 20;
  bool tls = false;
  bool allow_plaintext = false;    ///< to a service on another machine
  std::string ca_certificate;      ///< path of a PEM file; empty: the system's authorities
  std::string client_certificate;  ///< path of a PEM file; empty: none
  std::string client_key;          ///< path of a PEM file; empty: none
  int outcome_metadata = 4200;     ///< on the instance
  int summary_metadata = 4201;     ///< on the study
  int position_property = 4200;    ///< global property
  int worklist_property = 4201;    ///< global property
  int start_property = 4202;       ///< global property
  int worklist_size = 1000;        ///< studies

  /// What deserves a line in the log: unknown keys, plaintext to another machine.
  std::vector<std::string> warnings;
};

/// Reads the whole configuration of Orthanc. Without the section the plugin is not enabled; with it, it is, unless
/// "Enable" is false. INVALID_ARGUMENT names the key that is wrong and what was expected.
[[nodiscard]] absl::StatusOr<Settings> ParseSettings(const std::string& orthanc_configuration);

}  // namespace cxr::plugin
