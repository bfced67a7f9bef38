// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace cxr {

/// How the pixels of a transfer syntax are stored.
enum class PixelCoding { kUncompressed, kRle, kJpeg, kJpegLs, kJpeg2000, kElsewhere };

/// What is known of a transfer syntax (PS3.5, annex A).
struct TransferSyntax {
  absl::string_view uid;
  PixelCoding coding = PixelCoding::kUncompressed;
  absl::string_view lossy_method = {};  ///< as LossyImageCompressionMethod names it; empty when lossless
};

/// The transfer syntax of a UID, or null when it is not known here. An empty UID stands for an uncompressed one, for a
/// data set without a meta header does not say which. Points into a constant table: a new transfer syntax is a line in
/// it.
[[nodiscard]] const TransferSyntax* FindTransferSyntax(absl::string_view uid);

/// Whether frames that are not encapsulated can be read: the transfer syntax is an uncompressed one, or a compressed
/// one whose name is merely wrong for what follows.
[[nodiscard]] bool MayHoldNativeFrames(absl::string_view uid);

/// What a transfer syntax that is not read fails with: kUnsupportedTransferSyntax.
[[nodiscard]] absl::Status UnsupportedTransferSyntax(absl::string_view uid);

}  // namespace cxr
