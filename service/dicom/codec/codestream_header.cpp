// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/codec/codestream_header.h"

#include <cstdint>

namespace cxr {
namespace {

std::uint64_t Big(absl::string_view bytes, std::size_t at, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

constexpr unsigned kFirstScan = 0xda;
constexpr unsigned kStartOfFrameLs = 0xf7;

bool IsStartOfFrame(unsigned marker) {
  const bool tables = marker == 0xc4 || marker == 0xc8 || marker == 0xcc;  // DHT, JPG, DAC
  return (marker >= 0xc0 && marker <= 0xcf && !tables) || marker == kStartOfFrameLs;
}

absl::optional<CodestreamHeader> ParseStartOfFrame(absl::string_view segment) {
  if (segment.size() < 6) return absl::nullopt;
  CodestreamHeader header;
  header.precision = static_cast<int>(Big(segment, 0, 1));
  header.rows = static_cast<int>(Big(segment, 1, 2));
  header.columns = static_cast<int>(Big(segment, 3, 2));
  header.components = static_cast<int>(Big(segment, 5, 1));
  return header;
}

struct FrameHeader {
  unsigned marker = 0;
  absl::string_view segment;
};

absl::optional<FrameHeader> FindFrameHeader(absl::string_view codestream) {
  if (codestream.size() < 4 || Big(codestream, 0, 2) != 0xffd8) return absl::nullopt;
  std::size_t at = 2;
  while (codestream.size() - at >= 4) {
    if (Big(codestream, at, 1) != 0xff) return absl::nullopt;
    const auto marker = static_cast<unsigned>(Big(codestream, at + 1, 1));
    if (marker == 0xff) {  // fill byte
      ++at;
      continue;
    }
    const auto length = static_cast<std::size_t>(Big(codestream, at + 2, 2));
    if (marker == kFirstScan || length < 2 || length > codestream.size() - at - 2) return absl::nullopt;
    if (IsStartOfFrame(marker)) return FrameHeader{marker, codestream.substr(at + 4, length - 2)};
    at += 2 + length;
  }
  return absl::nullopt;
}

bool IsReversible(absl::string_view codestream) {
  constexpr std::uint64_t kCodingStyle = 0xff52;
  constexpr std::uint64_t kFirstTile = 0xff90;
  constexpr std::size_t kTransformation = 13;
  std::size_t at = 2;
  while (codestream.size() - at > kTransformation) {
    const std::uint64_t marker = Big(codestream, at, 2);
    const auto length = static_cast<std::size_t>(Big(codestream, at + 2, 2));
    if (marker == kCodingStyle) return Big(codestream, at + kTransformation, 1) == 1;
    if (marker == kFirstTile || length < 2 || length > codestream.size() - at - 2) break;
    at += 2 + length;
  }
  return false;
}

}  // namespace

absl::optional<CodestreamHeader> ReadJpegHeader(absl::string_view codestream) {
  const absl::optional<FrameHeader> found = FindFrameHeader(codestream);
  return found.has_value() ? ParseStartOfFrame(found->segment) : absl::nullopt;
}

bool IsJpegLs(absl::string_view codestream) {
  const absl::optional<FrameHeader> found = FindFrameHeader(codestream);
  return found.has_value() && found->marker == kStartOfFrameLs;
}

absl::optional<CodestreamHeader> ReadJpeg2000Header(absl::string_view codestream) {
  // SOC, SIZ marker, length and capabilities; reference grid size, offset, tile size and offset; number of components.
  constexpr std::size_t kFixed = 42;
  if (codestream.size() < kFixed + 3 || Big(codestream, 0, 4) != 0xff4fff51) return absl::nullopt;
  const std::uint64_t x_size = Big(codestream, 8, 4);
  const std::uint64_t y_size = Big(codestream, 12, 4);
  const std::uint64_t x_offset = Big(codestream, 16, 4);
  const std::uint64_t y_offset = Big(codestream, 20, 4);
  constexpr std::uint64_t kMost = 0x7fffffff;
  if (x_size > kMost || y_size > kMost || x_offset >= x_size || y_offset >= y_size) return absl::nullopt;
  CodestreamHeader header;
  header.columns = static_cast<int>(x_size - x_offset);
  header.rows = static_cast<int>(y_size - y_offset);
  header.components = static_cast<int>(Big(codestream, 40, 2));
  const auto depth = static_cast<unsigned>(Big(codestream, kFixed, 1));
  header.is_signed = (depth & 0x80) != 0;
  header.precision = static_cast<int>(depth & 0x7f) + 1;
  header.reversible = IsReversible(codestream);
  header.subsampled = Big(codestream, kFixed + 1, 1) != 1 || Big(codestream, kFixed + 2, 1) != 1;
  return header;
}

absl::string_view StripJp2Boxes(absl::string_view bytes) {
  constexpr std::uint64_t kSignatureBox = 0x6a502020;   // "jP  "
  constexpr std::uint64_t kCodestreamBox = 0x6a703263;  // "jp2c"
  if (bytes.size() < 12 || Big(bytes, 4, 4) != kSignatureBox) return bytes;
  std::size_t at = 0;
  while (bytes.size() - at >= 8) {
    const std::uint64_t length = Big(bytes, at, 4);
    if (Big(bytes, at + 4, 4) == kCodestreamBox) return bytes.substr(at + 8);
    if (length < 8 || length > bytes.size() - at) break;
    at += static_cast<std::size_t>(length);
  }
  return bytes;
}

}  // namespace cxr
