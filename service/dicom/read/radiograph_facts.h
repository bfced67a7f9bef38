// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/statusor.h"
#include "service/core/radiograph.h"
#include "service/dicom/read/attribute.h"
#include "service/dicom/read/pixel_layout.h"

namespace cxr {

/// The three UIDs of an instance. Failures: kMissingUid and kInvalidUid, naming the attribute.
[[nodiscard]] absl::StatusOr<SourceIdentity> ReadIdentity(DcmItem& dataset);

/// What the header says, as applicability and geometry need it.
[[nodiscard]] RadiographFacts ReadFacts(DcmItem& dataset, SourceIdentity identity, const PixelLayout& layout);

}  // namespace cxr
