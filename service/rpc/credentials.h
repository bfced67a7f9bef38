// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/security/server_credentials.h>

#include <memory>

#include "absl/status/statusor.h"
#include "service/config/service_config.h"

namespace cxr {

/// What the server shows to its clients and asks of them: TLS when configured, with client certificates required when a
/// client authority is named; plaintext otherwise (whether that is allowed, Validate(ServiceConfig) has decided). Fails
/// when a file cannot be read; the message names it.
[[nodiscard]] absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MakeServerCredentials(const TlsConfig& tls);

}  // namespace cxr
