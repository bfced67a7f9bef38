// SPDX-License-Identifier: Apache-2.0
// What JPEG, JPEG-LS and JPEG 2000 have in common: numbers in big endian, and segments that begin with a marker.
#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cxr {

/// The number in `count` bytes from `at` on, all of which must be there.
[[nodiscard]] inline std::uint64_t BigEndian(absl::string_view bytes, std::size_t at, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

[[nodiscard]] inline int ByteAt(absl::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

[[nodiscard]] inline int WordAt(absl::string_view bytes, std::size_t at) {
  return ByteAt(bytes, at) << 8 | ByteAt(bytes, at + 1);
}

/// Whether marker and length of a segment may still stand at `at`, which is within the codestream or at its end.
[[nodiscard]] inline bool HasSegment(absl::string_view codestream, std::size_t at) {
  return codestream.size() - at >= 4;
}

/// A marker with a length (ITU-T T.81, B.1.1.4; T.87, C.1; T.800, A.1).
struct MarkerSegment {
  int marker = 0;  ///< 0xff00 to 0xffff
  absl::string_view content;
  std::size_t end = 0;  ///< where in the codestream the next one begins
};

/// The segment at `at`, which HasSegment. InvalidArgument, with what is wrong as a clause for people, when no marker
/// stands there or the length is wrong.
[[nodiscard]] absl::StatusOr<MarkerSegment> ReadSegment(absl::string_view codestream, std::size_t at);

/// The segments of a JPEG or JPEG-LS codestream one after another, up to and with the header of its first scan.
class JpegSegments {
 public:
  static constexpr int kScan = 0xffda;
  static constexpr int kRestartInterval = 0xffdd;

  explicit JpegSegments(absl::string_view codestream) : codestream_(codestream) {}

  /// InvalidArgument, with what is wrong as a clause for people, when there is no further one, or when it is damaged.
  [[nodiscard]] absl::StatusOr<MarkerSegment> Next();

 private:
  absl::string_view codestream_;
  std::size_t at_ = 0;  // 0: nothing was read
};

}  // namespace cxr
