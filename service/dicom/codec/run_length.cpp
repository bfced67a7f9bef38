// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/codec/run_length.h"

#include <algorithm>
#include <cstdint>

namespace cxr {
namespace {

constexpr std::size_t kHeaderBytes = 64;

std::uint32_t Little32(absl::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

/// Decodes one segment into every `stride`-th byte of `out`; false when it ends before `pixels` bytes.
bool DecodeSegment(absl::string_view segment, std::size_t pixels, std::size_t stride, char* out) {
  std::size_t at = 0;
  std::size_t made = 0;
  while (made < pixels && at < segment.size()) {
    const int control = static_cast<signed char>(segment[at++]);
    if (control == -128) continue;
    const bool literal = control >= 0;
    const auto run = static_cast<std::size_t>(literal ? control + 1 : 1 - control);
    if (segment.size() - at < (literal ? run : 1)) return false;
    const std::size_t count = std::min(run, pixels - made);
    for (std::size_t i = 0; i < count; ++i) out[(made + i) * stride] = segment[literal ? at + i : at];
    made += count;
    at += literal ? run : 1;
  }
  return made == pixels;
}

}  // namespace

absl::optional<std::string> DecodeRunLengths(absl::string_view frame, std::size_t pixels, std::size_t word_bytes) {
  if (frame.size() < kHeaderBytes || Little32(frame, 0) != word_bytes) return absl::nullopt;
  std::string words(pixels * word_bytes, '\0');
  for (std::size_t s = 0; s < word_bytes; ++s) {
    const std::size_t begin = Little32(frame, 4 + 4 * s);
    const std::size_t end = s + 1 < word_bytes ? Little32(frame, 8 + 4 * s) : frame.size();
    if (begin < kHeaderBytes || begin >= end || end > frame.size()) return absl::nullopt;
    // The first segment holds the most significant byte.
    if (!DecodeSegment(frame.substr(begin, end - begin), pixels, word_bytes, words.data() + word_bytes - 1 - s)) {
      return absl::nullopt;
    }
  }
  return words;
}

}  // namespace cxr
