// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/credentials.h"

#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace cxr {
namespace {

/// The bytes of a file; empty when it cannot be read, be it missing, forbidden or a folder.
std::string ReadBytes(const std::string& file) {
  try {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  } catch (const std::ios_base::failure&) {
    return {};  // libstdc++ throws this for a folder, whatever the stream's exception mask
  }
}

absl::StatusOr<std::string> ReadPem(const std::string& file) {
  std::string text = ReadBytes(file);
  if (text.empty()) return absl::NotFoundError(absl::StrCat("cannot read ", file, ": missing, not allowed, or empty"));
  if (text.find("-----BEGIN ") == std::string::npos) {
    return absl::InvalidArgumentError(
        absl::StrCat(file, " holds no PEM block: expected a line that begins with -----BEGIN"));
  }
  return text;
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MakeServerCredentials(const TlsConfig& tls) {
  if (!tls.enabled()) return grpc::InsecureServerCredentials();
  absl::StatusOr<std::string> certificate = ReadPem(tls.certificate_file);
  if (!certificate.ok()) return certificate.status();
  absl::StatusOr<std::string> key = ReadPem(tls.key_file);
  if (!key.ok()) return key.status();
  grpc::SslServerCredentialsOptions options;
  options.pem_key_cert_pairs.push_back({*std::move(key), *std::move(certificate)});
  if (!tls.client_ca_file.empty()) {
    absl::StatusOr<std::string> authority = ReadPem(tls.client_ca_file);
    if (!authority.ok()) return authority.status();
    options.pem_root_certs = *std::move(authority);
    options.client_certificate_request = GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY;
  }
  return grpc::SslServerCredentials(options);
}

}  // namespace cxr
