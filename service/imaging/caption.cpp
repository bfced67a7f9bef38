// SPDX-License-Identifier: Apache-2.0
#include "service/imaging/caption.h"

#include <algorithm>

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

}  // namespace

Caption WordCaption(const Analysis& analysis) {
  const Classification& classification = *analysis.classification;
  const Decision& decision = classification.decision;
  Caption caption;
  caption.top.emplace_back(PatternCaption(decision.finding));
  caption.top.push_back(absl::StrFormat("Probability %.1f %%",
                                        100 * classification.calibrated[static_cast<std::size_t>(decision.finding)]));
  caption.top.push_back(absl::StrFormat("Pneumonia score %.3f, positive from %.3f", classification.pneumonia_score,
                                        decision.operating_point));
  if (!analysis.reasons.empty()) caption.bottom.push_back(Warnings(analysis.reasons));
  caption.bottom.push_back(
      absl::StrCat("Model ", Printable(analysis.model.identity.name), " ", Printable(analysis.model.identity.version)));
  caption.bottom.push_back("Research use only - not for diagnosis");
  caption.has_legend = decision.positive;
  return caption;
}

}  // namespace cxr
