// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace cxr::test {

/// A certificate and its private key, in PEM.
struct Identity {
  std::string certificate;
  std::string key;
};

/// A self-signed certificate for localhost and 127.0.0.1 with a new key, valid for an hour before and after `middle`.
[[nodiscard]] Identity MakeIdentity(absl::Time middle = absl::Now());

}  // namespace cxr::test
