// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dcmtk/config/osconfig.h>
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcitem.h>

#include <string>

#include "service/dicom/write/result_object.h"

namespace cxr {

/// Writes the content of a report after TID 1500 (PS3.16) into its data set: device observer, summary (an extension,
/// for it is what people read first), image library, one measurement group (TID 1410) per region, qualitative
/// evaluations.
///
/// The first group carries the class probabilities; its region is the largest salient one, or the analysed field when
/// nothing stands out. Further regions have groups of their own with their area, for the probabilities are of the whole
/// image. A positive finding is qualified as suspected; of an indeterminate decision the finding is "Indeterminate".
/// Model and settings are named once (TID 4019), above the groups.
///
/// A radiograph that was not analysed has no measurements, so nothing looks like a finding. Its title is one of our
/// own: viewers that draw measurements take an Imaging Measurement Report without any for broken (OHIF 3.12 shows
/// nothing), and show a report of another title as text, if every item has a name. That is why the source has one.
///
/// The capture, if there is one, stands in the image library behind the source. `sop_instance_uid` is that of the
/// report.
void WriteReportTree(DcmItem& dataset, const WriteInput& in, const std::string& sop_instance_uid);

}  // namespace cxr
