// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/credentials.h"

#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "service/base/pem.h"

namespace cxr {

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MakeServerCredentials(const TlsConfig& tls) {
  if (!tls.enabled()) return grpc::InsecureServerCredentials();
  absl::StatusOr<PemKeyPair> identity = ReadPemKeyPair(tls.certificate_file, tls.key_file, absl::Now());
  if (!identity.ok()) return identity.status();
  grpc::SslServerCredentialsOptions options;
  options.pem_key_cert_pairs.push_back({std::move(identity->private_key), std::move(identity->certificate_chain)});
  if (!tls.client_ca_file.empty()) {
    absl::StatusOr<std::string> authorities = ReadPemAuthorities(tls.client_ca_file, absl::Now());
    if (!authorities.ok()) return authorities.status();
    options.pem_root_certs = *std::move(authorities);
    options.client_certificate_request = GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY;
  }
  return grpc::SslServerCredentials(options);
}

}  // namespace cxr
