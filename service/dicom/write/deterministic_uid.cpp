// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/write/deterministic_uid.h"

#include <gdcmSHA1.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace cxr {
namespace {

constexpr std::size_t kUuidBytes = 16;

// Drawn once, at random, for this project (a version 4 UUID). Changing it changes every result UID.
constexpr absl::string_view kNamespaceHex = "7b6a1f0c9e5d4c2fa3818d2c4e60b597";

std::string Sha1(const std::string& bytes) {
  std::array<char, 41> hex{};
  if (!gdcm::SHA1::Compute(bytes.data(), bytes.size(), hex.data()))
    throw std::runtime_error("GDCM was built without SHA-1");
  return absl::HexStringToBytes(absl::string_view(hex.data(), 40));
}

/// The digits of a big endian number of 16 bytes.
std::string Decimal(std::array<std::uint8_t, kUuidBytes> number) {
  std::string digits;
  while (std::any_of(number.begin(), number.end(), [](std::uint8_t byte) { return byte != 0; })) {
    unsigned remainder = 0;
    for (std::uint8_t& byte : number) {
      const unsigned value = remainder * 256 + byte;
      byte = static_cast<std::uint8_t>(value / 10);
      remainder = value % 10;
    }
    digits.push_back(static_cast<char>('0' + remainder));
  }
  std::reverse(digits.begin(), digits.end());
  return digits;
}

}  // namespace

std::string DeterministicUid(const std::vector<absl::string_view>& parts) {
  std::string name = absl::HexStringToBytes(kNamespaceHex);
  // Lengths keep ("ab", "c") apart from ("a", "bc").
  for (absl::string_view part : parts) absl::StrAppend(&name, part.size(), ":", part);
  const std::string digest = Sha1(name);
  std::array<std::uint8_t, kUuidBytes> uuid{};
  std::transform(digest.begin(), digest.begin() + kUuidBytes, uuid.begin(),
                 [](char c) { return static_cast<std::uint8_t>(c); });
  uuid[6] = static_cast<std::uint8_t>((uuid[6] & 0x0f) | 0x50);  // version 5
  uuid[8] = static_cast<std::uint8_t>((uuid[8] & 0x3f) | 0x80);  // variant of RFC 4122
  return absl::StrCat("2.25.", Decimal(uuid));
}

}  // namespace cxr
