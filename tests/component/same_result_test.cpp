// SPDX-License-Identifier: Apache-2.0
// Every form of one result says the same: what people read in capture, report, presentation state, JSON and table.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "service/analyze/result_record.h"
#include "service/analyze/result_table.h"
#include "service/core/result_numbers.h"
#include "service/core/result_words.h"
#include "service/dicom/dicom_reader.h"
#include "service/dicom/tools/report_reader.h"
#include "service/imaging/overlay.h"
#include "service/rpc/convert.h"
#include "tests/component/pipeline.h"
#include "tests/support/dicom_fixture.h"

namespace cxr::test {
namespace {

constexpr char kDate[] = "2026-02-28";

/// Finds what it is told to find.
class StatedClassifier final : public Classifier {
 public:
  StatedClassifier(const PatternProbabilities& stated, const OperatingPoints& points) : stated_(stated) {
    info_ = {{"stated", "1.2.3", std::string(64, 'a')}, {1, 5, "children"}, points};
  }

  [[nodiscard]] const ModelInfo& info() const override { return info_; }

  [[nodiscard]] absl::StatusOr<Classification> Classify(const GrayImage& image, Stopwatch&) const override {
    Classification result;
    result.raw = result.calibrated = stated_;
    result.pneumonia_score = PneumoniaScore(stated_);
    result.decision = Decide(stated_, info_.points);
    result.map = {1, 2, {0, 1}, {0, 0, 1.0 * image.columns, 1.0 * image.rows}, result.decision.finding};
    return result;
  }

 private:
  PatternProbabilities stated_;
  ModelInfo info_;
};

AnalysisResult ResultOf(const Classifier& classifier) {
  DicomSettings settings;
  settings.write.digest = "same result test";
  settings.write.clock = [] { return DateTime{"20260228", "120000"}; };
  const auto reader = MakeDicomReader(settings).value();
  const auto renderer = MakeOverlayRenderer({});
  DicomFixture fixture;
  fixture.attributes = {{"PatientAge", ""}, {"PatientBirthDate", ""}};  // a caution has to be shown too
  Stopwatch stopwatch;
  return AnalyzeRadiograph(fixture.Build(), {reader.get(), &classifier, renderer.get()}, {}, ObjectKinds::All(),
                           stopwatch)
      .value();
}

const DicomObject& Object(const AnalysisResult& result, ObjectKind kind) {
  for (const DicomObject& object : result.objects) {
    if (object.kind == kind) return object;
  }
  ADD_FAILURE() << FormOf(kind).name;
  return result.objects.front();
}

/// The numbers of a report as it writes them, in percent, under their names.
std::map<std::string, std::string> NumbersOf(const StoredReport& report) {
  std::map<std::string, std::string> numbers;
  for (const ReportedNumber& number : report.numbers) numbers[number.name] = absl::StrFormat("%.2f", number.percent);
  return numbers;
}

std::string Percent(const nlohmann::json& share) {
  return absl::StrFormat("%.2f", 100 * share.get<double>());
}

struct Case {
  const char* name;
  PatternProbabilities probabilities;
  OperatingPoints points;
};

class SameResult : public ::testing::TestWithParam<Case> {
 protected:
  SameResult() : result(ResultOf(StatedClassifier(GetParam().probabilities, GetParam().points))) {}

  const AnalysisResult result;
  const Classification& classification = *result.analysis.classification;
  const Caption caption = CaptionOf(result.analysis, MapDisplay::kShown, kDate);
  /// As the capture shows them.
  const std::string score = PercentText(RoundResult(classification).score);
  const std::string operating_point = PercentText(RoundResult(classification).positive_from);
  const std::string probability = PercentText(RoundResult(classification).Of(classification.decision.finding));
  const bool indeterminate = classification.decision.conclusion == Conclusion::kIndeterminate;
};

/// What the report's code of a decision must be.
std::string ReportedFinding(const Decision& decision) {
  if (decision.conclusion == Conclusion::kIndeterminate) return "Indeterminate (82334004)";
  if (decision.finding == Pattern::kNormal) return "Normal (17621005)";
  return decision.finding == Pattern::kBacteria ? "Bacterial pneumonia (53084003)" : "Viral pneumonia (75570004)";
}

TEST_P(SameResult, IsWhatTheCaptionSays) {
  EXPECT_EQ(caption.conclusion, classification.decision.conclusion);
  EXPECT_EQ(caption.headings, (std::vector<std::string>{std::string(DecisionCaption(classification.decision)),
                                                        "CAUTION: Age is not known"}));
  if (indeterminate) {
    const ResultNumbers shown = RoundResult(classification);
    EXPECT_EQ(caption.numbers[0], absl::StrCat("Bacterial ", PercentText(shown.Of(Pattern::kBacteria)), " %, viral ",
                                               PercentText(shown.Of(Pattern::kVirus)), " %, normal ",
                                               PercentText(shown.Of(Pattern::kNormal)), " %"));
  } else {
    EXPECT_EQ(caption.numbers[0], absl::StrCat("Probability ", probability, " %"));
  }
  EXPECT_EQ(
      caption.numbers[1].find(absl::StrCat("Pneumonia score ", score, " %, positive from ", operating_point, " %")),
      0U);
}

TEST_P(SameResult, IsNeverNegativeWhereAnotherPatternIsLikelier) {
  const ResultNumbers shown = RoundResult(classification);
  if (!classification.decision.negative()) return;
  EXPECT_GE(shown.Of(Pattern::kNormal), shown.Of(Pattern::kBacteria));
  EXPECT_GE(shown.Of(Pattern::kNormal), shown.Of(Pattern::kVirus));
}

TEST_P(SameResult, IsWhatThePresentationStateSays) {
  const std::vector<std::string> lines =
      absl::StrSplit(TextOfPresentationState(Object(result, ObjectKind::kPresentationState)), "\r\n");
  std::vector<std::string> shown = caption.headings;
  shown.insert(shown.end(), caption.numbers.begin(), caption.numbers.end());
  shown.insert(shown.end(), caption.bottom.begin(), caption.bottom.end());
  EXPECT_EQ(lines, shown);
}

TEST_P(SameResult, IsWhatTheReportSays) {
  const StoredReport report = ReadReport(Object(result, ObjectKind::kStructuredReport).content).value();
  std::map<std::string, std::string> numbers = NumbersOf(report);
  const Pattern finding = classification.decision.finding;
  const char* name = finding == Pattern::kBacteria ? "Probability of bacterial pattern"
                     : finding == Pattern::kVirus  ? "Probability of viral pattern"
                                                   : "Probability of normal";
  EXPECT_EQ(numbers[name], probability);
  EXPECT_EQ(numbers["Pneumonia score"], score);
  EXPECT_EQ(numbers["Operating point of pneumonia score"], operating_point);
  EXPECT_EQ(report.summary.find(absl::StrCat(caption.headings[0], ". ", caption.bottom.back(), " CAUTION: ")), 0U)
      << report.summary;
  EXPECT_NE(report.summary.find(
                absl::StrCat(caption.numbers[1], ": ", ConclusionName(classification.decision.conclusion), ".")),
            std::string::npos)
      << report.summary;
  EXPECT_EQ(absl::StrCat("CAUTION: ", absl::StrJoin(report.reasons, "; ")), caption.headings[1]);
}

TEST_P(SameResult, IsWhatTheReportCodes) {
  const StoredReport report = ReadReport(Object(result, ObjectKind::kStructuredReport).content).value();
  const Decision& decision = classification.decision;
  EXPECT_EQ(report.findings, std::vector<std::string>{ReportedFinding(decision)});
  EXPECT_EQ(report.qualifiers, decision.positive() ? "Suspected (415684004)" : "");
  EXPECT_EQ(absl::AsciiStrToLower(report.conclusion), ConclusionName(decision.conclusion));
}

TEST_P(SameResult, IsWhatJsonAndTableSay) {
  AnalysisResult answered = result;
  v1::AnalyzeResponse response;
  FillResponse(std::move(answered), {}, response);
  const ResultRecord record = RecordOf("file", response);
  const nlohmann::json json = nlohmann::json::parse(ToJson(record));
  const StoredReport report = ReadReport(Object(result, ObjectKind::kStructuredReport).content).value();
  std::map<std::string, std::string> numbers = NumbersOf(report);
  const std::string finding =
      indeterminate ? "INDETERMINATE" : std::string(PatternName(classification.decision.finding));
  EXPECT_EQ(json["finding"], finding);
  EXPECT_EQ(json["conclusion"], std::string(ConclusionName(classification.decision.conclusion)));
  EXPECT_EQ(Percent(json["score"]), score);
  EXPECT_EQ(Percent(json["p_bacteria"]), numbers["Probability of bacterial pattern"]);
  EXPECT_EQ(Percent(json["p_normal"]), numbers["Probability of normal"]);
  EXPECT_EQ(Percent(json["p_virus"]), numbers["Probability of viral pattern"]);
  const std::vector<std::string> words = absl::StrSplit(ToTable({record}), absl::ByAnyChar(" \n"), absl::SkipEmpty());
  EXPECT_NE(std::find(words.begin(), words.end(), finding), words.end()) << ToTable({record});
  for (const char* key : {"score", "p_bacteria", "p_normal", "p_virus"}) {
    EXPECT_NE(std::find(words.begin(), words.end(), absl::StrFormat("%.4f", json[key].get<double>())), words.end())
        << key << " in\n"
        << ToTable({record});
  }
}

INSTANTIATE_TEST_SUITE_P(
    Cases, SameResult,
    ::testing::Values(
        Case{"bacterial", {0.666664, 0.000106, 0.33323}, {0.5, 0.5}}, Case{"viral", {0.2, 0.1255, 0.6745}, {0.3, 0.41}},
        Case{"normal", {0.01, 0.98765, 0.00235}, {0.4, 0.5}},
        Case{"a_hair_below_the_operating_point", {0.499996, 0.500004, 0}, {0.5, 0.5}},
        Case{"at_the_operating_point", {0.12345, 0.54321, 0.33334}, {0.4, 0.45679}},
        Case{"indeterminate", {0.23456, 0.43211, 0.33333}, {0.385, 0.7545}},
        Case{"indeterminate_by_its_patterns", {0.52, 0.48, 0}, {0.6, 0.7}},
        Case{"a_hair_below_the_lower_operating_point", {0.0, 0.625269, 0.374731 - 1e-6}, {0.374731, 0.7545}},
        Case{"at_the_lower_operating_point", {0.2, 0.6, 0.2}, {0.4, 0.7545}}, Case{"certain", {1, 0, 0}, {0.5, 0.5}}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace cxr::test
