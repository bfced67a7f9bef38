// SPDX-License-Identifier: Apache-2.0
#include "service/core/pattern.h"

namespace cxr {

absl::string_view PatternName(Pattern pattern) {
  switch (pattern) {
    case Pattern::kBacteria:
      return "BACTERIA";
    case Pattern::kNormal:
      return "NORMAL";
    case Pattern::kVirus:
      return "VIRUS";
  }
  return "UNKNOWN";
}

absl::string_view PatternCaption(Pattern pattern) {
  switch (pattern) {
    case Pattern::kBacteria:
      return "Pattern suggestive of bacterial pneumonia";
    case Pattern::kNormal:
      return "No pattern of pneumonia found";
    case Pattern::kVirus:
      return "Pattern suggestive of viral pneumonia";
  }
  return "Unknown pattern";
}

absl::optional<Pattern> ParsePattern(absl::string_view name) {
  for (Pattern pattern : kPatterns) {
    if (PatternName(pattern) == name) return pattern;
  }
  return absl::nullopt;
}

}  // namespace cxr
