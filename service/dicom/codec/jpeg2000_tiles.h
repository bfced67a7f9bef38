// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace cxr {

/// Follows the tile-parts of a JPEG 2000 codestream from one to the next (ITU-T T.800, A.4.2) without decoding them.
/// InvalidArgument, with what is wrong as a clause, when a tile or a tile-part is missing, when one is cut short, when
/// a stretch of its data was overwritten with one byte, or when there are more than `most_tiles` tiles: each costs time
/// and memory, however small it is. Decoders leave what is missing grey.
[[nodiscard]] absl::Status CheckJpeg2000Tiles(absl::string_view codestream, int most_tiles);

}  // namespace cxr
