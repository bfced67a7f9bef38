// SPDX-License-Identifier: Apache-2.0
#include "service/core/applicability.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace cxr {
namespace {

template <std::size_t N>
bool IsOneOf(const std::string& value, const std::array<absl::string_view, N>& allowed) {
  return std::find(allowed.begin(), allowed.end(), value) != allowed.end();
}

constexpr std::array<absl::string_view, 2> kModalities = {"CR", "DX"};
constexpr std::array<absl::string_view, 3> kBodyParts = {"CHEST", "THORAX", "LUNG"};
constexpr std::array<absl::string_view, 2> kFrontalViews = {"AP", "PA"};

void CheckImage(const RadiographFacts& facts, std::vector<Reason>& refusals) {
  if (!IsOneOf(facts.modality, kModalities)) {
    refusals.push_back({ReasonCode::kModalityNotSupported,
                        absl::StrCat("Modality is ", facts.modality.empty() ? "not stated" : facts.modality,
                                     "; this analysis reads CR and DX.")});
  }
  const bool body_part_ok =
      facts.body_part.empty() ? facts.chest_region.value_or(true) : IsOneOf(facts.body_part, kBodyParts);
  if (!body_part_ok) {
    refusals.push_back(
        {ReasonCode::kBodyPartNotSupported,
         absl::StrCat("Body part is ", facts.body_part.empty() ? "coded as another region" : facts.body_part,
                      "; this analysis reads chest radiographs.")});
  }
  const bool view_ok =
      facts.view_position.empty() ? facts.frontal_view.value_or(true) : IsOneOf(facts.view_position, kFrontalViews);
  if (!view_ok) {
    refusals.push_back(
        {ReasonCode::kViewNotSupported,
         absl::StrCat("View is ", facts.view_position.empty() ? "coded as not frontal" : facts.view_position,
                      "; this analysis reads frontal views (AP or PA).")});
  }
  if (facts.samples_per_pixel != 1 ||
      (facts.photometric_interpretation != "MONOCHROME1" && facts.photometric_interpretation != "MONOCHROME2")) {
    refusals.push_back(
        {ReasonCode::kColorImage,
         absl::StrCat("The image is ", facts.photometric_interpretation, " with ", facts.samples_per_pixel,
                      " sample(s) per pixel; this analysis reads MONOCHROME1 and MONOCHROME2.")});
  }
  if (facts.frames > 1) {
    refusals.push_back({ReasonCode::kMultiFrame,
                        absl::StrCat("The image has ", facts.frames, " frames; this analysis reads single frames.")});
  }
}

bool InsidePopulation(double age_years, const Population& population) {
  const double completed = std::floor(age_years);
  return completed >= population.min_age_years && completed <= population.max_age_years;
}

}  // namespace

Applicability AssessApplicability(const RadiographFacts& facts, const Population& population, PopulationPolicy policy) {
  std::vector<Reason> refusals;
  std::vector<Reason> warnings;
  CheckImage(facts, refusals);
  if (!facts.age_years.has_value()) {
    warnings.push_back({ReasonCode::kAgeUnknown,
                        absl::StrFormat("The patient's age is not known; the model applies to ages of %g to %g years.",
                                        population.min_age_years, population.max_age_years)});
  } else if (!InsidePopulation(*facts.age_years, population)) {
    Reason reason{ReasonCode::kAgeOutsidePopulation,
                  absl::StrFormat("The patient is %g years old; the model applies to ages of %g to %g years.",
                                  std::floor(*facts.age_years), population.min_age_years, population.max_age_years)};
    (policy == PopulationPolicy::kEnforce ? refusals : warnings).push_back(std::move(reason));
  }
  if (facts.presentation_intent == "FOR PROCESSING") {
    warnings.push_back({ReasonCode::kForProcessing,
                        "The image is meant for processing; the model was trained on images for presentation."});
  }

  if (!refusals.empty()) return {Outcome::kNotApplicable, std::move(refusals)};
  if (!warnings.empty()) return {Outcome::kAnalysedWithWarnings, std::move(warnings)};
  return {};
}

}  // namespace cxr
