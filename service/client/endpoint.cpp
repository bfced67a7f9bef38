// SPDX-License-Identifier: Apache-2.0
#include "service/client/endpoint.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "service/base/host_port.h"
#include "service/base/pem.h"

namespace cxr {

absl::StatusOr<ClientTls> ReadClientTls(const std::string& authorities_file, const std::string& certificate_file,
                                        const std::string& key_file) {
  ClientTls tls;
  if (!authorities_file.empty()) {
    absl::StatusOr<std::string> authorities = ReadPemAuthorities(authorities_file, absl::Now());
    if (!authorities.ok()) return authorities.status();
    tls.authorities = *std::move(authorities);
  }
  if (certificate_file.empty() != key_file.empty()) {
    return absl::InvalidArgumentError("A client certificate and its key belong together: give both or none.");
  }
  if (!certificate_file.empty()) {
    absl::StatusOr<PemKeyPair> pair = ReadPemKeyPair(certificate_file, key_file, absl::Now());
    if (!pair.ok()) return pair.status();
    tls.certificate_chain = std::move(pair->certificate_chain);
    tls.private_key = std::move(pair->private_key);
  }
  return tls;
}

absl::Status Validate(const Endpoint& endpoint) {
  const absl::StatusOr<HostPort> address = ParseHostPort(endpoint.address);
  if (!address.ok() || address->port == 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "The server is '", endpoint.address, "'; HOST:PORT or [IPV6]:PORT is expected, for example 127.0.0.1:50051."));
  }
  if (!endpoint.tls.has_value() && !endpoint.allow_plaintext && !IsLoopback(*address)) {
    return absl::InvalidArgumentError(absl::StrCat(
        endpoint.address, " is another machine: patient data would travel in plaintext, which was not allowed."));
  }
  return absl::OkStatus();
}

}  // namespace cxr
