// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/wire_text.h"

#include <cstddef>
#include <cstdint>

#include "absl/strings/ascii.h"

namespace cxr {
namespace {

struct Utf8Form {
  std::size_t length;      ///< bytes of the sequence
  std::uint32_t smallest;  ///< code point below which the sequence is overlong
  std::uint32_t lead_bits;
};

Utf8Form FormOf(unsigned char lead) {
  if (lead < 0x80U) return {1, 0, lead};
  if ((lead & 0xE0U) == 0xC0U) return {2, 0x80U, lead & 0x1FU};
  if ((lead & 0xF0U) == 0xE0U) return {3, 0x800U, lead & 0x0FU};
  if ((lead & 0xF8U) == 0xF0U) return {4, 0x10000U, lead & 0x07U};
  return {0, 0, 0};
}

/// The bytes of the character at the front of `text`, or 0 when it is not well-formed UTF-8 (RFC 3629, section 4).
std::size_t CharacterLength(absl::string_view text) {
  const Utf8Form form = FormOf(static_cast<unsigned char>(text.front()));
  if (form.length == 0 || form.length > text.size()) return 0;
  std::uint32_t code_point = form.lead_bits;
  for (std::size_t i = 1; i < form.length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0U) != 0x80U) return 0;
    code_point = (code_point << 6U) | (byte & 0x3FU);
  }
  const bool surrogate = code_point >= 0xD800U && code_point <= 0xDFFFU;
  return code_point < form.smallest || surrogate || code_point > 0x10FFFFU ? 0 : form.length;
}

bool IsCleanUtf8(absl::string_view text) {
  while (!text.empty()) {
    const std::size_t length = CharacterLength(text);
    if (length == 0 || absl::ascii_iscntrl(static_cast<unsigned char>(text.front()))) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace

std::string WireText(absl::string_view text) {
  std::string safe(text);
  if (IsCleanUtf8(text)) return safe;
  for (char& c : safe) {
    if (!absl::ascii_isprint(static_cast<unsigned char>(c))) c = '?';
  }
  return safe;
}

}  // namespace cxr
