// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/read/transfer_syntax.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "service/base/failure.h"

namespace cxr {
namespace {

constexpr absl::string_view kJpegMethod = "ISO_10918_1";
constexpr absl::string_view kJpegLsMethod = "ISO_14495_1";
constexpr absl::string_view kJpeg2000Method = "ISO_15444_1";

constexpr std::array<TransferSyntax, 18> kTable = {{
    {"", PixelCoding::kUncompressed},
    {"1.2.840.10008.1.2", PixelCoding::kUncompressed},       // Implicit VR Little Endian
    {"1.2.840.10008.1.2.1", PixelCoding::kUncompressed},     // Explicit VR Little Endian
    {"1.2.840.10008.1.2.1.99", PixelCoding::kUncompressed},  // deflated
    {"1.2.840.10008.1.2.2", PixelCoding::kUncompressed},     // Explicit VR Big Endian, retired
    {"1.2.840.10008.1.2.5", PixelCoding::kRle},
    {"1.2.840.10008.1.2.4.50", PixelCoding::kJpeg, kJpegMethod},  // baseline, 8 bits
    {"1.2.840.10008.1.2.4.51", PixelCoding::kJpeg, kJpegMethod},  // extended, 12 bits
    {"1.2.840.10008.1.2.4.57", PixelCoding::kJpeg},               // lossless
    {"1.2.840.10008.1.2.4.70", PixelCoding::kJpeg},               // lossless, first-order prediction
    {"1.2.840.10008.1.2.4.80", PixelCoding::kJpegLs},
    {"1.2.840.10008.1.2.4.81", PixelCoding::kJpegLs, kJpegLsMethod},
    {"1.2.840.10008.1.2.4.90", PixelCoding::kJpeg2000},
    {"1.2.840.10008.1.2.4.91", PixelCoding::kJpeg2000, kJpeg2000Method},
    // JPIP, and JPIP with High-Throughput JPEG 2000, each plain and deflated: the pixels are on another server.
    {"1.2.840.10008.1.2.4.94", PixelCoding::kElsewhere},
    {"1.2.840.10008.1.2.4.95", PixelCoding::kElsewhere},
    {"1.2.840.10008.1.2.4.204", PixelCoding::kElsewhere},
    {"1.2.840.10008.1.2.4.205", PixelCoding::kElsewhere},
}};

}  // namespace

const TransferSyntax* FindTransferSyntax(absl::string_view uid) {
  const auto* found =
      std::find_if(kTable.begin(), kTable.end(), [&](const TransferSyntax& syntax) { return syntax.uid == uid; });
  return found == kTable.end() ? nullptr : &*found;
}

bool MayHoldNativeFrames(absl::string_view uid) {
  const TransferSyntax* syntax = FindTransferSyntax(uid);
  return syntax != nullptr && syntax->coding != PixelCoding::kElsewhere;
}

absl::Status UnsupportedTransferSyntax(absl::string_view uid) {
  return Failure(FailureReason::kUnsupportedTransferSyntax,
                 absl::StrCat("Transfer syntax ", uid,
                              " is not supported; expected uncompressed, RLE, JPEG, JPEG-LS or JPEG 2000."));
}

}  // namespace cxr
