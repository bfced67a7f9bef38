// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cxr {

/// An address to listen on.
struct HostPort {
  std::string host;  ///< a name, an IPv4 address, or an IPv6 address without brackets
  std::uint16_t port = 0;
};

/// Reads "HOST:PORT" or "[IPV6]:PORT"; port 0 means any free one.
[[nodiscard]] absl::StatusOr<HostPort> ParseHostPort(absl::string_view text);

/// "HOST:PORT", with brackets around an IPv6 address.
[[nodiscard]] std::string ToString(const HostPort& address);

/// Whether only this machine can reach the address: 127.0.0.0/8, ::1 or localhost.
[[nodiscard]] bool IsLoopback(const HostPort& address);

}  // namespace cxr
