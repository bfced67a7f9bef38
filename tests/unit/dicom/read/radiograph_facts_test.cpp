// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/read/radiograph_facts.h"

#include <gtest/gtest.h>

#include "tests/support/dicom_fixture.h"
#include "tests/unit/dicom/support/analysis_samples.h"

namespace cxr {
namespace {

using test::DicomFixture;

RadiographFacts FactsOf(const DicomFixture& fixture) {
  const std::string file = fixture.Build();
  absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = test::Reader()->Read(file);
  EXPECT_TRUE(radiograph.ok()) << radiograph.status();
  return radiograph.ok() ? (*radiograph)->facts() : RadiographFacts{};
}

TEST(RadiographFacts, AreThoseOfTheHeader) {
  const RadiographFacts facts = FactsOf({});
  EXPECT_EQ(facts.identity.study_instance_uid, "2.25.1001");
  EXPECT_EQ(facts.identity.series_instance_uid, "2.25.1002");
  EXPECT_EQ(facts.identity.sop_instance_uid, "2.25.1003");
  EXPECT_EQ(facts.modality, "CR");
  EXPECT_EQ(facts.body_part, "CHEST");
  EXPECT_EQ(facts.view_position, "PA");
  EXPECT_EQ(facts.photometric_interpretation, "MONOCHROME2");
  EXPECT_EQ(facts.rows, 60);
  EXPECT_EQ(facts.columns, 48);
  EXPECT_EQ(facts.frames, 1);
  EXPECT_EQ(facts.samples_per_pixel, 1);
  EXPECT_FALSE(facts.chest_region.has_value());
  EXPECT_FALSE(facts.frontal_view.has_value());
  EXPECT_DOUBLE_EQ(*facts.age_years, 3);
}

TEST(RadiographFacts, AreTrimmedAndUpperCase) {
  DicomFixture fixture;
  fixture.attributes = {{"BodyPartExamined", " Chest "}, {"ViewPosition", "pa"}, {"Modality", "cr "}};
  const RadiographFacts facts = FactsOf(fixture);
  EXPECT_EQ(facts.body_part, "CHEST");
  EXPECT_EQ(facts.view_position, "PA");
  EXPECT_EQ(facts.modality, "CR");
}

TEST(RadiographFacts, AreEmptyWhenNothingIsStated) {
  DicomFixture fixture;
  fixture.Bare().remove.push_back("Modality");
  const RadiographFacts facts = FactsOf(fixture);
  EXPECT_EQ(facts.modality, "");
  EXPECT_EQ(facts.body_part, "");
  EXPECT_EQ(facts.view_position, "");
  EXPECT_EQ(facts.presentation_intent, "");
  EXPECT_FALSE(facts.age_years.has_value());
}

TEST(RadiographFacts, KnowChestCodes) {
  DicomFixture fixture;
  for (const char* value : {"51185008", "T-D3000", "43799004", "39607008", "T-28000"}) {
    fixture.anatomic_region = test::CodedValue{value, "SCT", "x"};
    EXPECT_EQ(FactsOf(fixture).chest_region, absl::optional<bool>(true)) << value;
  }
  fixture.anatomic_region = test::CodedValue{"THX", "99LOCAL", "Thorax"};
  EXPECT_EQ(FactsOf(fixture).chest_region, absl::optional<bool>(true));
  fixture.anatomic_region = test::CodedValue{"72696002", "SCT", "Knee"};
  EXPECT_EQ(FactsOf(fixture).chest_region, absl::optional<bool>(false));
}

TEST(RadiographFacts, KnowViewCodes) {
  DicomFixture fixture;
  for (const char* value : {"399348003", "R-10206", "272479007", "R-10214"}) {
    fixture.view_code = test::CodedValue{value, "SCT", "x"};
    EXPECT_EQ(FactsOf(fixture).frontal_view, absl::optional<bool>(true)) << value;
  }
  for (const char* value : {"399067008", "399173006", "R-10236", "399198007", "R-10232"}) {
    fixture.view_code = test::CodedValue{value, "SCT", "lateral"};
    EXPECT_EQ(FactsOf(fixture).frontal_view, absl::optional<bool>(false)) << value;
  }
}

TEST(RadiographFacts, TakePlaceholdersForNothing) {
  DicomFixture fixture;
  fixture.attributes = {{"BodyPartExamined", "UNKNOWN"}, {"ViewPosition", "N/A"}, {"PatientOrientation", "X\\Y"}};
  const RadiographFacts facts = FactsOf(fixture);
  EXPECT_EQ(facts.body_part, "");
  EXPECT_EQ(facts.view_position, "");
  EXPECT_EQ(facts.orientation.view, OrientedView::kNotStated);
}

TEST(RadiographFacts, KnowOrientationAndWords) {
  EXPECT_EQ(FactsOf({}).orientation.view, OrientedView::kFrontal);
  EXPECT_EQ(FactsOf({}).series_view, ViewSaid::kNothing);
  DicomFixture fixture;
  fixture.attributes = {{"PatientOrientation", "A\\F"}, {"SeriesDescription", "Thorax seitlich"}};
  EXPECT_EQ(FactsOf(fixture).orientation.view, OrientedView::kNotFrontal);
  EXPECT_EQ(FactsOf(fixture).series_view, ViewSaid::kLateral);
  for (const char* name : {"ProtocolName", "SeriesDescription"}) {
    fixture.attributes = {{name, "W033 Chest LAT"}};
    EXPECT_EQ(FactsOf(fixture).series_view, ViewSaid::kLateral) << name;
  }
  for (const char* name : {"StudyDescription", "RequestedProcedureDescription", "PerformedProcedureStepDescription"}) {
    fixture.attributes = {{name, "Chest lateral"}};
    EXPECT_EQ(FactsOf(fixture).study_view, ViewSaid::kLateral) << name;
  }
}

TEST(RadiographFacts, KnowSpeciesOtherThanMan) {
  DicomFixture fixture;
  EXPECT_EQ(FactsOf(fixture).species, "");
  fixture.attributes = {{"PatientSpeciesDescription", "Canine"}};
  EXPECT_EQ(FactsOf(fixture).species, "CANINE");
  fixture.attributes = {{"PatientSpeciesDescription", "Homo sapiens"}, {"PatientBreedDescription", "none"}};
  EXPECT_EQ(FactsOf(fixture).species, "");
  fixture.attributes = {{"PatientSpeciesCodeSequence[0].CodeValue", "L-80700"},
                        {"PatientSpeciesCodeSequence[0].CodeMeaning", "Canis lupus familiaris"}};
  EXPECT_EQ(FactsOf(fixture).species, "CANIS LUPUS FAMILIARIS");
  fixture.attributes = {{"PatientSpeciesCodeSequence[0].CodeValue", "337915000"}};
  EXPECT_EQ(FactsOf(fixture).species, "");
  fixture.attributes = {{"PatientBreedDescription", "Beagle"}};
  EXPECT_NE(FactsOf(fixture).species, "");
}

TEST(RadiographFacts, TellForProcessingFromIntentOrSopClass) {
  DicomFixture fixture;
  fixture.attributes = {{"PresentationIntentType", "FOR PROCESSING"}};
  EXPECT_EQ(FactsOf(fixture).presentation_intent, "FOR PROCESSING");
  DicomFixture by_class;
  by_class.sop_class = "1.2.840.10008.5.1.4.1.1.1.1.1";
  EXPECT_EQ(FactsOf(by_class).presentation_intent, "FOR PROCESSING");
}

TEST(RadiographFacts, OfColourAndMultiFrameImagesAreRead) {
  DicomFixture colour;
  colour.samples = 3;
  colour.photometric = "RGB";
  colour.bits_allocated = colour.bits_stored = 8;
  EXPECT_EQ(FactsOf(colour).samples_per_pixel, 3);
  EXPECT_EQ(FactsOf(colour).photometric_interpretation, "RGB");
  DicomFixture frames;
  frames.frames = 5;
  frames.attributes = {{"Modality", "CT"}};
  EXPECT_EQ(FactsOf(frames).frames, 5);
  EXPECT_EQ(FactsOf(frames).modality, "CT");
}

}  // namespace
}  // namespace cxr
