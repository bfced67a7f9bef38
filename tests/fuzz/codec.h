// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "service/base/failure.h"
#include "service/dicom/codec/frame_decoder.h"
#include "tests/fuzz/contradiction.h"

namespace cxr::fuzz {

/// Decodes one frame. The input's first three bytes say what the data set would: rows, columns (1 to 256 each), and the
/// stored bits (0 to 15: 1 to 16) with the sign (bit 4); what follows is the codestream.
inline void DecodeOne(const std::uint8_t* data, std::size_t size, absl::string_view transfer_syntax_uid) {
  static const bool registered = (RegisterDecoders(), true);
  if (!registered || size < 3) return;
  PixelLayout layout;
  layout.rows = data[0] + 1;
  layout.columns = data[1] + 1;
  layout.photometric = "MONOCHROME2";
  layout.bits_stored = (data[2] & 0x0f) + 1;
  layout.bits_allocated = layout.bits_stored > 8 ? 16 : 8;
  layout.high_bit = layout.bits_stored - 1;
  layout.is_signed = (data[2] & 0x10) != 0;
  const absl::string_view codestream(reinterpret_cast<const char*>(data) + 3, size - 3);
  const auto frame = DecodeFrame({codestream}, transfer_syntax_uid, layout, ReadLimits{});
  if (!frame.ok()) {
    Demand(FailureReasonOf(frame.status()).has_value(), "a failure has no reason");
    return;
  }
  Demand(frame->layout.rows == layout.rows && frame->layout.columns == layout.columns, "the frame has another size");
  const std::int64_t word = frame->layout.bits_allocated / 8;
  Demand(static_cast<std::int64_t>(frame->bytes.size()) >= frame->layout.pixels_per_frame() * word, "pixels lack");
}

}  // namespace cxr::fuzz
