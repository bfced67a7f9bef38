// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace cxr {

/// What a compressed frame says of itself.
struct CodestreamHeader {
  int rows = 0;
  int columns = 0;
  int components = 0;
  int precision = 0;  ///< bits of a sample, 1 to 38
  bool is_signed = false;
  bool subsampled = false;  ///< a component is stored at less than full size
  bool reversible = false;  ///< of JPEG 2000: the wavelets are those of whole numbers
};

/// The frame header of a JPEG or JPEG-LS codestream (ITU-T T.81, B.2.2; T.87, C.2.2), or nothing.
[[nodiscard]] absl::optional<CodestreamHeader> ReadJpegHeader(absl::string_view codestream);

/// Whether a codestream that begins as JPEG is JPEG-LS: its frame header is SOF55 (ITU-T T.87, C.2.2).
[[nodiscard]] bool IsJpegLs(absl::string_view codestream);

/// The SIZ and COD segments of a JPEG 2000 codestream (ITU-T T.800, A.5.1 and A.6.1), or nothing without the first.
[[nodiscard]] absl::optional<CodestreamHeader> ReadJpeg2000Header(absl::string_view codestream);

/// The codestream inside a JP2 file, which some devices store although DICOM wants the codestream alone; other bytes
/// are returned as they are.
[[nodiscard]] absl::string_view StripJp2Boxes(absl::string_view bytes);

}  // namespace cxr
