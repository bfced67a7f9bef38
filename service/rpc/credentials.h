// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/security/server_credentials.h>

#include <memory>

#include "absl/status/statusor.h"
#include "service/config/service_config.h"

namespace cxr {

/// What the server shows to its clients and asks of them: TLS when configured, with client certificates required when a
/// client authority is named; plaintext otherwise (whether that is allowed, Validate(ServiceConfig) has decided). Fails
/// when a file cannot be used; the message names it and says what is wrong: missing, a folder, not PEM, expired, a key
/// that belongs to another certificate.
[[nodiscard]] absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MakeServerCredentials(const TlsConfig& tls);

}  // namespace cxr
