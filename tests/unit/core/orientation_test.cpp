// SPDX-License-Identifier: Apache-2.0
#include "service/core/orientation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace cxr {
namespace {

using ::testing::ElementsAre;

using Directions = std::vector<std::pair<const char*, const char*>>;

TEST(Orientation, IsReadFromTheMainDirections) {
  for (const auto& [rows, columns] : Directions{{"L", "F"}, {"LF", "FR"}, {"LF", "FP"}}) {
    const Orientation orientation = ReadOrientation(rows, columns);
    EXPECT_TRUE(orientation.view == OrientedView::kFrontal && orientation.turn == Turn{}) << rows << columns;
  }
}

TEST(Orientation, AlongTheDepthIsNotFrontal) {
  for (const auto& [rows, columns] : Directions{{"A", "F"}, {"P", "F"}, {"F", "A"}, {"L", "P"}})
    EXPECT_EQ(ReadOrientation(rows, columns).view, OrientedView::kNotFrontal) << rows << columns;
}

TEST(Orientation, ThatIsNoneIsNotStated) {
  for (const auto& [rows, columns] : Directions{{"", ""}, {"L", ""}, {"X", "F"}, {"L", "R"}})
    EXPECT_EQ(ReadOrientation(rows, columns).view, OrientedView::kNotStated) << rows << columns;
}

/// One of the eight ways. `pixels` are, row by row, those of an image that is upright
///   1 2 3
///   4 5 6
/// that is, 3 is on the patient's left at the head, and 4 on the right at the feet.
struct Way {
  const char* rows;
  const char* columns;
  int row_count;
  std::vector<std::uint8_t> pixels;
};

class EveryWay : public ::testing::TestWithParam<Way> {
 protected:
  const Turn turn = ReadOrientation(GetParam().rows, GetParam().columns).turn;
  const int rows = GetParam().row_count;
  const int columns = 6 / rows;
};

TEST_P(EveryWay, TurnsUpright) {
  const GrayImage upright = Upright({rows, columns, GetParam().pixels}, turn);
  EXPECT_EQ(upright.rows, 2);
  EXPECT_EQ(upright.columns, 3);
  EXPECT_THAT(upright.pixels, ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST_P(EveryWay, TurnsTheMapBack) {
  const ActivationMap map = InSource({2, 3, {1, 2, 3, 4, 5, 6}, {0, 0, 3, 2}, Pattern::kVirus}, turn, rows, columns);
  EXPECT_EQ(map.rows, rows);
  EXPECT_EQ(map.columns, columns);
  EXPECT_EQ(map.pattern, Pattern::kVirus);
  EXPECT_EQ(map.values, std::vector<float>(GetParam().pixels.begin(), GetParam().pixels.end()));
  EXPECT_EQ(map.source_box.width, columns);
  EXPECT_EQ(map.source_box.height, rows);
}

/// The box of one upright pixel, the 3 at the upper right, is where the source has its 3.
TEST_P(EveryWay, TurnsTheBoxBack) {
  const PixelBox box = InSource({1, 1, {1}, {2, 0, 1, 1}, Pattern::kNormal}, turn, rows, columns).source_box;
  EXPECT_EQ(box.width, 1);
  EXPECT_EQ(box.height, 1);
  EXPECT_EQ(GetParam().pixels.at(static_cast<std::size_t>(box.top) * static_cast<std::size_t>(columns) +
                                 static_cast<std::size_t>(box.left)),
            3);
}

INSTANTIATE_TEST_SUITE_P(OfLying, EveryWay,
                         ::testing::Values(Way{"L", "F", 2, {1, 2, 3, 4, 5, 6}}, Way{"R", "F", 2, {3, 2, 1, 6, 5, 4}},
                                           Way{"L", "H", 2, {4, 5, 6, 1, 2, 3}}, Way{"R", "H", 2, {6, 5, 4, 3, 2, 1}},
                                           Way{"F", "L", 3, {1, 4, 2, 5, 3, 6}}, Way{"F", "R", 3, {3, 6, 2, 5, 1, 4}},
                                           Way{"H", "L", 3, {4, 1, 5, 2, 6, 3}}, Way{"H", "R", 3, {6, 3, 5, 2, 4, 1}}),
                         [](const auto& way) { return std::string(way.param.rows) + way.param.columns; });

TEST(Orientation, OfImagesBeyondABlockIsTurnedWhole) {
  GrayImage image{130, 67, {}};
  for (int i = 0; i < 130 * 67; ++i) image.pixels.push_back(static_cast<std::uint8_t>(i * 31 % 251));
  const GrayImage upright = Upright(image, {true, true, false});
  ASSERT_EQ(upright.rows, 67);
  for (int y = 0; y < 130; ++y) {
    for (int x = 0; x < 67; ++x)
      ASSERT_EQ(upright.pixels[static_cast<std::size_t>(x * 130 + 129 - y)],
                image.pixels[static_cast<std::size_t>(y * 67 + x)]);
  }
}

}  // namespace
}  // namespace cxr
