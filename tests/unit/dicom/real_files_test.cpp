// SPDX-License-Identifier: Apache-2.0
// Radiographs as real archives hold them. Their generated counterparts are in the other files of this folder.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <numeric>

#include "tests/support/external_tool.h"
#include "tests/unit/dicom/support/analysis_samples.h"

namespace cxr {
namespace {

std::filesystem::path Folder() {
  const char* data = std::getenv("CXR_DATA");
  const char* source = std::getenv("CXR_SOURCE_DIR");
  const std::filesystem::path root = data != nullptr
                                         ? std::filesystem::path(data)
                                         : std::filesystem::path(source == nullptr ? "." : source) / "../shared/data";
  return root / "dicom";
}

std::string Load(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

double Mean(const GrayImage& image, double left, double top, double right, double bottom) {
  double sum = 0;
  int count = 0;
  for (int y = static_cast<int>(top * image.rows); y < static_cast<int>(bottom * image.rows); ++y) {
    for (int x = static_cast<int>(left * image.columns); x < static_cast<int>(right * image.columns); ++x, ++count) {
      sum += image.pixels[static_cast<std::size_t>(y) * image.columns + x];
    }
  }
  return sum / count;
}

class RealFile : public ::testing::TestWithParam<const char*> {};

TEST_P(RealFile, IsShownWithDarkLungsAndGivesValidResults) {
  const std::filesystem::path path = Folder() / GetParam();
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is absent: set CXR_DATA to the folder with the data";
  const std::string bytes = Load(path);
  absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = test::Reader()->Read(bytes);
  ASSERT_TRUE(radiograph.ok()) << radiograph.status();
  const absl::StatusOr<GrayImage> image = (*radiograph)->DisplayImage();
  ASSERT_TRUE(image.ok()) << image.status();
  const double lungs = (Mean(*image, 0.2, 0.35, 0.3, 0.5) + Mean(*image, 0.7, 0.35, 0.8, 0.5)) / 2;
  const double spine = Mean(*image, 0.46, 0.5, 0.54, 0.7);
  EXPECT_LT(lungs + 20, spine);

  const RgbImage overlay = test::Overlay(512, 512 * image->columns / image->rows);
  const absl::StatusOr<DicomObject> capture =
      (*radiograph)->Write(ObjectKind::kSecondaryCapture, {test::AnalysisOf(0.7, 0.2), &overlay});
  ASSERT_TRUE(capture.ok()) << capture.status();
  const absl::StatusOr<DicomObject> report =
      (*radiograph)->Write(ObjectKind::kStructuredReport, {test::AnalysisOf(0.7, 0.2), nullptr, &*capture});
  ASSERT_TRUE(report.ok()) << report.status();
  for (const std::string& content : {capture->content, report->content}) {
    const test::ConformanceReport verdict = test::CheckConformance(content);
    ASSERT_TRUE(verdict.ran) << "dciodvfy (package dicom3tools) is missing or crashed: " << verdict.output;
    EXPECT_TRUE(verdict.errors.empty()) << verdict.output;
  }
}

INSTANTIATE_TEST_SUITE_P(All, RealFile,
                         ::testing::Values("cr-mono1-10bit-explicit.dcm", "cr-mono1-15bit-jpeg2000.dcm",
                                           "cr-mono2-8bit-jpeg.dcm", "dx-mono2-8bit-implicit.dcm"));

}  // namespace
}  // namespace cxr
