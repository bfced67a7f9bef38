// SPDX-License-Identifier: Apache-2.0
#include "service/core/applicability.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/fake_ports.h"

namespace cxr::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Applicability Assess(const RadiographFacts& facts, PopulationPolicy policy = PopulationPolicy::kEnforce) {
  return AssessApplicability(facts, FakeModel().population, policy);
}

std::vector<ReasonCode> Codes(const Applicability& applicability) {
  std::vector<ReasonCode> codes;
  for (const Reason& reason : applicability.reasons) codes.push_back(reason.code);
  return codes;
}

TEST(Applicability, AnEligibleRadiographIsAnalysedWithoutReasons) {
  const Applicability applicability = Assess(EligibleFacts());
  EXPECT_EQ(applicability.outcome, Outcome::kAnalysed);
  EXPECT_TRUE(applicability.reasons.empty());
}

struct Refusal {
  const char* name;
  void (*change)(RadiographFacts&);
  ReasonCode code;
};

class Refused : public ::testing::TestWithParam<Refusal> {};

TEST_P(Refused, IsNotApplicableUnderBothPolicies) {
  RadiographFacts facts = EligibleFacts();
  GetParam().change(facts);
  for (const PopulationPolicy policy : {PopulationPolicy::kEnforce, PopulationPolicy::kWarn}) {
    const Applicability applicability = Assess(facts, policy);
    EXPECT_EQ(applicability.outcome, Outcome::kNotApplicable);
    EXPECT_THAT(Codes(applicability), ElementsAre(GetParam().code));
  }
}

using Facts = RadiographFacts;
INSTANTIATE_TEST_SUITE_P(
    Table, Refused,
    ::testing::Values(
        Refusal{"ComputedTomography", [](Facts& f) { f.modality = "CT"; }, ReasonCode::kModalityNotSupported},
        Refusal{"NoModality", [](Facts& f) { f.modality.clear(); }, ReasonCode::kModalityNotSupported},
        Refusal{"OtherModality", [](Facts& f) { f.modality = "OT"; }, ReasonCode::kModalityNotSupported},
        Refusal{"Hand", [](Facts& f) { f.body_part = "HAND"; }, ReasonCode::kBodyPartNotSupported},
        Refusal{"OtherCodedRegion",
                [](Facts& f) {
                  f.body_part.clear();
                  f.chest_region = false;
                },
                ReasonCode::kBodyPartNotSupported},
        Refusal{"Lateral", [](Facts& f) { f.view_position = "LL"; }, ReasonCode::kViewNotSupported},
        Refusal{"OtherCodedViewBesideAFrontalPosition", [](Facts& f) { f.frontal_view = false; },
                ReasonCode::kViewNotSupported},
        Refusal{"OtherCodedView",
                [](Facts& f) {
                  f.view_position.clear();
                  f.frontal_view = false;
                },
                ReasonCode::kViewNotSupported},
        Refusal{"Colour",
                [](Facts& f) {
                  f.samples_per_pixel = 3;
                  f.photometric_interpretation = "RGB";
                },
                ReasonCode::kColorImage},
        Refusal{"Canine", [](Facts& f) { f.species = "CANINE"; }, ReasonCode::kSpeciesNotSupported},
        Refusal{"LateralByOrientation", [](Facts& f) { f.orientation.view = OrientedView::kNotFrontal; },
                ReasonCode::kViewNotSupported},
        Refusal{"LateralByWordsOfTheSeries", [](Facts& f) { f.series_view = ViewSaid::kLateral; },
                ReasonCode::kViewNotSupported},
        Refusal{"LateralByWordsOfTheStudy",
                [](Facts& f) {
                  f.view_position.clear();
                  f.study_view = ViewSaid::kLateral;
                },
                ReasonCode::kViewNotSupported},
        Refusal{"NoPhotometricInterpretation", [](Facts& f) { f.photometric_interpretation.clear(); },
                ReasonCode::kPhotometricUnknown},
        Refusal{"Palette", [](Facts& f) { f.photometric_interpretation = "PALETTE COLOR"; }, ReasonCode::kColorImage},
        Refusal{"MultiFrame", [](Facts& f) { f.frames = 2; }, ReasonCode::kMultiFrame}),
    [](const auto& refusal) { return std::string(refusal.param.name); });

struct Eligible {
  const char* name;
  void (*change)(RadiographFacts&);
};

class Accepted : public ::testing::TestWithParam<Eligible> {};

TEST_P(Accepted, IsAnalysed) {
  RadiographFacts facts = EligibleFacts();
  GetParam().change(facts);
  EXPECT_EQ(Assess(facts).outcome, Outcome::kAnalysed);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Accepted,
    ::testing::Values(Eligible{"ComputedRadiography", [](Facts& f) { f.modality = "CR"; }},
                      Eligible{"Thorax", [](Facts& f) { f.body_part = "THORAX"; }},
                      Eligible{"Lung", [](Facts& f) { f.body_part = "LUNG"; }},
                      Eligible{"UnstatedBodyPart", [](Facts& f) { f.body_part.clear(); }},
                      Eligible{"CodedChest",
                               [](Facts& f) {
                                 f.body_part.clear();
                                 f.chest_region = true;
                               }},
                      Eligible{"DigitalRadiography", [](Facts& f) { f.modality = "DR"; }},
                      Eligible{"Radiographic", [](Facts& f) { f.modality = "RG"; }},
                      Eligible{"Torax", [](Facts& f) { f.body_part = "TORAX"; }},
                      Eligible{"SupineView", [](Facts& f) { f.view_position = "AP SUPINE"; }},
                      Eligible{"WordsOfAStudyBesideAStatedView", [](Facts& f) { f.study_view = ViewSaid::kLateral; }},
                      Eligible{"FrontalByWords",
                               [](Facts& f) {
                                 f.view_position.clear();
                                 f.series_view = ViewSaid::kFrontal;
                               }},
                      Eligible{"AnteroPosterior", [](Facts& f) { f.view_position = "AP"; }},
                      Eligible{"FrontalByOrientation",
                               [](Facts& f) {
                                 f.view_position.clear();
                                 f.orientation.view = OrientedView::kFrontal;
                               }},
                      Eligible{"Monochrome1", [](Facts& f) { f.photometric_interpretation = "MONOCHROME1"; }}),
    [](const auto& eligible) { return std::string(eligible.param.name); });

struct Age {
  const char* name;
  absl::optional<double> years;
  bool inside;
};

class AgeOf : public ::testing::TestWithParam<Age> {};

TEST_P(AgeOf, IsComparedInCompletedYears) {
  RadiographFacts facts = EligibleFacts();
  facts.age_years = GetParam().years;
  const Applicability enforced = Assess(facts, PopulationPolicy::kEnforce);
  const Applicability warned = Assess(facts, PopulationPolicy::kWarn);
  if (GetParam().inside) {
    EXPECT_EQ(enforced.outcome, Outcome::kAnalysed);
    EXPECT_EQ(warned.outcome, Outcome::kAnalysed);
    return;
  }
  EXPECT_EQ(enforced.outcome, Outcome::kNotApplicable);
  EXPECT_THAT(Codes(enforced), ElementsAre(ReasonCode::kAgeOutsidePopulation));
  EXPECT_EQ(warned.outcome, Outcome::kAnalysedWithWarnings);
  EXPECT_THAT(Codes(warned), ElementsAre(ReasonCode::kAgeOutsidePopulation));
}

INSTANTIATE_TEST_SUITE_P(Table, AgeOf,
                         ::testing::Values(Age{"ElevenMonths", 0.9, false}, Age{"FirstBirthday", 1.0, true},
                                           Age{"DayBeforeTheSixthBirthday", 5.99, true},
                                           Age{"SixthBirthday", 6.0, false}, Age{"Adult", 62.0, false}),
                         [](const auto& age) { return std::string(age.param.name); });

TEST(Applicability, AnUnknownAgeIsAWarningUnderBothPolicies) {
  RadiographFacts facts = EligibleFacts();
  facts.age_years.reset();
  for (const PopulationPolicy policy : {PopulationPolicy::kEnforce, PopulationPolicy::kWarn}) {
    const Applicability applicability = Assess(facts, policy);
    EXPECT_EQ(applicability.outcome, Outcome::kAnalysedWithWarnings);
    EXPECT_THAT(Codes(applicability), ElementsAre(ReasonCode::kAgeUnknown));
    EXPECT_THAT(applicability.reasons[0].message, HasSubstr("1 to 5 years"));
  }
}

TEST(Applicability, AnImageForProcessingIsAWarning) {
  RadiographFacts facts = EligibleFacts();
  facts.presentation_intent = "FOR PROCESSING";
  const Applicability applicability = Assess(facts);
  EXPECT_EQ(applicability.outcome, Outcome::kAnalysedWithWarnings);
  EXPECT_THAT(Codes(applicability), ElementsAre(ReasonCode::kForProcessing));
}

TEST(Applicability, AViewOfWhichNothingIsSaidIsAWarning) {
  RadiographFacts facts = EligibleFacts();
  facts.view_position.clear();
  EXPECT_EQ(Assess(facts).outcome, Outcome::kAnalysedWithWarnings);
  EXPECT_THAT(Codes(Assess(facts)), ElementsAre(ReasonCode::kViewUnknown));
}

TEST(Applicability, SentencesSayWhatIsThere) {
  RadiographFacts facts = EligibleFacts();
  facts.photometric_interpretation.clear();
  EXPECT_THAT(Assess(facts).reasons[0].message, HasSubstr("Photometric Interpretation (0028,0004) is missing"));
  facts.samples_per_pixel = 3;
  EXPECT_THAT(Assess(facts).reasons[0].message, HasSubstr("3 sample(s) per pixel and is of unstated photometric"));
}

TEST(Applicability, NamesEveryReasonToRefuseAndNoMereWarningBesideThem) {
  RadiographFacts facts = EligibleFacts();
  facts.modality = "CT";
  facts.frames = 80;
  facts.age_years.reset();
  EXPECT_THAT(Codes(Assess(facts)), ElementsAre(ReasonCode::kModalityNotSupported, ReasonCode::kMultiFrame));
}

struct Likeness {
  const char* name;
  double score;
  Outcome enforced;
  Outcome warned;
};

class LikenessOf : public ::testing::TestWithParam<Likeness> {};

TEST_P(LikenessOf, IsJudgedAtTwoThresholds) {
  const auto judge = [](UnlikePolicy policy) { return AssessLikeness(GetParam().score, {1.2, 1.5}, policy); };
  EXPECT_EQ(judge(UnlikePolicy::kEnforce).outcome, GetParam().enforced);
  EXPECT_EQ(judge(UnlikePolicy::kWarn).outcome, GetParam().warned);
  EXPECT_EQ(judge(UnlikePolicy::kOff).outcome, Outcome::kAnalysed);
  EXPECT_TRUE(judge(UnlikePolicy::kOff).reasons.empty());
  const bool silent = GetParam().warned == Outcome::kAnalysed;
  for (const UnlikePolicy policy : {UnlikePolicy::kEnforce, UnlikePolicy::kWarn}) {
    EXPECT_EQ(Codes(judge(policy)),
              silent ? std::vector<ReasonCode>() : std::vector<ReasonCode>{ReasonCode::kUnlikeTrainingData});
  }
}

constexpr Outcome kFine = Outcome::kAnalysed;
constexpr Outcome kWarned = Outcome::kAnalysedWithWarnings;
constexpr Outcome kRefused = Outcome::kNotApplicable;
INSTANTIATE_TEST_SUITE_P(Table, LikenessOf,
                         ::testing::Values(Likeness{"Ordinary", 1.0, kFine, kFine},
                                           Likeness{"AtTheWarning", 1.2, kFine, kFine},
                                           Likeness{"AboveTheWarning", 1.21, kWarned, kWarned},
                                           Likeness{"AtTheRefusal", 1.5, kWarned, kWarned},
                                           Likeness{"AboveTheRefusal", 1.51, kRefused, kWarned},
                                           Likeness{"NoNumber", std::nan(""), kRefused, kWarned}),
                         [](const auto& likeness) { return std::string(likeness.param.name); });

TEST(AssessLikeness, TheSentenceSaysScoreAndThreshold) {
  EXPECT_EQ(AssessLikeness(1.734, {1.2, 1.5}, UnlikePolicy::kEnforce).reasons.at(0).message,
            "The image is unlike the images the model was trained on: its out-of-distribution score is 1.73, above "
            "1.50.");
  EXPECT_THAT(AssessLikeness(1.3, {1.2, 1.5}, UnlikePolicy::kEnforce).reasons.at(0).message,
              HasSubstr("may be unlike the images the model was trained on: its out-of-distribution score is 1.30, "
                        "above 1.20"));
}

TEST(Combine, KeepsTheWarningsOfBothAndOfRefusalsThoseAlone) {
  const Applicability warned = {kWarned, {{ReasonCode::kAgeUnknown, "a"}}};
  const Applicability unlike = {kWarned, {{ReasonCode::kUnlikeTrainingData, "b"}}};
  const Applicability refused = {kRefused, {{ReasonCode::kTextPage, "c"}}};
  EXPECT_EQ(Combine(warned, unlike).outcome, kWarned);
  EXPECT_THAT(Codes(Combine(warned, unlike)), ElementsAre(ReasonCode::kAgeUnknown, ReasonCode::kUnlikeTrainingData));
  EXPECT_EQ(Combine({}, unlike).outcome, kWarned);
  EXPECT_EQ(Combine(warned, {}).outcome, kWarned);
  EXPECT_THAT(Codes(Combine(warned, refused)), ElementsAre(ReasonCode::kTextPage));
  EXPECT_THAT(Codes(Combine(refused, warned)), ElementsAre(ReasonCode::kTextPage));
  EXPECT_EQ(Combine(warned, refused).outcome, kRefused);
  EXPECT_THAT(Codes(Combine(refused, refused)), ElementsAre(ReasonCode::kTextPage, ReasonCode::kTextPage));
}

}  // namespace
}  // namespace cxr::test
