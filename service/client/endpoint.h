// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace cxr {

/// Where the service is, and how to speak to it.
struct Endpoint {
  std::string address;      ///< HOST:PORT or [IPV6]:PORT
  std::string tls_ca_file;  ///< PEM with the authorities to trust; empty: plaintext
  bool insecure = false;    ///< plaintext to another machine is wanted
};

/// Whether only this machine can be meant: 127.0.0.0/8, ::1 or localhost.
[[nodiscard]] bool IsLoopback(absl::string_view address);

/// Checks the form of the address, and that patient data does not leave this machine in plaintext unless asked for.
/// Failure: InvalidArgument.
[[nodiscard]] absl::Status Validate(const Endpoint& endpoint);

}  // namespace cxr
