// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dcmtk/config/osconfig.h>
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcitem.h>

#include <string>

#include "service/dicom/write/result_object.h"

namespace cxr {

/// Writes the content of a report after TID 1500 (PS3.16) into its data set: device observer, image library, one
/// measurement group (TID 1410) per region, qualitative evaluations.
///
/// The first group carries the class probabilities; its region is the largest salient one, or the analysed field when
/// nothing stands out. Further regions have groups of their own with their area, for the probabilities are of the whole
/// image.
///
/// A radiograph that was not analysed has one group too, for viewers fail on a report without any: its finding is "Not
/// applicable", its region the whole image, its number that region's area in pixels. All three are true, and none is a
/// class.
///
/// The capture, if there is one, stands in the image library behind the source. `sop_instance_uid` is that of the
/// report.
void WriteReportTree(DcmItem& dataset, const WriteInput& in, const std::string& sop_instance_uid);

}  // namespace cxr
