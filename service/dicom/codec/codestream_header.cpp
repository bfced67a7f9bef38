// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/codec/codestream_header.h"

#include <cstdint>

#include "service/dicom/codec/marker_segment.h"

namespace cxr {
namespace {

constexpr int kStartOfFrameLs = 0xfff7;

bool IsStartOfFrame(int marker) {
  const bool tables = marker == 0xffc4 || marker == 0xffc8 || marker == 0xffcc;  // DHT, JPG, DAC
  return (marker >= 0xffc0 && marker <= 0xffcf && !tables) || marker == kStartOfFrameLs;
}

absl::optional<CodestreamHeader> ParseStartOfFrame(absl::string_view segment) {
  if (segment.size() < 6) return absl::nullopt;
  CodestreamHeader header;
  header.precision = static_cast<int>(BigEndian(segment, 0, 1));
  header.rows = static_cast<int>(BigEndian(segment, 1, 2));
  header.columns = static_cast<int>(BigEndian(segment, 3, 2));
  header.components = static_cast<int>(BigEndian(segment, 5, 1));
  return header;
}

absl::optional<MarkerSegment> FindFrameHeader(absl::string_view codestream) {
  JpegSegments segments(codestream);
  for (;;) {
    const absl::StatusOr<MarkerSegment> segment = segments.Next();
    if (!segment.ok() || segment->marker == JpegSegments::kScan) return absl::nullopt;
    if (IsStartOfFrame(segment->marker)) return *segment;
  }
}

/// The transformation of the first coding style before the first tile (A.6.1).
bool IsReversible(absl::string_view codestream) {
  constexpr int kCodingStyle = 0xff52;
  constexpr int kFirstTile = 0xff90;
  constexpr std::size_t kTransformation = 9;
  std::size_t at = 2;
  while (HasSegment(codestream, at)) {
    const absl::StatusOr<MarkerSegment> segment = ReadSegment(codestream, at);
    if (!segment.ok() || segment->marker == kFirstTile) break;
    if (segment->marker == kCodingStyle)
      return segment->content.size() > kTransformation && ByteAt(segment->content, kTransformation) == 1;
    at = segment->end;
  }
  return false;
}

}  // namespace

absl::optional<CodestreamHeader> ReadJpegHeader(absl::string_view codestream) {
  const absl::optional<MarkerSegment> found = FindFrameHeader(codestream);
  return found.has_value() ? ParseStartOfFrame(found->content) : absl::nullopt;
}

bool IsJpegLs(absl::string_view codestream) {
  const absl::optional<MarkerSegment> found = FindFrameHeader(codestream);
  return found.has_value() && found->marker == kStartOfFrameLs;
}

absl::optional<CodestreamHeader> ReadJpeg2000Header(absl::string_view codestream) {
  // SOC, SIZ marker, length and capabilities; reference grid size, offset, tile size and offset; number of components.
  constexpr std::size_t kFixed = 42;
  if (codestream.size() < kFixed + 3 || BigEndian(codestream, 0, 4) != 0xff4fff51) return absl::nullopt;
  const std::uint64_t x_size = BigEndian(codestream, 8, 4);
  const std::uint64_t y_size = BigEndian(codestream, 12, 4);
  const std::uint64_t x_offset = BigEndian(codestream, 16, 4);
  const std::uint64_t y_offset = BigEndian(codestream, 20, 4);
  constexpr std::uint64_t kMost = 0x7fffffff;
  if (x_size > kMost || y_size > kMost || x_offset >= x_size || y_offset >= y_size) return absl::nullopt;
  CodestreamHeader header;
  header.columns = static_cast<int>(x_size - x_offset);
  header.rows = static_cast<int>(y_size - y_offset);
  header.components = static_cast<int>(BigEndian(codestream, 40, 2));
  const auto depth = static_cast<unsigned>(BigEndian(codestream, kFixed, 1));
  header.is_signed = (depth & 0x80) != 0;
  header.precision = static_cast<int>(depth & 0x7f) + 1;
  header.reversible = IsReversible(codestream);
  header.subsampled = BigEndian(codestream, kFixed + 1, 1) != 1 || BigEndian(codestream, kFixed + 2, 1) != 1;
  return header;
}

absl::string_view StripJp2Boxes(absl::string_view bytes) {
  constexpr std::uint64_t kSignatureBox = 0x6a502020;   // "jP  "
  constexpr std::uint64_t kCodestreamBox = 0x6a703263;  // "jp2c"
  if (bytes.size() < 12 || BigEndian(bytes, 4, 4) != kSignatureBox) return bytes;
  std::size_t at = 0;
  while (bytes.size() - at >= 8) {
    const std::uint64_t length = BigEndian(bytes, at, 4);
    if (BigEndian(bytes, at + 4, 4) == kCodestreamBox) return bytes.substr(at + 8);
    if (length < 8 || length > bytes.size() - at) break;
    at += static_cast<std::size_t>(length);
  }
  return bytes;
}

}  // namespace cxr
