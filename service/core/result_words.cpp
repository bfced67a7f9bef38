// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/write/report_summary.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "service/core/pattern.h"
#include "service/dicom/read/attribute.h"
#include "service/dicom/write/coded_concept.h"
#include "service/dicom/write/report_numbers.h"

namespace cxr {
namespace {

constexpr absl::string_view kResearchUse = "For research use only; not for diagnosis.";

std::string Finding(const Classification& classification) {
  const ReportNumbers numbers = RoundForReport(classification);
  std::string text =
      absl::StrCat(PatternCaption(classification.decision.finding), ". Pneumonia score ", PercentText(numbers.score),
                   " %, operating point ", PercentText(numbers.operating_point),
                   " %: ", classification.decision.positive ? "positive" : "negative", ".");
  if (classification.decision.positive) absl::StrAppend(&text, " A picture cannot prove the cause of a pneumonia.");
  return text;
}

}  // namespace

std::string ReportSummary(const Analysis& analysis) {
  std::string text = analysis.classification.has_value()
                         ? Finding(*analysis.classification)
                         : std::string("Not applicable: the film was not classified; this is not a negative result.");
  for (const Reason& reason : analysis.reasons) absl::StrAppend(&text, " ", FitText(reason.message, 1024));
  absl::StrAppend(&text, " ", kResearchUse);
  return text;
}

std::string CaptionText(const Analysis& analysis, const std::string& date) {
  const Classification& classification = *analysis.classification;
  const ReportNumbers numbers = RoundForReport(classification);
  const Pattern finding = classification.decision.finding;
  std::vector<std::string> lines;
  lines.emplace_back(PatternCaption(finding));
  lines.push_back(
      absl::StrCat("Probability ", PercentText(numbers.probabilities[static_cast<std::size_t>(finding)]), " %"));
  lines.push_back(absl::StrCat("Pneumonia score ", PercentText(numbers.score), " %, positive from ",
                               PercentText(numbers.operating_point), " %"));
  for (const Reason& reason : analysis.reasons) {
    lines.push_back(absl::StrCat("CAUTION: ", ReasonConcept(reason.code).meaning));
  }
  lines.push_back(absl::StrCat("Model ", FitText(analysis.model.identity.name, 64), " ",
                               FitText(analysis.model.identity.version, 64)));
  if (!date.empty()) lines.push_back(absl::StrCat("Analysed ", date));
  lines.emplace_back(kResearchUse);
  return absl::StrJoin(lines, "\r\n");
}

std::string PopulationText(const ModelInfo& model) {
  return absl::StrFormat("The model applies to ages of %g to %g completed years. %s", model.population.min_age_years,
                         model.population.max_age_years, FitText(model.population.description, 1024));
}

}  // namespace cxr
