// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/read/pixel_data.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
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

/// What may stand behind the last fragment in place of the delimiter: nothing, or its beginning where the file was cut.
bool IsEnd(absl::string_view rest) {
  constexpr absl::string_view kDelimiter("\xfe\xff\xdd\xe0\0\0\0\0", 8);
  return rest.size() < kDelimiter.size() && rest == kDelimiter.substr(0, rest.size());
}

/// Without a delimiter the last fragment must be whole. Whether all fragments are there is seen when they are decoded.
absl::StatusOr<std::vector<absl::string_view>> ListFragments(absl::string_view value) {
  std::vector<absl::string_view> items;
  std::size_t at = 0;
  while (value.size() - at >= 8) {
    const std::uint32_t tag = Little32(value, at);
    const std::uint32_t length = Little32(value, at + 4);
    if (tag == kSequenceDelimitation) break;
    if (tag != kItem) {
      return Failure(FailureReason::kUndecodablePixelData,
                     absl::StrFormat("Compressed Pixel Data (7FE0,0010) is damaged: (%04X,%04X) stands at its byte %d; "
                                     "expected the item of a fragment (FFFE,E000) or the delimiter (FFFE,E0DD).",
                                     tag & 0xffff, tag >> 16, at));
    }
    at += 8;
    if (length > value.size() - at) {
      return Failure(FailureReason::kTruncated,
                     absl::StrCat("Compressed Pixel Data (7FE0,0010) ends in the middle of a fragment, of which ",
                                  value.size() - at, " bytes are there; expected ", length, "."));
    }
    items.push_back(value.substr(at, length));
    at += length;
  }
  const bool delimited = value.size() - at >= 8;
  if (!delimited && (items.size() < 2 || !IsEnd(value.substr(at)))) {
    return Failure(FailureReason::kTruncated,
                   "Compressed Pixel Data (7FE0,0010) ends before the item of a fragment (FFFE,E000) or the delimiter "
                   "(FFFE,E0DD) that was expected.");
  }
  if (!items.empty()) items.erase(items.begin());  // the basic offset table
  return items;
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
  if (element.value.size() < element.length) {
    return Failure(FailureReason::kTruncated,
                   absl::StrCat("Pixel Data (7FE0,0010) states a length of ", element.length, " bytes, of which ",
                                element.value.size(), " are there; the image has ", expected, "."));
  }
  if (element.length < expected) {
    return Failure(FailureReason::kTruncated,
                   absl::StrCat("Pixel Data (7FE0,0010) holds ", element.length, " bytes; expected ", expected, "."));
  }
  data.native = element.value.substr(0, element.length);
  return data;
}

}  // namespace cxr
