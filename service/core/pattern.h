// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace cxr {

/// The radiographic patterns, in the order of every probability vector, file and table of this project.
enum class Pattern : int { kBacteria = 0, kNormal = 1, kVirus = 2 };

inline constexpr std::size_t kPatternCount = 3;
inline constexpr std::array<Pattern, kPatternCount> kPatterns = {Pattern::kBacteria, Pattern::kNormal, Pattern::kVirus};

/// One probability per pattern, each 0 to 1, summing to 1.
using PatternProbabilities = std::array<double, kPatternCount>;

/// "BACTERIA", "NORMAL" or "VIRUS": the class names of data folders, manifests and tables.
[[nodiscard]] absl::string_view PatternName(Pattern pattern);

/// What a caption or report says of the pattern, for example "Pattern suggestive of bacterial pneumonia".
[[nodiscard]] absl::string_view PatternCaption(Pattern pattern);

/// The pattern of a class name, or nothing.
[[nodiscard]] absl::optional<Pattern> ParsePattern(absl::string_view name);

}  // namespace cxr
