// SPDX-License-Identifier: Apache-2.0
#include "service/imaging/caption.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"

namespace cxr {
namespace {

constexpr std::size_t kLongestName = 40;

/// Names come from a manifest and may hold anything.
std::string Printable(absl::string_view text) {
  std::string result(text.substr(0, kLongestName));
  std::replace_if(
      result.begin(), result.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  if (text.size() > kLongestName) result += "...";
  return result;
}

std::string Warnings(const std::vector<Reason>& reasons) {
  std::string result;
  for (const Reason& reason : reasons) {
    absl::StrAppend(&result, result.empty() ? "CAUTION: " : ", ",
                    absl::StrReplaceAll(ReasonCodeName(reason.code), {{"_", " "}}));
  }
  return result;
}

/// In thousandths, and never on the wrong side of the operating point: a score of 0.4996 does not reach 0.5.
std::string ScoreLine(const Classification& classification) {
  const long point = std::lround(1000 * classification.decision.operating_point);
  const long score = std::lround(1000 * classification.pneumonia_score);
  const bool positive = classification.decision.positive;
  return absl::StrFormat("Pneumonia score %.3f, positive from %.3f",
                         (positive ? std::max(score, point) : std::min(score, std::max(0L, point - 1))) / 1000.0,
                         point / 1000.0);
}

}  // namespace

Caption WordCaption(const Analysis& analysis, MapDisplay map, const std::string& date) {
  const Classification& classification = *analysis.classification;
  const Decision& decision = classification.decision;
  Caption caption;
  caption.top.emplace_back(PatternCaption(decision.finding));
  caption.top.push_back(absl::StrFormat("Probability %.1f %%",
                                        100 * classification.calibrated[static_cast<std::size_t>(decision.finding)]));
  caption.top.push_back(ScoreLine(classification));
  if (!analysis.reasons.empty()) caption.bottom.push_back(Warnings(analysis.reasons));
  caption.bottom.push_back(absl::StrCat("Model ", Printable(analysis.model.identity.name), " ",
                                        Printable(analysis.model.identity.version), date.empty() ? "" : ", analysed ",
                                        Printable(date)));
  caption.bottom.push_back("Research use only - not for diagnosis");
  caption.has_legend = map == MapDisplay::kShown;
  caption.legend = decision.positive ? "Activation" : "Activation for normal";
  return caption;
}

}  // namespace cxr
