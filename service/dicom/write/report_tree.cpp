// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/write/report_tree.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "service/core/result_numbers.h"
#include "service/core/result_words.h"
#include "service/dicom/read/attribute.h"
#include "service/dicom/write/coded_concept.h"
#include "service/dicom/write/content_item.h"
#include "service/dicom/write/deterministic_uid.h"
#include "service/dicom/write/equipment.h"
#include "service/dicom/write/reported_regions.h"

namespace cxr {
namespace {

constexpr auto kContains = Relationship::kContains;
constexpr auto kModifier = Relationship::kHasConceptModifier;
constexpr auto kObserver = Relationship::kHasObservationContext;

void AddObserver(ContentItem& root, const WriteInput& in) {
  const ModelIdentity& model = in.analysis.model.identity;
  const Equipment equipment(model, in.settings.service_version);
  root.AddCode(kObserver, codes::kObserverType, codes::kDevice);
  root.AddUid(kObserver, codes::kDeviceUid, DeterministicUid({"device", in.settings.service_version, model.sha256}));
  root.AddText(kObserver, codes::kDeviceName, Equipment::kManufacturer);
  root.AddText(kObserver, codes::kDeviceManufacturer, Equipment::kManufacturer);
  root.AddText(kObserver, codes::kDeviceModel, equipment.model_name);
  root.AddText(kObserver, codes::kDeviceSerial, equipment.serial_number);
}

/// The source, and in a group of its own, for it is no image of that modality, the capture.
void AddImageLibrary(ContentItem& root, const SourceContext& source, const DicomObject* capture) {
  ContentItem library = root.AddContainer(kContains, codes::kImageLibrary, "1600");
  ContentItem group = library.AddContainer(kContains, codes::kImageLibraryGroup);
  const auto acquisition = Relationship::kHasAcquisitionContext;
  if (source.modality == "CR") group.AddCode(acquisition, codes::kModality, codes::kComputedRadiography);
  if (source.modality == "DX") group.AddCode(acquisition, codes::kModality, codes::kDigitalRadiography);
  group.AddImage(kContains, &codes::kOriginalSource, source.sop_class_uid, source.identity.sop_instance_uid);
  if (capture == nullptr) return;
  library.AddContainer(kContains, codes::kImageLibraryGroup)
      .AddImage(kContains, nullptr, capture->sop_class_uid, capture->sop_instance_uid);
}

Polygon Rectangle(const PixelBox& box, int rows, int columns) {
  const double left = std::clamp(box.left, 0.0, static_cast<double>(columns));
  const double top = std::clamp(box.top, 0.0, static_cast<double>(rows));
  const double right = std::clamp(box.left + box.width, left, static_cast<double>(columns));
  const double bottom = std::clamp(box.top + box.height, top, static_cast<double>(rows));
  return {{left, top}, {right, top}, {right, bottom}, {left, bottom}};
}

/// A region with the identifiers that DICOM wants to recognise it by.
struct TrackedRegion {
  Polygon outline;
  std::string identifier;
  std::string uid;
};

/// The regions to report, inside the image; the first is that of the probabilities. When nothing stands out, they come
/// from the analysed field.
std::vector<TrackedRegion> RegionsOf(const WriteInput& in, const Classification& classification,
                                     const std::string& sop_instance_uid) {
  std::vector<Polygon> outlines = ReportedRegions(in.source, in.analysis);
  const bool salient = !outlines.empty();
  if (!salient) outlines.push_back(Rectangle(classification.map.source_box, in.source.rows, in.source.columns));
  std::vector<TrackedRegion> regions;
  for (std::size_t i = 0; i < outlines.size(); ++i) {
    regions.push_back({std::move(outlines[i]), RegionText(classification.decision, salient ? i + 1 : 0),
                       DeterministicUid({"region", sop_instance_uid, absl::StrCat(i)})});
  }
  return regions;
}

/// Gauss's area formula, in square pixels.
double Area(const Polygon& polygon) {
  double twice = 0;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const PixelPoint& a = polygon[i];
    const PixelPoint& b = polygon[(i + 1) % polygon.size()];
    twice += a.x * b.y - b.x * a.y;
  }
  return std::abs(twice) / 2;
}

/// A finding is what the image suggests, not a diagnosis.
void AddFinding(ContentItem& to, const CodedConcept& name, const Decision& decision) {
  ContentItem finding = to.AddCode(kContains, name, FindingCode(decision));
  if (decision.positive()) finding.AddCode(kModifier, codes::kFindingContext, codes::kSuspected);
}

/// A group without numbers: what is tracked, what was found, where, and how.
ContentItem AddGroup(ContentItem& measurements, const WriteInput& in, const Decision& decision,
                     const TrackedRegion& region) {
  ContentItem group = measurements.AddContainer(kContains, codes::kMeasurementGroup, "1410");
  group.AddText(kObserver, codes::kTrackingIdentifier, region.identifier);
  group.AddUid(kObserver, codes::kTrackingUid, region.uid);
  AddFinding(group, codes::kFinding, decision);
  group.AddPolygon(codes::kImageRegion, FromTheLeft(region.outline))
      .AddImage(Relationship::kSelectedFrom, &codes::kOriginalSource, in.source.sop_class_uid,
                in.source.identity.sop_instance_uid);
  group.AddCode(kModifier, codes::kMeasurementMethod, codes::kGradCam);
  group.AddCode(kModifier, codes::kFindingSite, codes::kLung);
  return group;
}

/// What made the result (TID 4019), and with it how it can be repeated (see ReadReport).
void AddAlgorithm(ContentItem& to, const WriteInput& in, Relationship relationship) {
  const ModelIdentity& model = in.analysis.model.identity;
  const std::string version = FitText(model.version, 64);
  to.AddText(relationship, codes::kAlgorithmName, Equipment(model, in.settings.service_version).model_name);
  to.AddText(relationship, codes::kAlgorithmVersion, version.empty() ? "unknown" : version);
  to.AddText(relationship, codes::kAlgorithmParameters, absl::StrCat("model sha256 ", FitText(model.sha256, 64)));
  to.AddText(relationship, codes::kAlgorithmParameters, absl::StrCat("settings ", FitText(in.settings.digest, 1024)));
}

void AddProbabilities(ContentItem& group, const Classification& classification) {
  const ResultNumbers numbers = RoundResult(classification);
  for (Pattern pattern : kPatterns) {
    group.AddNumber(ProbabilityName(pattern), PercentText(numbers.Of(pattern)), codes::kPercent)
        .AddCode(kModifier, codes::kFinding, FindingCode(pattern));
  }
  group.AddNumber(codes::kPneumoniaScore, PercentText(numbers.score), codes::kPercent);
  group.AddNumber(codes::kOperatingPoint, PercentText(numbers.positive_from), codes::kPercent);
  group.AddNumber(codes::kLowerOperatingPoint, PercentText(numbers.indeterminate_from), codes::kPercent);
}

void AddMeasurements(ContentItem& root, const WriteInput& in, const std::string& sop_instance_uid) {
  const Classification& classification = *in.analysis.classification;
  ContentItem measurements = root.AddContainer(kContains, codes::kImagingMeasurements);
  AddAlgorithm(measurements, in, kModifier);
  const std::vector<TrackedRegion> regions = RegionsOf(in, classification, sop_instance_uid);
  for (std::size_t i = 0; i < regions.size(); ++i) {
    ContentItem group = AddGroup(measurements, in, classification.decision, regions[i]);
    if (i == 0) {
      AddProbabilities(group, classification);
    } else {
      group.AddNumber(codes::kArea, DecimalText(std::round(Area(regions[i].outline))), codes::kPixels);
    }
  }
}

void AddEvaluations(ContentItem& root, const WriteInput& in) {
  const Analysis& analysis = in.analysis;
  ContentItem evaluations = root.AddContainer(kContains, codes::kQualitativeEvaluations);
  if (analysis.classification.has_value()) {
    const Decision& decision = analysis.classification->decision;
    AddFinding(evaluations, decision.negative() ? codes::kNormality : codes::kFinding, decision);
    evaluations.AddCode(kContains, codes::kConclusion, ConclusionCode(decision.conclusion));
  }
  evaluations.AddCode(kContains, codes::kOutcome, OutcomeCode(analysis.outcome));
  // The order of TID 1500 is significant: all codes (row 13) come before all texts (row 14).
  for (const Reason& reason : analysis.reasons)
    evaluations.AddCode(kContains, codes::kReason, ReasonConcept(reason.code));
  for (const Reason& reason : analysis.reasons)
    evaluations.AddText(kContains, codes::kComment, FitText(reason.message, 1024));
  evaluations.AddText(kContains, codes::kPopulation, PopulationText(analysis.model));
  if (!analysis.classification.has_value()) AddAlgorithm(evaluations, in, kContains);
}

}  // namespace

void WriteReportTree(DcmItem& dataset, const WriteInput& in, const std::string& sop_instance_uid) {
  const bool analysed = in.analysis.classification.has_value();
  ContentItem root =
      ContentItem::Root(dataset, analysed ? codes::kImagingMeasurementReport : codes::kNotAnalysed, "1500");
  root.AddCode(kModifier, codes::kLanguage, codes::kEnglish);
  AddObserver(root, in);
  root.AddCode(kModifier, codes::kProcedureReported, codes::kImagingProcedure);
  root.AddText(kContains, codes::kSummary, ReportSummary(in.analysis));
  AddImageLibrary(root, in.source, in.capture);
  if (analysed) AddMeasurements(root, in, sop_instance_uid);
  AddEvaluations(root, in);
}

}  // namespace cxr
