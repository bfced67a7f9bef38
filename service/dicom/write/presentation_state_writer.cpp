// SPDX-License-Identifier: Apache-2.0
#include <dcmtk/config/osconfig.h>

#include "service/dicom/write/result_writers.h"
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcuid.h>
#include <dcmtk/dcmdata/dcvrsl.h>

#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "service/base/failure.h"
#include "service/core/result_words.h"
#include "service/dicom/read/attribute.h"
#include "service/dicom/write/reported_regions.h"

namespace cxr {
namespace {

constexpr const char* kLayer = "CXR_TRIAGE";

void RequireGraphic(const OFCondition& condition) {
  if (condition.bad()) throw std::runtime_error(absl::StrCat("cannot write a graphic: ", condition.text()));
}

void PutFloats(DcmItem& item, const DcmTagKey& tag, const std::vector<Float32>& values) {
  RequireGraphic(item.putAndInsertFloat32Array(tag, values.data(), values.size()));
}

void PutCorner(DcmItem& item, const DcmTagKey& tag, int column, int row) {
  const Sint32 corner[2] = {column, row};
  auto element = std::make_unique<DcmSignedLong>(tag);
  RequireGraphic(element->putSint32Array(corner, 2));
  RequireGraphic(item.insert(element.get()));
  (void)element.release();  // the item owns it now
}

/// Presentation State Identification (C.10.10) and Relationship (C.11.11).
void PutIdentification(DcmDataset& dataset, const SourceContext& source, const DateTime& now) {
  // A presentation state has a creation date in their place.
  dataset.findAndDeleteElement(DCM_ContentDate);
  dataset.findAndDeleteElement(DCM_ContentTime);
  // Whatever the source calls it: PS3.3 C.7.3.1 asks for a Laterality where the part is a paired one, as a lung is.
  PutText(dataset, DCM_BodyPartExamined, "CHEST");
  PutText(dataset, DCM_PresentationCreationDate, now.date);
  PutText(dataset, DCM_PresentationCreationTime, now.time);
  PutText(dataset, DCM_ContentLabel, kLayer);
  PutText(dataset, DCM_ContentDescription, "Salient regions of the activation map. Research use only.");
  PutText(dataset, DCM_ContentCreatorName, "");
  DcmItem& series = AppendItem(dataset, DCM_ReferencedSeriesSequence);
  PutText(series, DCM_SeriesInstanceUID, source.identity.series_instance_uid);
  PutReference(AppendItem(series, DCM_ReferencedImageSequence), source.sop_class_uid, source.identity.sop_instance_uid);
}

/// The whole image (C.10.4); here, unlike in graphics, the top left pixel is 1\1.
void PutDisplayedArea(DcmDataset& dataset, const SourceContext& source) {
  DcmItem& area = AppendItem(dataset, DCM_DisplayedAreaSelectionSequence);
  PutCorner(area, DCM_DisplayedAreaTopLeftHandCorner, 1, 1);
  PutCorner(area, DCM_DisplayedAreaBottomRightHandCorner, source.columns, source.rows);
  PutText(area, DCM_PresentationSizeMode, "SCALE TO FIT");
  const auto& spacing = source.pixel_spacing.has_value() ? source.pixel_spacing : source.imager_pixel_spacing;
  if (spacing.has_value()) {
    PutText(area, DCM_PresentationPixelSpacing,
            absl::StrCat(DecimalText(spacing->first), "\\", DecimalText(spacing->second)));
  } else {
    PutText(area, DCM_PresentationPixelAspectRatio, "1\\1");
  }
}

/// A line of the region's own: filled, it would hide what it points at (C.10.5).
void AddOutline(DcmItem& annotation, const Polygon& region) {
  std::vector<Float32> points;
  for (std::size_t i = 0; i <= region.size(); ++i) {
    const PixelPoint& point = region[i % region.size()];
    points.push_back(static_cast<Float32>(point.x));
    points.push_back(static_cast<Float32>(point.y));
  }
  DcmItem& graphic = AppendItem(annotation, DCM_GraphicObjectSequence);
  PutText(graphic, DCM_GraphicAnnotationUnits, "PIXEL");
  PutUnsignedShort(graphic, DCM_GraphicDimensions, 2);
  PutUnsignedShort(graphic, DCM_NumberOfGraphicPoints, static_cast<int>(points.size() / 2));
  PutFloats(graphic, DCM_GraphicData, points);
  PutText(graphic, DCM_GraphicType, "POLYLINE");
  PutText(graphic, DCM_GraphicFilled, "N");
}

/// YYYY-MM-DD of a DA.
std::string IsoDate(const std::string& date) {
  return date.size() == 8 ? absl::StrCat(date.substr(0, 4), "-", date.substr(4, 2), "-", date.substr(6)) : date;
}

/// Lines end with CR LF (PS3.5, 6.1.3).
std::string CaptionText(const Caption& caption) {
  std::vector<std::string> lines = caption.headings;
  lines.insert(lines.end(), caption.numbers.begin(), caption.numbers.end());
  lines.insert(lines.end(), caption.bottom.begin(), caption.bottom.end());
  return absl::StrJoin(lines, "\r\n");
}

/// In a box at the upper left of what is displayed, whatever the size of the window.
void AddCaption(DcmItem& annotation, const std::string& caption) {
  DcmItem& text = AppendItem(annotation, DCM_TextObjectSequence);
  PutText(text, DCM_BoundingBoxAnnotationUnits, "DISPLAY");
  PutText(text, DCM_UnformattedTextValue, caption);
  PutFloats(text, DCM_BoundingBoxTopLeftHandCorner, {0.02F, 0.02F});
  PutFloats(text, DCM_BoundingBoxBottomRightHandCorner, {0.7F, 0.25F});
  PutText(text, DCM_BoundingBoxTextHorizontalJustification, "LEFT");
}

void PutGraphics(DcmDataset& dataset, const SourceContext& source, const Analysis& analysis, const DateTime& now) {
  DcmItem& annotation = AppendItem(dataset, DCM_GraphicAnnotationSequence);
  PutReference(AppendItem(annotation, DCM_ReferencedImageSequence), source.sop_class_uid,
               source.identity.sop_instance_uid);
  PutText(annotation, DCM_GraphicLayer, kLayer);
  AddCaption(annotation, CaptionText(CaptionOf(analysis, MapDisplay::kHidden, IsoDate(now.date))));
  for (const Polygon& region : ReportedRegions(source, analysis)) AddOutline(annotation, region);
  DcmItem& layer = AppendItem(dataset, DCM_GraphicLayerSequence);
  PutText(layer, DCM_GraphicLayer, kLayer);
  PutText(layer, DCM_GraphicLayerOrder, "1");
  PutUnsignedShort(layer, DCM_GraphicLayerRecommendedDisplayGrayscaleValue, 0xFFFF);
  PutText(layer, DCM_GraphicLayerDescription, "Salient regions and finding of cxr-triage");
}

}  // namespace

absl::StatusOr<DicomObject> WritePresentationState(const WriteInput& in) {
  if (!in.analysis.classification.has_value())
    return Failure(FailureReason::kInternal, "An analysis without classification has no presentation state.");
  const absl::StatusOr<DisplayCurve> curve = in.curve();
  if (!curve.ok()) return curve.status();
  ResultObject result(ObjectKind::kPresentationState, in);
  DcmDataset& dataset = result.dataset();
  PutIdentification(dataset, in.source, result.now());
  PutDisplayedArea(dataset, in.source);
  PutGraphics(dataset, in.source, in.analysis, result.now());
  curve->WriteTransformations(dataset);
  return std::move(result).Finish();
}

}  // namespace cxr
