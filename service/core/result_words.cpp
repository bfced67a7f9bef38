// SPDX-License-Identifier: Apache-2.0
#include "service/core/result_words.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "service/core/pattern.h"
#include "service/core/result_numbers.h"

namespace cxr {
namespace {

constexpr std::size_t kLongestName = 64;
constexpr std::size_t kLongestSentence = 1024;
constexpr absl::string_view kResearchUse = "For research use only; not for diagnosis.";

std::string Cautions(const std::vector<Reason>& reasons) {
  return absl::StrCat("CAUTION: ", absl::StrJoin(reasons, "; ", [](std::string* out, const Reason& reason) {
                        absl::StrAppend(out, ReasonMeaning(reason.code));
                      }));
}

/// Where positive and negative begin.
std::string PointsText(const ResultNumbers& numbers) {
  std::string text = absl::StrCat("positive from ", PercentText(numbers.positive_from), " %");
  if (numbers.indeterminate_from < numbers.positive_from)
    absl::StrAppend(&text, ", negative below ", PercentText(numbers.indeterminate_from), " %");
  return text;
}

/// The probability of the finding. An indeterminate decision has none: that of its likelier pattern would look like it.
std::string ProbabilityText(const Decision& decision, const ResultNumbers& numbers) {
  if (decision.conclusion != Conclusion::kIndeterminate)
    return absl::StrCat("Probability ", PercentText(numbers.Of(decision.finding)), " %");
  return absl::StrCat("Bacterial ", PercentText(numbers.Of(Pattern::kBacteria)), " %, viral ",
                      PercentText(numbers.Of(Pattern::kVirus)), " %, normal ",
                      PercentText(numbers.Of(Pattern::kNormal)), " %");
}

std::string ScoreText(const ResultNumbers& numbers) {
  return absl::StrCat("Pneumonia score ", PercentText(numbers.score), " %, ", PointsText(numbers));
}

/// How the numbers led to the conclusion.
std::string Explanation(const Classification& classification) {
  const ResultNumbers numbers = RoundResult(classification);
  const Decision& decision = classification.decision;
  std::string text = absl::StrCat(ScoreText(numbers), ": ", ConclusionName(decision.conclusion), ".");
  if (decision.positive()) absl::StrAppend(&text, " An image cannot prove the cause of a pneumonia.");
  if (decision.conclusion == Conclusion::kIndeterminate && numbers.score < numbers.indeterminate_from)
    absl::StrAppend(&text, " It is not negative because normal is not the likeliest pattern.");
  return text;
}

}  // namespace

std::string FitText(absl::string_view text, std::size_t length) {
  std::string fitted(text.substr(0, length));
  std::replace_if(
      fitted.begin(), fitted.end(), [](char c) { return c < ' ' || c > '~' || c == '\\'; }, ' ');
  return std::string(absl::StripAsciiWhitespace(fitted));
}

absl::string_view DecisionCaption(const Decision& decision) {
  return decision.conclusion == Conclusion::kIndeterminate ? "Indeterminate: pneumonia neither found nor excluded"
                                                           : PatternCaption(decision.finding);
}

Caption CaptionOf(const Analysis& analysis, MapDisplay map, absl::string_view date) {
  const Classification& classification = *analysis.classification;
  const ResultNumbers numbers = RoundResult(classification);
  const Decision& decision = classification.decision;
  const ModelIdentity& model = analysis.model.identity;
  Caption caption;
  caption.conclusion = decision.conclusion;
  caption.headings.emplace_back(DecisionCaption(decision));
  if (!analysis.reasons.empty()) caption.headings.push_back(Cautions(analysis.reasons));
  caption.numbers = {ProbabilityText(decision, numbers), ScoreText(numbers)};
  caption.bottom = {absl::StrCat("Model ", FitText(model.name, kLongestName), " ", FitText(model.version, kLongestName),
                                 date.empty() ? "" : ", analysed ", date),
                    std::string(kResearchUse)};
  if (map == MapDisplay::kShown)
    caption.legend = classification.decision.negative() ? "Activation for normal" : "Activation";
  return caption;
}

std::string ReportSummary(const Analysis& analysis) {
  const bool classified = analysis.classification.has_value();
  const absl::string_view finding = classified ? DecisionCaption(analysis.classification->decision)
                                               : "Not applicable: the radiograph was not classified; this is not a "
                                                 "negative result";
  std::string text = absl::StrCat(finding, ". ", kResearchUse);
  if (classified && !analysis.reasons.empty()) absl::StrAppend(&text, " CAUTION:");
  for (const Reason& reason : analysis.reasons) absl::StrAppend(&text, " ", FitText(reason.message, kLongestSentence));
  if (classified) absl::StrAppend(&text, " ", Explanation(*analysis.classification));
  return text;
}

std::string RegionText(const Decision& decision, std::size_t number) {
  absl::string_view finding = "No pneumonia pattern";
  if (decision.conclusion == Conclusion::kIndeterminate) {
    finding = "Indeterminate";
  } else if (decision.positive()) {
    finding = decision.finding == Pattern::kVirus ? "Viral pattern" : "Bacterial pattern";
  }
  return absl::StrCat(finding, number == 0 ? "" : absl::StrCat(" ", number), " (research use only)");
}

std::string PopulationText(const ModelInfo& model) {
  return absl::StrFormat("The model applies to ages of %g to %g completed years. %s", model.population.min_age_years,
                         model.population.max_age_years, FitText(model.population.description, kLongestSentence));
}

}  // namespace cxr
