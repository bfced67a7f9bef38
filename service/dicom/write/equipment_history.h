// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service/dicom/write/attribute_copier.h"

namespace cxr {

/// Writes into ContributingEquipmentSequence (0018,A001; PS3.3 C.12.1) of `result` what the source says of its own
/// making: the equipment that acquired it, if it names a manufacturer, then what had contributed before (digitisers,
/// de-identification). An item that lacks purpose or manufacturer is left out and named. `copier` must copy from
/// `source` to `result`.
void CopyEquipmentHistory(AttributeCopier& copier, DcmItem& source, DcmDataset& result);

}  // namespace cxr
