// SPDX-License-Identifier: Apache-2.0
#include "trainer/data/image_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <opencv2/imgcodecs.hpp>
#include <vector>

#include "tests/support/dicom_fixture.h"
#include "tests/unit/trainer/generated_data.h"

namespace cxr {
namespace {

using testing::HasSubstr;

class ImageFiles : public testing::Test {
 protected:
  void SetUp() override {
    auto created = ImageReader::Create();
    ASSERT_TRUE(created.ok()) << created.status();
    reader_ = *std::move(created);
  }

  std::string Write(const std::string& name, const std::string& bytes) {
    const std::string path = (folder_.path() / name).string();
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

  std::string Write(const std::string& name, const cv::Mat& image) {
    const std::string path = (folder_.path() / name).string();
    EXPECT_TRUE(cv::imwrite(path, image));
    return path;
  }

  test::TestFolder folder_;
  std::unique_ptr<ImageReader> reader_;
};

TEST_F(ImageFiles, GivesPixelsRowByRow) {
  cv::Mat drawn(2, 3, CV_8U);
  for (int i = 0; i < 6; ++i) drawn.data[i] = static_cast<unsigned char>(40 * i);
  const auto image = reader_->Read(Write("a.png", drawn));
  ASSERT_TRUE(image.ok()) << image.status();
  EXPECT_EQ(image->rows, 2);
  EXPECT_EQ(image->columns, 3);
  EXPECT_THAT(image->pixels, testing::ElementsAre(0, 40, 80, 120, 160, 200));
}

TEST_F(ImageFiles, ReducesColourAndSixteenBitsToGrey) {
  const auto colour = reader_->Read(Write("c.png", cv::Mat(4, 5, CV_8UC3, cv::Scalar(90, 90, 90))));
  ASSERT_TRUE(colour.ok()) << colour.status();
  EXPECT_THAT(colour->pixels, testing::Each(90));
  const auto deep = reader_->Read(Write("d.png", cv::Mat(4, 5, CV_16U, cv::Scalar(0x8000))));
  ASSERT_TRUE(deep.ok()) << deep.status();
  EXPECT_THAT(deep->pixels, testing::Each(0x80));
}

TEST_F(ImageFiles, ReadsDicomAsServingDoes) {
  test::DicomFixture fixture;
  const auto image = reader_->Read(Write("a.DCM", fixture.Build()));
  ASSERT_TRUE(image.ok()) << image.status();
  EXPECT_EQ(image->rows, fixture.rows);
  EXPECT_EQ(image->columns, fixture.columns);
  EXPECT_LT(image->pixels.front(), image->pixels.back());
}

TEST_F(ImageFiles, TurnsDicomUprightAsServingDoes) {
  test::DicomFixture fixture;
  const auto upright = reader_->Read(Write("upright.dcm", fixture.Build()));
  fixture.attributes = {{"PatientOrientation", "R\\F"}};
  const auto mirrored = reader_->Read(Write("mirrored.dcm", fixture.Build()));
  ASSERT_TRUE(upright.ok() && mirrored.ok()) << mirrored.status();
  std::vector<std::uint8_t> row(upright->pixels.begin(), upright->pixels.begin() + fixture.columns);
  std::reverse(row.begin(), row.end());
  EXPECT_TRUE(std::equal(row.begin(), row.end(), mirrored->pixels.begin()));
  EXPECT_NE(row.front(), row.back());
}

TEST_F(ImageFiles, RefusesDicomThatIsNotOneGreyFrame) {
  test::DicomFixture fixture;
  fixture.frames = 2;
  const std::string path = Write("b.dcm", fixture.Build());
  EXPECT_THAT(std::string(reader_->Read(path).status().message()), HasSubstr(path + ": is not one greyscale frame"));
}

TEST_F(ImageFiles, NamesTheFileThatCannotBeRead) {
  for (const char* name : {"broken.png", "broken.jpeg", "broken.dcm"}) {
    const std::string path = Write(name, "this is no image");
    EXPECT_THAT(std::string(reader_->Read(path).status().message()), HasSubstr(path));
  }
  EXPECT_THAT(std::string(reader_->Read("/nowhere/a.png").status().message()), HasSubstr("/nowhere/a.png"));
  EXPECT_FALSE(reader_->Read(Write("empty.png", "")).ok());
}

}  // namespace
}  // namespace cxr
