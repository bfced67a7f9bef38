// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/codec/marker_segment.h"

namespace cxr {
namespace {

constexpr int kStartOfImage = 0xffd8;
constexpr int kFill = 0xffff;  // T.81, B.1.1.2

}  // namespace

absl::StatusOr<MarkerSegment> ReadSegment(absl::string_view codestream, std::size_t at) {
  const int marker = WordAt(codestream, at);
  if (marker < 0xff00) return absl::InvalidArgumentError("a segment does not begin with a marker");
  const auto length = static_cast<std::size_t>(WordAt(codestream, at + 2));
  if (length < 2 || length > codestream.size() - at - 2)
    return absl::InvalidArgumentError("a segment is longer than what is left");
  return MarkerSegment{marker, codestream.substr(at + 4, length - 2), at + 2 + length};
}

absl::StatusOr<MarkerSegment> JpegSegments::Next() {
  if (at_ == 0) {
    if (codestream_.size() < 4 || WordAt(codestream_, 0) != kStartOfImage)
      return absl::InvalidArgumentError("it does not begin with FFD8");
    at_ = 2;
  }
  while (HasSegment(codestream_, at_) && WordAt(codestream_, at_) == kFill) ++at_;
  if (!HasSegment(codestream_, at_)) return absl::InvalidArgumentError("it ends before its scan");
  absl::StatusOr<MarkerSegment> segment = ReadSegment(codestream_, at_);
  if (segment.ok()) at_ = segment->end;
  return segment;
}

}  // namespace cxr
