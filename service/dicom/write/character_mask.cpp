// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/write/character_mask.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/match.h"

namespace cxr {
namespace {

constexpr char kEscape = '\x1b';

unsigned ByteAt(absl::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
}

bool IsAscii(unsigned byte) {
  return byte < 0x80;
}

/// How many bytes the character that begins `text`, which is not ASCII, takes in GB18030 and GBK.
std::size_t ChineseLength(absl::string_view text) {
  const unsigned second = ByteAt(text, 1);
  return second >= 0x30 && second <= 0x39 ? 4 : 2;
}

/// How many bytes a UTF-8 character takes.
std::size_t Utf8Length(absl::string_view text) {
  std::size_t length = 1;
  while ((ByteAt(text, length) & 0xc0U) == 0x80U) ++length;
  return length;
}

/// ISO 2022 as DICOM uses it: a set of two bytes per character is either in G0, and then every byte belongs to it, or
/// in G1, above 0x80.
class Iso2022 {
 public:
  /// The bytes of the escape sequence that begins `text`; what it designates holds from then on.
  std::size_t Escape(absl::string_view text) {
    std::size_t length = 1;
    while (ByteAt(text, length) >= 0x20 && ByteAt(text, length) <= 0x2f) ++length;  // intermediate bytes
    const absl::string_view intermediate = text.substr(1, length - 1);
    const bool two_bytes = absl::StartsWith(intermediate, "$");
    const bool of_g1 = absl::StrContains(intermediate, ")") || absl::StrContains(intermediate, "-");
    (of_g1 ? pairs_in_g1_ : pairs_in_g0_) = two_bytes;
    return std::min(length + 1, text.size());
  }

  [[nodiscard]] std::size_t Length(absl::string_view text) const {
    return (IsAscii(ByteAt(text, 0)) ? pairs_in_g0_ : pairs_in_g1_) ? 2 : 1;
  }

 private:
  bool pairs_in_g0_ = false;
  bool pairs_in_g1_ = false;
};

}  // namespace

std::string MaskCharacters(absl::string_view text, absl::string_view character_set) {
  const bool utf8 = character_set == "ISO_IR 192";
  const bool chinese = absl::StartsWith(character_set, "GB");
  const bool extended = absl::StrContains(character_set, "2022");
  Iso2022 extensions;
  std::string masked;
  while (!text.empty()) {
    const bool ascii = IsAscii(ByteAt(text, 0));
    std::size_t length = 1;
    if (extended && text.front() == kEscape) {
      text.remove_prefix(extensions.Escape(text));
      continue;
    }
    if (extended) length = extensions.Length(text);
    if (utf8 && !ascii) length = Utf8Length(text);
    if (chinese && !ascii) length = ChineseLength(text);
    masked.push_back(ascii && length == 1 ? text.front() : 'x');
    text.remove_prefix(std::min(length, text.size()));
  }
  return masked;
}

}  // namespace cxr
