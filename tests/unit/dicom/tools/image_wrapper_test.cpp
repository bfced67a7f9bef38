// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/tools/image_wrapper.h"

#include <dcmtk/config/osconfig.h>
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcdeftag.h>
#include <gtest/gtest.h>

#include "absl/strings/str_join.h"
#include "service/core/applicability.h"
#include "tests/support/dicom_fixture.h"
#include "tests/support/external_tool.h"
#include "tests/unit/dicom/support/analysis_samples.h"
#include "tests/unit/dicom/support/result_file.h"

namespace cxr {
namespace {

using test::AsymmetricImage;
using test::ResultFile;

TEST(ImageWrapper, KeepsEveryGreyLevel) {
  GrayImage image = AsymmetricImage(61, 47);
  for (int i = 0; i < 256; ++i) image.pixels[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(i);
  const absl::StatusOr<std::string> file = WrapImageAsDx(image, {.file_name = "a.png"});
  ASSERT_TRUE(file.ok()) << file.status();
  absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = test::Reader()->Read(*file);
  ASSERT_TRUE(radiograph.ok()) << radiograph.status();
  EXPECT_EQ((*radiograph)->DisplayImage()->pixels, image.pixels);
}

TEST(ImageWrapper, MakesAnEligibleRadiographOfUnknownAge) {
  const absl::StatusOr<std::string> file = WrapImageAsDx(AsymmetricImage(60, 48), {.file_name = "a.png"});
  absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = test::Reader()->Read(*file);
  const Applicability applicability =
      AssessApplicability((*radiograph)->facts(), {1, 5, ""}, PopulationPolicy::kEnforce);
  EXPECT_EQ(applicability.outcome, Outcome::kAnalysedWithWarnings);
  ASSERT_EQ(applicability.reasons.size(), 1u);
  EXPECT_EQ(applicability.reasons[0].code, ReasonCode::kAgeUnknown);
}

TEST(ImageWrapper, NamesByPixelsAndFileName) {
  const GrayImage image = AsymmetricImage(60, 48);
  const auto uids = [](const absl::StatusOr<std::string>& file) {
    ResultFile parsed(*file);
    return absl::StrJoin(
        {parsed.Text(DCM_StudyInstanceUID), parsed.Text(DCM_SeriesInstanceUID), parsed.Text(DCM_SOPInstanceUID)}, " ");
  };
  const std::string first = uids(WrapImageAsDx(image, {.file_name = "a.png"}));
  EXPECT_EQ(uids(WrapImageAsDx(image, {.file_name = "a.png", .patient_name = "Other"})), first);
  EXPECT_NE(uids(WrapImageAsDx(image, {.file_name = "b.png"})), first);
  GrayImage changed = image;
  changed.pixels.back() ^= 1;
  EXPECT_NE(uids(WrapImageAsDx(changed, {.file_name = "a.png"})), first);
}

TEST(ImageWrapper, WritesAValidDx) {
  const WrapOptions full{.file_name = "phantom",
                         .patient_name = "Phantom^Chest",
                         .patient_id = "PHANTOM",
                         .patient_age = "003Y",
                         .patient_sex = "O",
                         .study_date = "20240102",
                         .study_description = "Phantom drawn by cxr-triage",
                         .lossy = true};
  for (const WrapOptions& options : {WrapOptions{}, full}) {
    const absl::StatusOr<std::string> file = WrapImageAsDx(AsymmetricImage(61, 47), options);
    ASSERT_TRUE(file.ok()) << file.status();
    const test::ConformanceReport report = test::CheckConformance(*file);
    ASSERT_TRUE(report.ran) << "dciodvfy (package dicom3tools) is missing or crashed: " << report.output;
    EXPECT_TRUE(report.errors.empty()) << report.output;
  }
}

TEST(ImageWrapper, IsNotTakenForAResultOfOurs) {
  ResultFile file(*WrapImageAsDx(AsymmetricImage(60, 48), {}));
  EXPECT_NE(file.Text(DCM_Manufacturer), "cxr-triage");
}

TEST(ImageWrapper, RefusesInvalidImagesAndOptions) {
  EXPECT_FALSE(WrapImageAsDx({}, {}).ok());
  GrayImage short_image = AsymmetricImage(60, 48);
  short_image.pixels.pop_back();
  EXPECT_FALSE(WrapImageAsDx(short_image, {}).ok());
  EXPECT_FALSE(WrapImageAsDx(AsymmetricImage(60, 48), {.patient_age = "62"}).ok());
  EXPECT_FALSE(WrapImageAsDx(AsymmetricImage(60, 48), {.patient_id = std::string(65, 'x')}).ok());
}

}  // namespace
}  // namespace cxr
