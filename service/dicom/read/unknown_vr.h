// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service/dicom/read/attribute.h"
#include "service/dicom/read/read_limits.h"

namespace cxr {

/// Gives the attributes of a little endian data set that were written with VR UN, though the dictionary knows them, the
/// VR of the dictionary, in sequences too. Their values are read as implicit VR (PS3.5, 6.2.2). One that cannot be read
/// so is left as it is. Returns whether there were any.
bool ReadUnknownByDictionary(DcmItem& dataset, const ReadLimits& limits);

}  // namespace cxr
