// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/codec/jpeg_ls_scan.h"

#include <algorithm>
#include <cstddef>

namespace cxr {
namespace {

constexpr int kStartOfImage = 0xd8;
constexpr int kStartOfScan = 0xda;
constexpr int kRestartInterval = 0xdd;
constexpr int kStartOfFrame = 0xf7;
constexpr int kParameters = 0xf8;

int Byte(absl::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

int Word(absl::string_view bytes, std::size_t at) {
  return Byte(bytes, at) << 8 | Byte(bytes, at + 1);
}

bool ReadFrame(absl::string_view segment, JpegLsScan& scan) {
  if (scan.precision != 0 || segment.size() < 9 || Byte(segment, 5) != 1) return false;
  scan.precision = Byte(segment, 0);
  scan.rows = Word(segment, 1);
  scan.columns = Word(segment, 3);
  return scan.precision >= 2 && scan.precision <= 16 && scan.rows > 0 && scan.columns > 0;
}

/// C.2.4.1: of the four kinds only the preset coding parameters are known here; 0 stands for a default.
bool ReadParameters(absl::string_view segment, JpegLsScan& scan) {
  if (segment.size() < 11 || Byte(segment, 0) != 1) return false;
  scan.max_value = Word(segment, 1);
  scan.t1 = Word(segment, 3);
  scan.t2 = Word(segment, 5);
  scan.t3 = Word(segment, 7);
  scan.reset = Word(segment, 9);
  return true;
}

/// C.2.3: one component without a mapping table, the near parameter, no interleaving, no point transform.
bool ReadScan(absl::string_view segment, JpegLsScan& scan) {
  if (scan.precision == 0 || segment.size() < 6 || Byte(segment, 0) != 1 || Byte(segment, 2) != 0) return false;
  scan.near = Byte(segment, 3);
  return Byte(segment, 4) == 0 && Byte(segment, 5) == 0;
}

/// C.2.4.1.1: what is not preset.
void FillDefaults(JpegLsScan& scan) {
  const int near = scan.near;
  if (scan.max_value == 0) scan.max_value = (1 << scan.precision) - 1;
  const int top = scan.max_value;
  const auto clamp = [top](int value, int low) { return value > top || value < low ? low : value; };
  int t1 = 0;
  int t2 = 0;
  int t3 = 0;
  if (top >= 128) {
    const int factor = (std::min(top, 4095) + 128) / 256;
    t1 = factor + 2 + 3 * near;
    t2 = factor * 4 + 3 + 5 * near;
    t3 = factor * 17 + 4 + 7 * near;
  } else {
    const int factor = 256 / (top + 1);
    t1 = std::max(2, 3 / factor + 3 * near);
    t2 = std::max(3, 7 / factor + 5 * near);
    t3 = std::max(4, 21 / factor + 7 * near);
  }
  if (scan.t1 == 0) scan.t1 = clamp(t1, near + 1);
  if (scan.t2 == 0) scan.t2 = clamp(t2, scan.t1);
  if (scan.t3 == 0) scan.t3 = clamp(t3, scan.t2);
  if (scan.reset == 0) scan.reset = 64;
}

bool IsAllowed(const JpegLsScan& scan) {
  return scan.max_value < 1 << scan.precision && scan.near <= std::min(255, scan.max_value / 2) &&
         scan.t1 > scan.near && scan.t1 <= scan.t2 && scan.t2 <= scan.t3 && scan.t3 <= scan.max_value &&
         scan.reset >= 3 && scan.reset <= std::max(255, scan.max_value);
}

/// False when the segment is damaged or unknown; segments that do not matter are passed over.
bool ReadSegment(int marker, absl::string_view segment, JpegLsScan& scan) {
  switch (marker) {
    case kStartOfFrame:
      return ReadFrame(segment, scan);
    case kParameters:
      return ReadParameters(segment, scan);
    case kStartOfScan:
      return ReadScan(segment, scan);
    case kRestartInterval:
      return std::all_of(segment.begin(), segment.end(), [](char byte) { return byte == 0; });
    default:
      return marker >= 0xe0 && marker != 0xff;  // application data and comments
  }
}

}  // namespace

absl::optional<JpegLsScan> ReadJpegLsScan(absl::string_view codestream) {
  JpegLsScan scan;
  if (codestream.size() < 2 || Word(codestream, 0) != (0xff00 | kStartOfImage)) return absl::nullopt;
  std::size_t at = 2;
  while (codestream.size() - at >= 4) {
    if (Byte(codestream, at) != 0xff) return absl::nullopt;
    const int marker = Byte(codestream, at + 1);
    if (marker == 0xff) {  // fill byte
      ++at;
      continue;
    }
    const auto length = static_cast<std::size_t>(Word(codestream, at + 2));
    if (length < 2 || length > codestream.size() - at - 2) return absl::nullopt;
    if (!ReadSegment(marker, codestream.substr(at + 4, length - 2), scan)) return absl::nullopt;
    at += 2 + length;
    if (marker != kStartOfScan) continue;
    FillDefaults(scan);
    scan.coded = codestream.substr(at);
    return IsAllowed(scan) ? absl::optional<JpegLsScan>(scan) : absl::nullopt;
  }
  return absl::nullopt;
}

}  // namespace cxr
