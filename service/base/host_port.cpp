// SPDX-License-Identifier: Apache-2.0
#include "service/base/host_port.h"

#include <arpa/inet.h>

#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace cxr {
namespace {

absl::Status Malformed(absl::string_view text) {
  return absl::InvalidArgumentError(
      absl::StrCat("'", text, "' is not an address: expected HOST:PORT or [IPV6]:PORT with a port of 0 to 65535"));
}

bool IsHostCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-' || c == '_';
}

bool IsName(absl::string_view host) {
  for (const char c : host) {
    if (!IsHostCharacter(c)) return false;
  }
  return !host.empty();
}

/// An address of a link (fe80::1%eth0) names its network interface as its zone.
bool IsIpv6(absl::string_view host) {
  const std::size_t percent = host.find('%');
  if (percent != absl::string_view::npos && !IsName(host.substr(percent + 1))) return false;
  in6_addr address{};
  return inet_pton(AF_INET6, std::string(host.substr(0, percent)).c_str(), &address) == 1;
}

}  // namespace

absl::StatusOr<HostPort> ParseHostPort(absl::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == absl::string_view::npos) return Malformed(text);
  const absl::string_view port_text = text.substr(colon + 1);
  absl::string_view host = text.substr(0, colon);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);

  HostPort address;
  address.host = std::string(host);
  int port = -1;
  const bool digits = !port_text.empty() && port_text.find_first_not_of("0123456789") == absl::string_view::npos;
  if (!digits || !absl::SimpleAtoi(port_text, &port) || port > std::numeric_limits<std::uint16_t>::max()) {
    return Malformed(text);
  }
  if (bracketed ? !IsIpv6(host) : !IsName(host)) return Malformed(text);
  address.port = static_cast<std::uint16_t>(port);
  return address;
}

std::string ToString(const HostPort& address) {
  const bool ipv6 = address.host.find(':') != std::string::npos;
  return ipv6 ? absl::StrCat("[", address.host, "]:", address.port) : absl::StrCat(address.host, ":", address.port);
}

bool IsLoopback(const HostPort& address) {
  if (absl::EqualsIgnoreCase(address.host, "localhost")) return true;
  in_addr ipv4{};
  if (inet_pton(AF_INET, address.host.c_str(), &ipv4) == 1) return (ntohl(ipv4.s_addr) >> 24U) == 127U;
  in6_addr ipv6{};
  return inet_pton(AF_INET6, address.host.c_str(), &ipv6) == 1 && IN6_IS_ADDR_LOOPBACK(&ipv6);
}

}  // namespace cxr
