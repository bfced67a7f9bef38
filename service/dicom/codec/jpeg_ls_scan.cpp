// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/codec/jpeg_ls_scan.h"

#include <algorithm>

#include "service/dicom/codec/marker_segment.h"

namespace cxr {
namespace {

constexpr int kStartOfFrame = 0xfff7;
constexpr int kParameters = 0xfff8;

bool ReadFrame(absl::string_view segment, JpegLsScan& scan) {
  if (scan.precision != 0 || segment.size() < 9 || ByteAt(segment, 5) != 1) return false;
  scan.precision = ByteAt(segment, 0);
  scan.rows = WordAt(segment, 1);
  scan.columns = WordAt(segment, 3);
  return scan.precision >= 2 && scan.precision <= 16 && scan.rows > 0 && scan.columns > 0;
}

/// C.2.4.1: of the four kinds only the preset coding parameters are known here; 0 stands for a default.
bool ReadParameters(absl::string_view segment, JpegLsScan& scan) {
  if (segment.size() < 11 || ByteAt(segment, 0) != 1) return false;
  scan.max_value = WordAt(segment, 1);
  scan.t1 = WordAt(segment, 3);
  scan.t2 = WordAt(segment, 5);
  scan.t3 = WordAt(segment, 7);
  scan.reset = WordAt(segment, 9);
  return true;
}

/// C.2.3: one component without a mapping table, the near parameter, no interleaving, no point transform.
bool ReadScan(absl::string_view segment, JpegLsScan& scan) {
  if (scan.precision == 0 || segment.size() < 6 || ByteAt(segment, 0) != 1 || ByteAt(segment, 2) != 0) return false;
  scan.near = ByteAt(segment, 3);
  return ByteAt(segment, 4) == 0 && ByteAt(segment, 5) == 0;
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
bool TakeSegment(int marker, absl::string_view segment, JpegLsScan& scan) {
  switch (marker) {
    case kStartOfFrame:
      return ReadFrame(segment, scan);
    case kParameters:
      return ReadParameters(segment, scan);
    case JpegSegments::kScan:
      return ReadScan(segment, scan);
    case JpegSegments::kRestartInterval:
      return std::all_of(segment.begin(), segment.end(), [](char byte) { return byte == 0; });
    default:
      return marker >= 0xffe0;  // application data and comments
  }
}

}  // namespace

absl::optional<JpegLsScan> ReadJpegLsScan(absl::string_view codestream) {
  JpegLsScan scan;
  JpegSegments segments(codestream);
  absl::StatusOr<MarkerSegment> segment;
  do {
    segment = segments.Next();
    if (!segment.ok() || !TakeSegment(segment->marker, segment->content, scan)) return absl::nullopt;
  } while (segment->marker != JpegSegments::kScan);
  FillDefaults(scan);
  scan.coded = codestream.substr(segment->end);
  return IsAllowed(scan) ? absl::optional<JpegLsScan>(scan) : absl::nullopt;
}

}  // namespace cxr
