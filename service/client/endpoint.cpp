// SPDX-License-Identifier: Apache-2.0
#include "service/client/endpoint.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace cxr {
namespace {

absl::string_view HostOf(absl::string_view address) {
  absl::string_view host = address.substr(0, address.rfind(':'));
  if (absl::ConsumePrefix(&host, "[")) absl::ConsumeSuffix(&host, "]");
  return host;
}

/// A name that begins with "127." is no address, and may lead anywhere.
bool IsLoopbackIpv4(absl::string_view host) {
  return absl::StartsWith(host, "127.") && std::count(host.begin(), host.end(), '.') == 3 &&
         std::all_of(host.begin(), host.end(), [](char c) { return absl::ascii_isdigit(c) || c == '.'; });
}

}  // namespace

bool IsLoopback(absl::string_view address) {
  const absl::string_view host = HostOf(address);
  return IsLoopbackIpv4(host) || host == "::1" || absl::EqualsIgnoreCase(host, "localhost");
}

absl::Status Validate(const Endpoint& endpoint) {
  const absl::string_view address = endpoint.address;
  const std::size_t colon = address.rfind(':');
  std::uint32_t port = 0;
  const bool has_port = colon != absl::string_view::npos && colon > 0 &&
                        absl::SimpleAtoi(address.substr(colon + 1), &port) && port >= 1 && port <= 65535;
  const bool has_scheme = absl::StrContains(address, "/");
  const bool bare_ipv6 = !absl::StartsWith(address, "[") && std::count(address.begin(), address.end(), ':') > 1;
  if (!has_port || has_scheme || bare_ipv6) {
    return absl::InvalidArgumentError(absl::StrCat(
        "The server is '", address, "'; HOST:PORT or [IPV6]:PORT is expected, for example 127.0.0.1:50051."));
  }
  if (endpoint.tls_ca_file.empty() && !endpoint.insecure && !IsLoopback(address)) {
    return absl::InvalidArgumentError(absl::StrCat(
        address, " is another machine: give --tls-ca FILE to encrypt, or --insecure to send the images in plaintext."));
  }
  return absl::OkStatus();
}

}  // namespace cxr
