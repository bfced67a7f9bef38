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
  group.AddImage(kContains, nullptr, source.sop_class_uid, source.identity.sop_instance_uid);
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

/// Where the numbers come from when nothing stands out.
Polygon AnalysedField(const WriteInput& in) {
  const int rows = in.source.rows;
  const int columns = in.source.columns;
  const PixelBox whole{0, 0, static_cast<double>(columns), static_cast<double>(rows)};
  const bool analysed = in.analysis.classification.has_value();
  return Rectangle(analysed ? in.analysis.classification->map.source_box : whole, rows, columns);
}

/// A region with the identifiers that DICOM wants to recognise it by.
struct TrackedRegion {
  Polygon outline;
  std::string identifier;
  std::string uid;
};

/// The regions to report, inside the image; the first is that of the probabilities.
std::vector<TrackedRegion> RegionsOf(const WriteInput& in, const std::string& sop_instance_uid) {
  std::vector<Polygon> outlines = ReportedRegions(in.source, in.analysis);
  if (outlines.empty()) outlines.push_back(AnalysedField(in));
  std::vector<TrackedRegion> regions;
  for (std::size_t i = 0; i < outlines.size(); ++i) {
    regions.push_back({std::move(outlines[i]), absl::StrCat("Region ", i + 1),
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

/// A group up to its region: what is tracked, what was found, where.
ContentItem AddGroup(ContentItem& measurements, const WriteInput& in, const CodedConcept& finding,
                     const TrackedRegion& region) {
  ContentItem group = measurements.AddContainer(kContains, codes::kMeasurementGroup, "1410");
  group.AddText(kObserver, codes::kTrackingIdentifier, region.identifier);
  group.AddUid(kObserver, codes::kTrackingUid, region.uid);
  group.AddCode(kContains, codes::kFinding, finding);
  group.AddPolygon(codes::kImageRegion, FromTheLeft(region.outline))
      .AddImage(Relationship::kSelectedFrom, &codes::kOriginalSource, in.source.sop_class_uid,
                in.source.identity.sop_instance_uid);
  return group;
}

/// What made a number; beside the findings too, for a report without numbers can be repeated as well (see ReadReport).
void AddAlgorithm(ContentItem& to, const WriteInput& in, Relationship relationship = kModifier) {
  const ModelIdentity& model = in.analysis.model.identity;
  const std::string version = FitText(model.version, 64);
  to.AddText(relationship, codes::kAlgorithmName, Equipment(model, in.settings.service_version).model_name);
  to.AddText(relationship, codes::kAlgorithmVersion, version.empty() ? "unknown" : version);
  to.AddText(relationship, codes::kAlgorithmParameters, absl::StrCat("model sha256 ", FitText(model.sha256, 64)));
  to.AddText(relationship, codes::kAlgorithmParameters, absl::StrCat("settings ", FitText(in.settings.digest, 1024)));
}

void AddProbabilities(ContentItem& group, const WriteInput& in, const Classification& classification) {
  const ResultNumbers numbers = RoundResult(classification);
  for (Pattern pattern : kPatterns) {
    const std::string value = PercentText(numbers.Of(pattern));
    ContentItem number = group.AddNumber(ProbabilityName(pattern), value, codes::kPercent);
    number.AddCode(kModifier, codes::kFinding, FindingCode(pattern));
    AddAlgorithm(number, in);
  }
  ContentItem score = group.AddNumber(codes::kPneumoniaScore, PercentText(numbers.score), codes::kPercent);
  AddAlgorithm(score, in);
  ContentItem point = group.AddNumber(codes::kOperatingPoint, PercentText(numbers.positive_from), codes::kPercent);
  AddAlgorithm(point, in);
}

void AddMeasurements(ContentItem& root, const WriteInput& in, const std::string& sop_instance_uid) {
  ContentItem measurements = root.AddContainer(kContains, codes::kImagingMeasurements);
  const absl::optional<Classification>& classification = in.analysis.classification;
  const CodedConcept finding = classification ? FindingCode(classification->decision.finding) : codes::kNotApplicable;
  const std::vector<TrackedRegion> regions = RegionsOf(in, sop_instance_uid);
  for (std::size_t i = 0; i < regions.size(); ++i) {
    ContentItem group = AddGroup(measurements, in, finding, regions[i]);
    if (classification) {
      group.AddCode(kModifier, codes::kMeasurementMethod, codes::kGradCam);
      group.AddCode(kModifier, codes::kFindingSite, codes::kLung);
    }
    if (classification && i == 0) {
      AddProbabilities(group, in, *classification);
    } else {
      group.AddNumber(codes::kArea, DecimalText(std::round(Area(regions[i].outline))), codes::kPixels);
    }
  }
}

void AddEvaluations(ContentItem& root, const WriteInput& in) {
  const Analysis& analysis = in.analysis;
  ContentItem evaluations = root.AddContainer(kContains, codes::kQualitativeEvaluations);
  if (analysis.classification.has_value()) {
    const Pattern finding = analysis.classification->decision.finding;
    evaluations.AddCode(kContains, finding == Pattern::kNormal ? codes::kNormality : codes::kFinding,
                        FindingCode(finding));
  }
  evaluations.AddCode(kContains, codes::kOutcome, OutcomeCode(analysis.outcome));
  // The order of TID 1500 is significant: all codes (row 13) come before all texts (row 14).
  for (const Reason& reason : analysis.reasons)
    evaluations.AddCode(kContains, codes::kReason, ReasonConcept(reason.code));
  for (const Reason& reason : analysis.reasons)
    evaluations.AddText(kContains, codes::kComment, FitText(reason.message, 1024));
  evaluations.AddText(kContains, codes::kSummary, ReportSummary(analysis));
  evaluations.AddText(kContains, codes::kPopulation, PopulationText(analysis.model));
  AddAlgorithm(evaluations, in, kContains);
}

}  // namespace

void WriteReportTree(DcmItem& dataset, const WriteInput& in, const std::string& sop_instance_uid) {
  ContentItem root = ContentItem::Root(dataset, codes::kImagingMeasurementReport, "1500");
  root.AddCode(kModifier, codes::kLanguage, codes::kEnglish);
  AddObserver(root, in);
  root.AddCode(kModifier, codes::kProcedureReported, codes::kImagingProcedure);
  AddImageLibrary(root, in.source, in.capture);
  AddMeasurements(root, in, sop_instance_uid);
  AddEvaluations(root, in);
}

}  // namespace cxr
