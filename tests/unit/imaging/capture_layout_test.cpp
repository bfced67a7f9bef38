// SPDX-License-Identifier: Apache-2.0
// What the settings of the capture change: where the radiograph lies, whether a normal radiograph has colours, what
// small ones say.
#include <gtest/gtest.h>

#include <algorithm>

#include "integration/phantom/phantom.h"
#include "service/imaging/overlay.h"
#include "tests/unit/imaging/overlay_fixture.h"

namespace cxr {
namespace {

using test::AsMat;
using test::GrayRadiograph;
using test::Map;
using test::MustRender;
using test::Normal;
using test::Positive;
using test::Set;
using test::Spread;

int Coloured(const cv::Mat3b& pixels) {
  return static_cast<int>(
      std::count_if(pixels.begin(), pixels.end(), [](const cv::Vec3b& pixel) { return Spread(pixel) > 30; }));
}

TEST(CaptureLayout, SideBySideHasThePlainRadiographAtTheLeftAndTheOverlayAtTheRight) {
  for (const auto& [rows, columns] : {std::pair{900, 700}, {700, 900}, {800, 800}}) {
    const GrayImage radiograph = DrawChestPhantom({.rows = rows, .columns = columns});
    ActivationMap map = Map(7, 7, radiograph);
    Set(map, 3, 1, 1.0F);
    RgbImage alone = MustRender(radiograph, Positive(map));
    RgbImage both = MustRender(radiograph, Positive(map), {.layout = CaptureLayout::kSideBySide});
    EXPECT_EQ(both.copies, 2);
    ASSERT_EQ(both.columns, 2 * alone.columns);
    ASSERT_EQ(both.rows, alone.rows);
    const cv::Mat3b left = AsMat(both).colRange(0, alone.columns);
    const cv::Mat3b right = AsMat(both).colRange(alone.columns, both.columns);
    EXPECT_EQ(cv::countNonZero(cv::Mat(right != AsMat(alone)).reshape(1)), 0);
    const cv::Mat1b radiograph_mat(radiograph.rows, radiograph.columns,
                                   const_cast<std::uint8_t*>(radiograph.pixels.data()));
    for (int y = 0; y < rows; y += 13) {
      for (int x = 0; x < columns; x += 11)
        ASSERT_EQ(left(y, x), cv::Vec3b::all(radiograph_mat(y, x))) << x << " " << y;
    }
  }
}

TEST(CaptureLayout, ANormalRadiographIsColouredOnlyWhenAskedFor) {
  const GrayImage radiograph = GrayRadiograph(800, 800);
  ActivationMap map = Map(7, 7, radiograph);
  Set(map, 3, 3, 1.0F);
  Analysis analysis = Normal(map);
  RgbImage plain = MustRender(radiograph, analysis);
  EXPECT_EQ(Coloured(AsMat(plain)), 0);
  RgbImage asked = MustRender(radiograph, analysis, {}, MapDisplay::kShown);
  EXPECT_GT(Coloured(AsMat(asked)), 1000);
}

TEST(CaptureLayout, SmallCapturesKeepRadiographToBeSeen) {
  const GrayImage radiograph = GrayRadiograph(256, 200, 90);
  Analysis analysis = Positive(Map(7, 7, radiograph));
  analysis.reasons = {{ReasonCode::kAgeUnknown, ""}, {ReasonCode::kForProcessing, ""}};
  for (const int side : {128, 256, 512}) {
    RgbImage image = MustRender(radiograph, analysis, {.max_long_side = side});
    const cv::Mat3b pixels = AsMat(image);
    const auto radiograph_pixels =
        std::count_if(pixels.begin(), pixels.end(), [](const cv::Vec3b& pixel) { return pixel == cv::Vec3b::all(90); });
    EXPECT_GT(static_cast<double>(radiograph_pixels), 0.35 * static_cast<double>(pixels.total())) << side;
    const auto text =
        std::count_if(pixels.begin(), pixels.end(), [](const cv::Vec3b& pixel) { return pixel[0] > 230; });
    EXPECT_GT(text, 50) << "the purpose is always named";
  }
}

}  // namespace
}  // namespace cxr
