// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

namespace cxr {

/// TLS as a client speaks it; every text is PEM.
struct ClientTls {
  std::string authorities;        ///< certificates to trust; empty: those of the system
  std::string certificate_chain;  ///< what the client shows, its own certificate first; empty: nothing
  std::string private_key;        ///< the key of that certificate, not encrypted
};

/// Reads TLS settings from PEM files; an empty name: not used. Certificate and key belong together. The error is one
/// sentence that names the file and what is wrong with it: missing, a folder, not PEM, expired, a key of another.
[[nodiscard]] absl::StatusOr<ClientTls> ReadClientTls(const std::string& authorities_file,
                                                      const std::string& certificate_file, const std::string& key_file);

/// Where a service is, and how to speak to it.
struct Endpoint {
  std::string address;            ///< HOST:PORT or [IPV6]:PORT
  absl::optional<ClientTls> tls;  ///< nothing: plaintext
  bool allow_plaintext = false;   ///< plaintext to another machine is wanted
};

/// Checks the form of the address, and that patient data does not leave this machine in plaintext unless that is
/// allowed. Failure: kInvalidArgument.
[[nodiscard]] absl::Status Validate(const Endpoint& endpoint);

/// How the channel to an endpoint behaves.
struct ChannelOptions {
  int max_send_bytes = -1;            ///< -1: no limit of ours; the server's decides, and its refusal says so
  int max_receive_bytes = 256 << 20;  ///< a capture has 3 MiB by default; a bound, because the server may be anything
  bool use_every_address = false;     ///< of a name with several addresses: all in turn, not the first that answers
  bool use_http_proxy = false;        ///< the proxy that the environment names; never for this machine
  absl::Duration connect_timeout = absl::Seconds(20);        ///< of one attempt to connect, TLS included
  absl::Duration max_reconnect_delay = absl::Seconds(2);     ///< between attempts to connect
  absl::Duration keepalive_time = absl::InfiniteDuration();  ///< between pings of a connection in use
};

}  // namespace cxr
