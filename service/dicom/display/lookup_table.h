// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "service/dicom/read/attribute.h"

namespace cxr {

/// A Modality LUT or VOI LUT (PS3.3 C.11.1.1 and C.11.2.1).
struct StoredLut {
  std::vector<std::uint16_t> entries;  ///< one or more
  std::int64_t first = 0;              ///< the input that maps to entries[0]; smaller inputs do so too
  double top = 0;                      ///< the largest output that the bits its entries use can hold, 1 or more

  [[nodiscard]] double Map(double input) const;
};

/// The first usable LUT of a sequence. Nothing when the sequence is absent or no item has data; InvalidArgument when
/// descriptor and data contradict each other in all that have. Entries of other bits than stated are no contradiction:
/// their range is that of the bits they use.
/// `signed_inputs` says whether inputs may be negative: in implicit VR nothing else tells what the first input means.
[[nodiscard]] absl::StatusOr<absl::optional<StoredLut>> ReadLut(DcmItem& dataset, const DcmTagKey& sequence,
                                                                bool signed_inputs);

}  // namespace cxr
