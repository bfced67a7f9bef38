// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace cxr {

/// A UID that depends on `parts` and their order alone: "2.25." and the decimal form of a version 5 UUID (RFC
/// 4122, 4.3; PS3.5, B.2) in a name space of this project. Parts may hold any bytes.
[[nodiscard]] std::string DeterministicUid(const std::vector<absl::string_view>& parts);

/// 16 bytes that tell contents apart, for use as a part of a UID. Tells them apart by chance, not against an attacker,
/// as version 5 UUIDs do. Throws when OpenSSL cannot work it out.
[[nodiscard]] std::string ContentDigest(absl::string_view bytes);

}  // namespace cxr
