// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dcmtk/config/osconfig.h>
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcdatset.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/dicom/read/read_limits.h"

namespace cxr {

/// Where Pixel Data (7FE0,0010) lies in the bytes.
struct PixelElement {
  /// From the first byte of the value to the end of the data set; the value itself may be shorter, or claim to be
  /// longer.
  absl::string_view value;
  bool undefined_length = false;  ///< encapsulated: the value is a list of fragments
  std::uint32_t length = 0;       ///< as stated, when not undefined
  bool word_vr = false;           ///< VR is OW (or unknown, as in implicit VR), not OB: matters in big endian
};

/// One parsed instance: every attribute before Pixel Data, and the place of Pixel Data, which is not copied.
struct ParsedInstance {
  std::unique_ptr<DcmDataset> dataset;
  /// Where a deflated data set was inflated to; a pointer, for `pixels` may point into it.
  std::unique_ptr<const std::string> inflated;
  std::string transfer_syntax_uid;      ///< from the meta header; empty when there is none
  std::string media_storage_sop_class;  ///< from the meta header; empty when there is none
  bool big_endian = false;
  PixelElement pixels;
  std::vector<std::string> oddities;  ///< what was read although it is not written as it should be; holds no values
};

/// Parses from memory, once. What the meta header says wrong of itself or of the data set is corrected by what is
/// there, and known attributes of VR UN have the VR of the dictionary afterwards. `bytes` must outlive the result.
/// Failures: kNotDicom, kTruncated, kNoPixelData, kInvalidImageSize beyond the limits, and kUnsupportedTransferSyntax
/// where the pixels are elsewhere (JPIP).
[[nodiscard]] absl::StatusOr<ParsedInstance> ParseInstance(absl::string_view bytes, const ReadLimits& limits);

/// Parses what need not be an image, up to Pixel Data if there is any. Failures: those of ParseInstance but
/// kNoPixelData.
[[nodiscard]] absl::StatusOr<std::unique_ptr<DcmDataset>> ParseDocument(absl::string_view bytes,
                                                                        const ReadLimits& limits);

}  // namespace cxr
