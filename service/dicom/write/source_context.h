// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dcmtk/config/osconfig.h>
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcdatset.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/types/optional.h"
#include "service/core/analysis.h"
#include "service/dicom/read/dicom_parser.h"
#include "service/dicom/read/pixel_data.h"
#include "service/dicom/read/pixel_layout.h"

namespace cxr {

/// Lossy compression in an image's history (PS3.3 C.7.6.1.1.5).
struct LossyHistory {
  std::string flag;    ///< "00", "01", or empty when not stated
  std::string ratio;   ///< DS, may be multi-valued; empty when not known
  std::string method;  ///< CS, may be multi-valued; empty when not known
};

/// What results say of their source. Holds only values that are valid for their VR, what identifies
/// patient, study and order excepted.
struct SourceContext {
  SourceIdentity identity;
  std::string content_digest;  ///< ContentDigest of the file as it was received
  std::string sop_class_uid;   ///< never empty
  std::string modality;        ///< upper case; may be empty
  std::string patient_orientation;
  std::string instance_number;  ///< IS; "1" when the source has none
  int rows = 0;
  int columns = 0;
  absl::optional<std::pair<double, double>> pixel_spacing;         ///< between rows, between columns, in mm
  absl::optional<std::pair<double, double>> imager_pixel_spacing;  ///< likewise
  std::string calibration_type;  ///< of the pixel spacing (PS3.3 10.7.1.3); empty when it or its description is missing
  std::string calibration_description;  ///< empty exactly when calibration_type is
  LossyHistory lossy;
  /// Patient, study and patient study modules with the source's character set, unconverted; Type 2 attributes that are
  /// missing or left out are empty.
  DcmDataset attributes;
  /// What was left out as invalid for its VR: names and tags, no values.
  std::vector<std::string> left_out;
};

/// Gathers the context of a parsed instance.
void GatherContext(ParsedInstance& instance, const SourceIdentity& identity, const PixelLayout& layout,
                   const PixelData& pixels, SourceContext& context);

}  // namespace cxr
