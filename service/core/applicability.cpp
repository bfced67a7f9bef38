// SPDX-License-Identifier: Apache-2.0
#include "service/core/applicability.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace cxr {
namespace {

constexpr std::array<absl::string_view, 4> kModalities = {"CR", "DX", "DR", "RG"};
// PS3.3 C.7.6.3.1.2: names, or how names begin.
constexpr std::array<absl::string_view, 7> kColours = {"RGB", "PALETTE", "HSV", "ARGB", "CMYK", "YBR", "XYB"};

void CheckPatient(const RadiographFacts& facts, std::vector<Reason>& refusals) {
  if (facts.species.empty()) return;
  refusals.push_back(
      {ReasonCode::kSpeciesNotSupported,
       absl::StrCat("The patient's species is stated as ", facts.species, "; this analysis reads images of humans.")});
}

void CheckBodyPart(const RadiographFacts& facts, std::vector<Reason>& refusals) {
  const std::string& part = facts.body_part;
  if (part.empty() ? facts.chest_region.value_or(true) : NamesChest(part)) return;
  refusals.push_back(
      {ReasonCode::kBodyPartNotSupported, absl::StrCat("Body part is ", part.empty() ? "coded as another region" : part,
                                                       "; this analysis reads chest radiographs.")});
}

/// Who says that the view is not frontal, as a clause; empty when nobody does. Code, orientation and the words of the
/// series count beside a frontal view position, for a default is easily left in it; the words of a study describe all
/// its images.
std::string OtherView(const RadiographFacts& facts) {
  const std::string& view = facts.view_position;
  if (!view.empty() && !NamesFrontalView(view)) return absl::StrCat("View is ", view);
  if (!facts.frontal_view.value_or(true)) return "View is coded as not frontal";
  if (facts.orientation.view == OrientedView::kNotFrontal)
    return "Patient Orientation (0020,0020) says that the view is not frontal";
  if (facts.series_view == ViewSaid::kLateral)
    return "Series Description or Protocol Name says that the view is lateral";
  const bool stated = !view.empty() || facts.frontal_view.has_value() || facts.series_view == ViewSaid::kFrontal;
  if (!stated && facts.study_view == ViewSaid::kLateral)
    return "The description of study or procedure says that the view is lateral";
  return {};
}

bool ViewIsKnown(const RadiographFacts& facts) {
  return !facts.view_position.empty() || facts.frontal_view.has_value() ||
         facts.orientation.view != OrientedView::kNotStated || facts.series_view != ViewSaid::kNothing ||
         facts.study_view != ViewSaid::kNothing;
}

/// Of one sample, so that only the name tells.
bool NamesColour(const std::string& photometric) {
  return std::any_of(kColours.begin(), kColours.end(), [&](absl::string_view colour) {
    return photometric.compare(0, colour.size(), colour.data(), colour.size()) == 0;
  });
}

void CheckPixels(const RadiographFacts& facts, std::vector<Reason>& refusals) {
  const std::string& photometric = facts.photometric_interpretation;
  const bool grey = photometric == "MONOCHROME1" || photometric == "MONOCHROME2";
  if (facts.samples_per_pixel == 1 && !grey && !NamesColour(photometric)) {
    refusals.push_back(
        {ReasonCode::kPhotometricUnknown,
         absl::StrCat("Photometric Interpretation (0028,0004) is ", photometric.empty() ? "missing" : photometric,
                      ", so whether black or white is air is not known; expected MONOCHROME1 or "
                      "MONOCHROME2.")});
  } else if (facts.samples_per_pixel != 1 || !grey) {
    refusals.push_back({ReasonCode::kColorImage,
                        absl::StrCat("The image has ", facts.samples_per_pixel, " sample(s) per pixel and is ",
                                     photometric.empty() ? "of unstated photometric interpretation" : photometric,
                                     "; this analysis reads one sample of MONOCHROME1 or MONOCHROME2.")});
  }
  if (facts.frames > 1) {
    refusals.push_back({ReasonCode::kMultiFrame,
                        absl::StrCat("The image has ", facts.frames, " frames; this analysis reads single frames.")});
  }
}

void CheckImage(const RadiographFacts& facts, std::vector<Reason>& refusals) {
  if (std::find(kModalities.begin(), kModalities.end(), facts.modality) == kModalities.end()) {
    refusals.push_back({ReasonCode::kModalityNotSupported,
                        absl::StrCat("Modality is ", facts.modality.empty() ? "not stated" : facts.modality,
                                     "; this analysis reads CR, DX, DR and RG.")});
  }
  CheckBodyPart(facts, refusals);
  const std::string view = OtherView(facts);
  if (!view.empty()) {
    refusals.push_back(
        {ReasonCode::kViewNotSupported, absl::StrCat(view, "; this analysis reads frontal views (AP or PA).")});
  }
  CheckPixels(facts, refusals);
}

void WarnOfImage(const RadiographFacts& facts, std::vector<Reason>& warnings) {
  if (!ViewIsKnown(facts)) {
    warnings.push_back({ReasonCode::kViewUnknown,
                        "Nothing says which view the image is; the model applies to frontal views (AP or PA)."});
  }
  if (facts.presentation_intent == "FOR PROCESSING") {
    warnings.push_back({ReasonCode::kForProcessing,
                        "The image is meant for processing; the model was trained on images for presentation."});
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
  CheckPatient(facts, refusals);
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
  WarnOfImage(facts, warnings);

  if (!refusals.empty()) return {Outcome::kNotApplicable, std::move(refusals)};
  if (!warnings.empty()) return {Outcome::kAnalysedWithWarnings, std::move(warnings)};
  return {};
}

Applicability AssessLikeness(double ood_score, const OodThresholds& thresholds, UnlikePolicy policy) {
  // Written so that a score that is not a number is refused.
  const bool alike = ood_score <= thresholds.refusal;
  if (policy == UnlikePolicy::kOff || (alike && ood_score <= thresholds.warning)) return {};
  const bool refused = !alike && policy == UnlikePolicy::kEnforce;
  const double threshold = alike ? thresholds.warning : thresholds.refusal;
  return {refused ? Outcome::kNotApplicable : Outcome::kAnalysedWithWarnings,
          {{ReasonCode::kUnlikeTrainingData,
            absl::StrFormat("The image %s unlike the images the model was trained on: its out-of-distribution score is "
                            "%.2f, above %.2f.",
                            alike ? "may be" : "is", ood_score, threshold)}}};
}

Applicability Combine(Applicability first, Applicability second) {
  if (first.outcome == Outcome::kNotApplicable && second.outcome != Outcome::kNotApplicable) return first;
  if (second.outcome == Outcome::kNotApplicable && first.outcome != Outcome::kNotApplicable) return second;
  if (first.outcome == Outcome::kAnalysed) first.outcome = second.outcome;
  first.reasons.insert(first.reasons.end(), std::make_move_iterator(second.reasons.begin()),
                       std::make_move_iterator(second.reasons.end()));
  return first;
}

}  // namespace cxr
