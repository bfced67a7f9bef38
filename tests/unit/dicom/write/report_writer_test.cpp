// SPDX-License-Identifier: Apache-2.0
#include <dcmtk/config/osconfig.h>
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcdeftag.h>
#include <gtest/gtest.h>

#include "tests/support/dicom_fixture.h"
#include "tests/unit/dicom/support/analysis_samples.h"
#include "tests/unit/dicom/support/result_file.h"

namespace cxr {
namespace {

using test::AnalysisOf;
using test::DicomFixture;
using test::Named;
using test::Node;
using test::ResultFile;

DicomObject Report(const Analysis& analysis, const DicomObject* capture = nullptr,
                   const DicomSettings& settings = test::FixedSettings()) {
  const std::string file = DicomFixture().Build();
  absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = test::Reader(settings)->Read(file);
  EXPECT_TRUE(radiograph.ok()) << radiograph.status();
  absl::StatusOr<DicomObject> report =
      (*radiograph)->Write(ObjectKind::kStructuredReport, {analysis, nullptr, capture});
  EXPECT_TRUE(report.ok()) << report.status();
  return report.ok() ? *std::move(report) : DicomObject{};
}

std::vector<Node> NodesOf(const Analysis& analysis) {
  return ResultFile(Report(analysis).content).Nodes();
}

double Number(const std::vector<Node>& nodes, const std::string& name) {
  const std::vector<Node> found = Named(nodes, name);
  EXPECT_EQ(found.size(), 1u) << name;
  return found.empty() ? -1 : std::stod(found.front().value);
}

void ExpectRegionsInsideTheImage(const std::vector<Node>& nodes) {
  for (const Node& region : Named(nodes, "Image Region")) {
    ASSERT_GE(region.points.size(), 8u);
    EXPECT_EQ(region.points[0], region.points[region.points.size() - 2]);
    EXPECT_EQ(region.points[1], region.points.back());
    for (std::size_t i = 0; i < region.points.size(); i += 2) {
      EXPECT_GE(region.points[i], 0);
      EXPECT_LE(region.points[i], 48);
      EXPECT_GE(region.points[i + 1], 0);
      EXPECT_LE(region.points[i + 1], 60);
    }
  }
}

TEST(Report, IsAComprehensiveSrInTheStudyOfItsSource) {
  const DicomObject report = Report(AnalysisOf(0.7, 0.2));
  ResultFile file(report.content);
  EXPECT_EQ(report.kind, ObjectKind::kStructuredReport);
  EXPECT_EQ(report.sop_class_uid, "1.2.840.10008.5.1.4.1.1.88.33");
  EXPECT_EQ(file.Text(DCM_SOPInstanceUID), report.sop_instance_uid);
  EXPECT_EQ(file.Text(DCM_StudyInstanceUID), "2.25.1001");
  EXPECT_EQ(file.Text(DCM_Modality), "SR");
  EXPECT_EQ(file.Text(DCM_SeriesDescription), "CXR triage report");
  EXPECT_EQ(file.Text(DCM_Manufacturer), "cxr-triage");
  EXPECT_EQ(file.Text(DCM_VerificationFlag), "UNVERIFIED");
  EXPECT_EQ(file.Text(DCM_CompletionFlag), "COMPLETE");
  EXPECT_EQ(file.Text(DCM_ContentDate), "20240102");
  EXPECT_EQ(file.Text(DCM_ContentTime), "030405");
}

TEST(Report, IsAComprehensive3DSrWhenAskedFor) {
  DicomSettings settings = test::FixedSettings();
  settings.write.report_class = ReportClass::kComprehensive3D;
  const DicomObject flat = Report(AnalysisOf(0.7, 0.2));
  const DicomObject report = Report(AnalysisOf(0.7, 0.2), nullptr, settings);
  EXPECT_EQ(report.sop_class_uid, "1.2.840.10008.5.1.4.1.1.88.34");
  EXPECT_NE(report.sop_instance_uid, flat.sop_instance_uid);
  EXPECT_EQ(ResultFile(report.content).Nodes().size(), ResultFile(flat.content).Nodes().size());
}

TEST(Report, CarriesEveryProbabilityScoreAndOperatingPoint) {
  for (const auto& [bacteria, virus] :
       {std::pair{0.7, 0.2}, {0.1, 0.6}, {0.05, 0.1}, {1.0 / 3, 1.0 / 3}, {0.499999, 0.0}}) {
    const std::vector<Node> nodes = NodesOf(AnalysisOf(bacteria, virus));
    const double b = Number(nodes, "Probability of bacterial pattern");
    const double n = Number(nodes, "Probability of normal");
    const double v = Number(nodes, "Probability of viral pattern");
    EXPECT_NEAR(b, 100 * bacteria, 0.011);
    EXPECT_NEAR(v, 100 * virus, 0.011);
    EXPECT_NEAR(b + n + v, 100, 1e-9);
    EXPECT_NEAR(Number(nodes, "Pneumonia score"), b + v, 1e-9);
    EXPECT_EQ(Number(nodes, "Operating point of pneumonia score"), 50);
    EXPECT_EQ(Number(nodes, "Lower operating point of pneumonia score"), 50);
    for (const Node& node : nodes) {
      if (node.type == "NUM" && node.name != "Area") {
        EXPECT_EQ(node.unit, "%") << node.name;
      }
    }
  }
}

TEST(Report, StatesTheFindingOfTheDecision) {
  const auto findings = [](const Analysis& analysis) {
    std::vector<std::string> values;
    for (const Node& node : NodesOf(analysis)) {
      if (node.relationship == "CONTAINS" && (node.name == "Finding" || node.name == "Normality"))
        values.push_back(node.value);
    }
    return values;
  };
  using Codes = std::vector<std::string>;
  EXPECT_EQ(findings(AnalysisOf(0.7, 0.2)),
            (Codes{"53084003", "53084003", "53084003"}));  // two regions, then the evaluation
  EXPECT_EQ(findings(AnalysisOf(0.1, 0.6)), (Codes{"75570004", "75570004", "75570004"}));
  EXPECT_EQ(findings(AnalysisOf(0.1, 0.1)), (Codes{"17621005", "17621005"}));
  EXPECT_EQ(findings(test::Indeterminate()), (Codes{"82334004", "82334004"}));
}

TEST(Report, SuspectsWhatItFindsAndDiagnosesNothing) {
  const auto qualifiers = [](const Analysis& analysis) { return Named(NodesOf(analysis), "Finding context"); };
  const std::vector<Node> positive = qualifiers(AnalysisOf(0.7, 0.2));
  ASSERT_EQ(positive.size(), 3U) << "one on every finding";
  for (const Node& node : positive) {
    EXPECT_EQ(node.relationship, "HAS CONCEPT MOD");
    EXPECT_EQ(node.value, "415684004");
  }
  EXPECT_TRUE(qualifiers(AnalysisOf(0.1, 0.1)).empty());
  EXPECT_TRUE(qualifiers(test::Indeterminate()).empty());
}

TEST(Report, CodesTheConclusion) {
  const auto conclusion = [](const Analysis& analysis) {
    return Named(NodesOf(analysis), "Conclusion of the analysis").at(0).value;
  };
  EXPECT_EQ(conclusion(AnalysisOf(0.7, 0.2)), "10828004");
  EXPECT_EQ(conclusion(test::Indeterminate()), "82334004");
  EXPECT_EQ(conclusion(AnalysisOf(0.1, 0.1)), "260385009");
  EXPECT_TRUE(Named(NodesOf(test::NotApplicable()), "Conclusion of the analysis").empty());
}

TEST(Report, NamesNoPatternWhereTheDecisionIsIndeterminate) {
  for (const Node& node : NodesOf(test::Indeterminate())) {
    if (node.relationship == "HAS CONCEPT MOD") continue;  // the pattern of each probability
    for (const char* code : {"53084003", "75570004", "17621005"}) EXPECT_NE(node.value, code) << node.name;
  }
}

TEST(Report, OpensWithTheSummary) {
  for (const Analysis& analysis : {AnalysisOf(0.7, 0.2), test::Indeterminate(), test::NotApplicable()}) {
    const std::vector<Node> nodes = NodesOf(analysis);
    const auto first =
        std::find_if(nodes.begin(), nodes.end(), [](const Node& node) { return node.relationship == "CONTAINS"; });
    ASSERT_NE(first, nodes.end());
    EXPECT_EQ(first->name, "Summary");
    EXPECT_EQ(Named(nodes, "Summary").size(), 1U);
  }
}

TEST(Report, SaysFindingAndPurposeBesideEveryRegion) {
  const std::vector<Node> tracked = Named(NodesOf(AnalysisOf(0.7, 0.2)), "Tracking Identifier");
  ASSERT_EQ(tracked.size(), 2U);
  EXPECT_EQ(tracked[0].value, "Bacterial pattern 1 (research use only)");
  EXPECT_EQ(tracked[1].value, "Bacterial pattern 2 (research use only)");
  EXPECT_EQ(Named(NodesOf(AnalysisOf(0.1, 0.1)), "Tracking Identifier").at(0).value,
            "No pneumonia pattern (research use only)");
}

TEST(Report, OutlinesSalientRegionsInSourcePixels) {
  const std::vector<Node> nodes = NodesOf(AnalysisOf(0.7, 0.2));
  const std::vector<Node> regions = Named(nodes, "Image Region");
  ASSERT_EQ(regions.size(), 2u);
  EXPECT_EQ(regions[0].points, (std::vector<float>{5, 6, 5, 40, 30, 40, 30, 6, 5, 6}));
  ExpectRegionsInsideTheImage(nodes);
  EXPECT_EQ(Number(nodes, "Area"), 40);  // of the second; the first carries the probabilities
}

TEST(Report, KeepsRegionsInsideTheImage) {
  Analysis analysis = AnalysisOf(0.7, 0.2);
  analysis.salient_regions = {{{-5, -5}, {500, -5}, {500, 500}}, {{1, 1}, {2, 2}}};
  const std::vector<Node> nodes = NodesOf(analysis);
  EXPECT_EQ(Named(nodes, "Image Region").size(), 1u);
  ExpectRegionsInsideTheImage(nodes);
}

// OHIF hangs a region's labels on its first two points, to the right of them.
TEST(Report, BeginsEachOutlineWithItsLeftSide) {
  Analysis analysis = AnalysisOf(0.7, 0.2);
  analysis.salient_regions = {{{30, 10}, {20, 20}, {25, 30}, {45, 20}}, {{10, 20}, {20, 10}, {30, 30}, {12, 40}}};
  const std::vector<Node> regions = Named(NodesOf(analysis), "Image Region");
  ASSERT_EQ(regions.size(), 2u);
  EXPECT_EQ(regions[0].points, (std::vector<float>{20, 20, 25, 30, 45, 20, 30, 10, 20, 20}));
  EXPECT_EQ(regions[1].points, (std::vector<float>{10, 20, 12, 40, 30, 30, 20, 10, 10, 20}));
}

TEST(Report, OfANormalRadiographHasOneGroupAroundTheAnalysedField) {
  Analysis analysis = AnalysisOf(0.1, 0.1);
  analysis.classification->map.source_box = {0, 6, 48, 48};
  const std::vector<Node> nodes = NodesOf(analysis);
  EXPECT_EQ(Named(nodes, "Measurement Group").size(), 1u);
  ASSERT_EQ(Named(nodes, "Image Region").size(), 1u);
  EXPECT_EQ(Named(nodes, "Image Region")[0].points, (std::vector<float>{0, 6, 0, 54, 48, 54, 48, 6, 0, 6}));
}

TEST(Report, OfAPositiveRadiographWithoutSalientRegionHasAGroupToo) {
  Analysis analysis = AnalysisOf(0.7, 0.2);
  analysis.salient_regions.clear();
  EXPECT_EQ(Named(NodesOf(analysis), "Image Region").size(), 1u);
}

TEST(Report, OfARadiographThatWasNotAnalysedHoldsReasonsAndNothingLikeAFinding) {
  const std::vector<Node> nodes = NodesOf(test::NotApplicable());
  EXPECT_EQ(nodes.front().name, "Radiograph not analysed");
  EXPECT_TRUE(Named(nodes, "Imaging Measurements").empty());
  EXPECT_TRUE(Named(nodes, "Finding").empty());
  for (const Node& node : nodes) {
    EXPECT_NE(node.type, "SCOORD");
    EXPECT_NE(node.type, "NUM");
    EXPECT_FALSE(node.name.empty()) << "OHIF shows a text whose items all have names";
  }
  EXPECT_EQ(Named(nodes, "Outcome of the analysis")[0].value, "385432009");
  ASSERT_EQ(Named(nodes, "Reason of the outcome").size(), 2u);
  EXPECT_EQ(Named(nodes, "Reason of the outcome")[0].value, "AGE_OUTSIDE");
  EXPECT_EQ(Named(nodes, "Reason of the outcome")[1].value, "VIEW");
  EXPECT_EQ(Named(nodes, "Comment")[1].value, "View is LL; this analysis reads frontal views (AP or PA).");
  for (const Node& node : nodes) {
    for (const char* code : {"53084003", "75570004", "17621005"}) EXPECT_NE(node.value, code);
    EXPECT_NE(node.unit, "%") << node.name;
  }
  const std::string summary = Named(nodes, "Summary")[0].value;
  EXPECT_NE(summary.find("not classified"), std::string::npos);
  EXPECT_EQ(summary.find("No pattern"), std::string::npos);
}

TEST(Report, NamesWarnings) {
  Analysis analysis = AnalysisOf(0.7, 0.2);
  analysis.outcome = Outcome::kAnalysedWithWarnings;
  analysis.reasons = {{ReasonCode::kAgeUnknown, "The patient's age is not known."}};
  const std::vector<Node> nodes = NodesOf(analysis);
  EXPECT_EQ(Named(nodes, "Outcome of the analysis")[0].value, "WITH_WARNINGS");
  EXPECT_EQ(Named(nodes, "Reason of the outcome")[0].value, "AGE_UNKNOWN");
  EXPECT_NE(Named(nodes, "Summary")[0].value.find("age is not known"), std::string::npos);
}

TEST(Report, SaysResearchUseOnlyAndWhomTheModelAppliesTo) {
  for (const Analysis& analysis : {AnalysisOf(0.7, 0.2), AnalysisOf(0.1, 0.1), test::NotApplicable()}) {
    const std::vector<Node> nodes = NodesOf(analysis);
    EXPECT_NE(Named(nodes, "Summary")[0].value.find("research use only"), std::string::npos);
    EXPECT_NE(Named(nodes, "Population the model applies to")[0].value.find("children of one to five years"),
              std::string::npos);
  }
}

TEST(Report, NamesModelAndDeviceOnce) {
  for (const Analysis& analysis : {AnalysisOf(0.7, 0.2), AnalysisOf(0.1, 0.1), test::NotApplicable()}) {
    EXPECT_EQ(Named(NodesOf(analysis), "Algorithm Name").size(), 1U);
    EXPECT_EQ(Named(NodesOf(analysis), "Algorithm Parameters").size(), 2U) << "model and settings";
  }
  const std::vector<Node> nodes = NodesOf(AnalysisOf(0.7, 0.2));
  EXPECT_EQ(Named(nodes, "Algorithm Name")[0].value, "cxr-test");
  EXPECT_EQ(Named(nodes, "Algorithm Version")[0].value, "1.2.3");
  EXPECT_EQ(Named(nodes, "Algorithm Parameters")[0].value, "model sha256 " + std::string(64, 'a'));
  EXPECT_EQ(Named(nodes, "Device Observer Manufacturer")[0].value, "cxr-triage");
  EXPECT_EQ(Named(nodes, "Device Observer UID")[0].value,
            Named(NodesOf(AnalysisOf(0.1, 0.1)), "Device Observer UID")[0].value);
}

TEST(Report, NamesSourceAndCaptureAsEvidenceOnce) {
  DicomObject capture{ObjectKind::kSecondaryCapture, "1.2.840.10008.5.1.4.1.1.7", "2.25.5", "2.25.6", {}};
  ResultFile file(Report(AnalysisOf(0.7, 0.2), &capture).content);
  DcmItem* study = nullptr;
  ASSERT_TRUE(file.dataset().findAndGetSequenceItem(DCM_CurrentRequestedProcedureEvidenceSequence, study, 0).good());
  std::vector<std::string> instances;
  DcmItem* series = nullptr;
  for (long i = 0; study->findAndGetSequenceItem(DCM_ReferencedSeriesSequence, series, i).good(); ++i) {
    DcmItem* instance = nullptr;
    for (long k = 0; series->findAndGetSequenceItem(DCM_ReferencedSOPSequence, instance, k).good(); ++k) {
      OFString uid;
      instance->findAndGetOFString(DCM_ReferencedSOPInstanceUID, uid);
      instances.emplace_back(uid.c_str());
    }
  }
  EXPECT_EQ(instances, (std::vector<std::string>{"2.25.1003", "2.25.5"}));
  std::vector<std::string> library;
  for (const Node& node : file.Nodes()) {
    if (node.type == "IMAGE" && node.relationship == "CONTAINS") library.push_back(node.value);
  }
  EXPECT_EQ(library, instances) << "the tree refers to both";
}

TEST(Report, HasATemplateOnEveryGroupAndATrackingUid) {
  const DicomObject report = Report(AnalysisOf(0.7, 0.2));
  ResultFile file(report.content);
  EXPECT_EQ(file.TextIn(DCM_ContentTemplateSequence, DCM_TemplateIdentifier), "1500");
  const std::vector<Node> nodes = file.Nodes();
  ASSERT_EQ(Named(nodes, "Tracking Unique Identifier").size(), 2u);
  EXPECT_NE(Named(nodes, "Tracking Unique Identifier")[0].value, Named(nodes, "Tracking Unique Identifier")[1].value);
}

}  // namespace
}  // namespace cxr
