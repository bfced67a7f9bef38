// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace cxr {

/// What became of a radiograph that could be read. A failure is a Status, never an outcome.
enum class Outcome { kAnalysed, kAnalysedWithWarnings, kNotApplicable };

/// "analysed", "analysed with warnings" or "not applicable".
[[nodiscard]] absl::string_view OutcomeName(Outcome outcome);

/// Why an outcome is what it is.
enum class ReasonCode {
  kModalityNotSupported = 1,
  kBodyPartNotSupported,
  kViewNotSupported,
  kColorImage,
  kMultiFrame,
  kAgeOutsidePopulation,
  kAgeUnknown,
  kForProcessing,
  kSpeciesNotSupported,
  kViewUnknown,
  kPhotometricUnknown,
  kUnlikeTrainingData,
  kNoContrast,
  kMostlyPadding,
  kTextPage,
};

/// The code's name without prefix, for example "AGE_OUTSIDE_POPULATION".
[[nodiscard]] absl::string_view ReasonCodeName(ReasonCode code);

/// The code in a few words, for captions and coded concepts, for example "Age is not known": at most 64 characters.
[[nodiscard]] const char* ReasonMeaning(ReasonCode code);

struct Reason {
  ReasonCode code{};
  std::string message;  ///< one sentence; holds no patient data but the value in question
};

}  // namespace cxr
