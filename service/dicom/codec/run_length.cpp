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

/// What may stand behind the last pixel of a segment: a byte that makes its length even, and no-ops.
bool IsPadding(absl::string_view rest) {
  constexpr char kNoOperation = -128;
  while (!rest.empty() && rest.front() == kNoOperation) rest.remove_prefix(1);
  return rest.size() <= 1;
}

/// Decodes one segment into every `stride`-th byte of `out`; false when it does not hold `pixels` bytes, one more for
/// the sake of even length excepted.
bool DecodeSegment(absl::string_view segment, std::size_t pixels, std::size_t stride, char* out) {
  std::size_t at = 0;
  std::size_t made = 0;
  while (made < pixels && at < segment.size()) {
    const int control = static_cast<signed char>(segment[at++]);
    if (control == -128) continue;
    const bool literal = control >= 0;
    const auto run = static_cast<std::size_t>(literal ? control + 1 : 1 - control);
    if (segment.size() - at < (literal ? run : 1) || made + run > pixels + pixels % 2) return false;
    const std::size_t count = std::min(run, pixels - made);
    for (std::size_t i = 0; i < count; ++i) out[(made + i) * stride] = segment[literal ? at + i : at];
    made += count;
    at += literal ? run : 1;
  }
  return made == pixels && IsPadding(segment.substr(at));
}

}  // namespace

absl::optional<std::string> DecodeRunLengths(absl::string_view frame, std::size_t pixels, std::size_t word_bytes) {
  if (frame.size() < kHeaderBytes || Little32(frame, 0) != word_bytes) return absl::nullopt;
  constexpr std::size_t kLongestRun = 128;  // of two bytes, so small frames ask for little memory
  if (frame.size() * kLongestRun < pixels * word_bytes) return absl::nullopt;
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
