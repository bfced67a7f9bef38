// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace cxr {

/// A certificate chain, the owner's certificate first, and its private key, both in PEM.
struct PemKeyPair {
  std::string certificate_chain;
  std::string private_key;
};

/// Reads a file of certificates to trust. At least one of them is valid at `now`. The error is one sentence that names
/// the file and what is wrong: missing, a folder, not PEM, damaged, expired, not yet valid.
[[nodiscard]] absl::StatusOr<std::string> ReadPemAuthorities(const std::string& path, absl::Time now);

/// Reads a certificate chain and its key. The owner's certificate is valid at `now`, and the key, which is not
/// encrypted, belongs to it. Errors as above.
[[nodiscard]] absl::StatusOr<PemKeyPair> ReadPemKeyPair(const std::string& certificate_path,
                                                        const std::string& key_path, absl::Time now);

}  // namespace cxr
