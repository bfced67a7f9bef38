// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cxr {

/// An address to listen on or to connect to.
struct HostPort {
  std::string host;  ///< a name, an IPv4 address, or an IPv6 address without brackets, with its zone if any
  std::uint16_t port = 0;
};

/// Reads "HOST:PORT" or "[IPV6]:PORT"; port 0 means any free one. kInvalidArgument quotes the text.
[[nodiscard]] absl::StatusOr<HostPort> ParseHostPort(absl::string_view text);

/// "HOST:PORT", with brackets around an IPv6 address.
[[nodiscard]] std::string ToString(const HostPort& address);

/// Whether the address is this machine's alone, so that nothing sent to it crosses a network: 127.0.0.0/8, ::1 or
/// localhost. A name that only looks like one (127.example.org) may lead anywhere and is not.
[[nodiscard]] bool IsLoopback(const HostPort& address);

}  // namespace cxr
