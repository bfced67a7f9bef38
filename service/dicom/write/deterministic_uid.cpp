// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/write/deterministic_uid.h"

#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <sstream>
#include <stdexcept>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"

namespace cxr {
namespace {

// Drawn once, at random, for this project (a version 4 UUID). Changing it changes every result UID.
constexpr absl::string_view kNamespace("\x7b\x6a\x1f\x0c\x9e\x5d\x4c\x2f\xa3\x81\x8d\x2c\x4e\x60\xb5\x97", 16);

using Digest = std::array<unsigned char, EVP_MAX_MD_SIZE>;

/// SHA-1 is what RFC 4122 asks for. It names things here; nothing is protected by it.
Digest Sha1(const std::string& bytes) {
  Digest digest{};
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha1(), nullptr) != 1)
    throw std::runtime_error("OpenSSL has no SHA-1");
  return digest;
}

std::uint64_t BigEndian(const unsigned char* bytes) {
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i) value = value << 8 | bytes[i];
  return value;
}

}  // namespace

std::string DeterministicUid(const std::vector<absl::string_view>& parts) {
  std::string name(kNamespace);
  // Lengths keep ("ab", "c") apart from ("a", "bc").
  for (absl::string_view part : parts) absl::StrAppend(&name, part.size(), ":", part);
  Digest uuid = Sha1(name);
  uuid[6] = static_cast<unsigned char>((uuid[6] & 0x0f) | 0x50);  // version 5
  uuid[8] = static_cast<unsigned char>((uuid[8] & 0x3f) | 0x80);  // variant of RFC 4122
  std::ostringstream uid;
  uid << "2.25." << absl::MakeUint128(BigEndian(uuid.data()), BigEndian(uuid.data() + 8));
  return uid.str();
}

}  // namespace cxr
