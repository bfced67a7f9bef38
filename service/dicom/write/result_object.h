// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dcmtk/config/osconfig.h>
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcdatset.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/core/analysis.h"
#include "service/core/image.h"
#include "service/core/result_forms.h"
#include "service/dicom/display/display_curve.h"
#include "service/dicom/write/source_context.h"
#include "service/dicom/write/write_settings.h"

namespace cxr {

/// What a writer makes an object of.
struct WriteInput {
  const SourceContext& source;
  const Analysis& analysis;
  const RgbImage* image;       ///< what a capture shows; may be null for all other forms
  const DicomObject* capture;  ///< the capture that a report refers to, or null; null for all other forms
  const WriteSettings& settings;
  /// The curve that shows the source, fitted to its data; it is asked for by the forms that need it, for it may have to
  /// decode the source.
  std::function<absl::StatusOr<DisplayCurve>()> curve;
};

/// A result object while it is being written. Its UIDs depend on all that its content depends on, time aside: the
/// source's bytes, the model with its manifest, the settings, the version of the service, the SOP class and, of a
/// report, the capture that it refers to. A repeat is found stored already, and one UID never names two contents. The
/// results of one source series share a series per kind.
class ResultObject {
 public:
  /// Begins a result with what all have: patient, study, series, equipment and its history, SOP common, instance number
  /// and content date. Without a SOP class it is that of the kind's form. Throws when DCMTK cannot write.
  ResultObject(ObjectKind kind, const WriteInput& in, absl::string_view sop_class_uid = {});

  [[nodiscard]] DcmDataset& dataset() { return *dataset_; }
  [[nodiscard]] const std::string& sop_instance_uid() const { return object_.sop_instance_uid; }
  [[nodiscard]] const DateTime& now() const { return now_; }  ///< when this object was begun

  /// Ends the result. Failure: kInternal.
  [[nodiscard]] absl::StatusOr<DicomObject> Finish() &&;

 private:
  DateTime now_;
  DicomObject object_;
  std::unique_ptr<DcmDataset> dataset_;
};

/// Writes a reference to an instance (PS3.3, table 10-11) into an item.
void PutReference(DcmItem& item, const std::string& sop_class_uid, const std::string& sop_instance_uid);

/// Image Pixel of 8 unsigned bits (PS3.3 C.7.6.3): grey (MONOCHROME2), or colour by pixel (RGB) where there are three
/// values a pixel. `pixels` holds rows * columns of them. Failure: kInternal.
[[nodiscard]] absl::Status PutEightBitPixels(DcmDataset& dataset, int rows, int columns,
                                             const std::vector<std::uint8_t>& pixels);

/// A data set as a PS3.10 file with preamble and meta header, Explicit VR Little Endian, explicit lengths. SOP class
/// and instance UID must be set. Failure: kInternal.
[[nodiscard]] absl::StatusOr<std::string> WritePart10(std::unique_ptr<DcmDataset> dataset);

}  // namespace cxr
