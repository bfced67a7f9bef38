// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/read/pixel_data.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "service/base/failure.h"

namespace cxr {
namespace {

constexpr std::uint32_t kItem = 0xe000fffe;                  // (FFFE,E000), little endian
constexpr std::uint32_t kSequenceDelimitation = 0xe0ddfffe;  // (FFFE,E0DD)

std::uint32_t Little32(absl::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

// A missing delimiter is taken for truncation: an image with half its fragments must not pass for a whole one.
absl::StatusOr<std::vector<absl::string_view>> ListFragments(absl::string_view value) {
  std::vector<absl::string_view> items;
  std::size_t at = 0;
  while (value.size() - at >= 8) {
    const std::uint32_t tag = Little32(value, at);
    const std::uint32_t length = Little32(value, at + 4);
    at += 8;
    if (tag == kSequenceDelimitation) {
      if (!items.empty()) items.erase(items.begin());  // the basic offset table
      return items;
    }
    if (tag != kItem)
      return Failure(FailureReason::kTruncated, "Pixel Data is damaged: expected the item of a fragment.");
    if (length > value.size() - at) break;
    items.push_back(value.substr(at, length));
    at += length;
  }
  return Failure(FailureReason::kTruncated, "Compressed Pixel Data (7FE0,0010) ends in the middle of a fragment.");
}

absl::Status Empty() {
  return Failure(FailureReason::kNoPixelData, "Pixel Data (7FE0,0010) is empty; expected an image.");
}

}  // namespace

absl::StatusOr<PixelData> LocatePixelData(const PixelElement& element, const PixelLayout& layout) {
  PixelData data;
  data.encapsulated = element.undefined_length;
  if (data.encapsulated) {
    absl::StatusOr<std::vector<absl::string_view>> fragments = ListFragments(element.value);
    if (!fragments.ok()) return fragments.status();
    if (fragments->empty()) return Empty();
    data.fragments = *std::move(fragments);
    return data;
  }
  if (element.length == 0) return Empty();
  const std::int64_t expected = layout.bytes();
  const std::int64_t held = std::min<std::int64_t>(element.length, static_cast<std::int64_t>(element.value.size()));
  if (held < expected) {
    return Failure(FailureReason::kTruncated,
                   absl::StrCat("Pixel Data (7FE0,0010) holds ", held, " bytes; expected ", expected, "."));
  }
  data.native = element.value.substr(0, static_cast<std::size_t>(held));
  return data;
}

}  // namespace cxr
