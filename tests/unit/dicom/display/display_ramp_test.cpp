// SPDX-License-Identifier: Apache-2.0
// Straight windows are mapped by vector code where that gives the levels of the table. Whoever maps, every stored value
// must come out as the formulas of PS3.3 say.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "tests/support/dicom_fixture.h"
#include "tests/unit/dicom/support/analysis_samples.h"

namespace cxr {
namespace {

using test::DicomFixture;

struct Window {
  double center;
  double width;
  bool exact;
};

double Clamped(double share) {
  return std::clamp(share, 0.0, 1.0);
}

/// C.11.2.1.2.1 and C.11.2.1.3.2 with outputs 0 to 255, after the rescale of C.11.1.
int Level(double stored, double slope, double intercept, const Window& window, bool inverted) {
  const double x = stored * slope + intercept;
  double share = 0;
  if (window.exact) {
    share = Clamped((x - window.center) / window.width + 0.5);
  } else if (window.width > 1) {
    share = Clamped((x - (window.center - 0.5)) / (window.width - 1) + 0.5);
  } else {
    share = x > window.center - 0.5 ? 1 : 0;
  }
  return static_cast<int>(std::lround(255 * (inverted ? 1 - share : share)));
}

std::vector<std::uint8_t> RampDisplay(const DicomFixture& fixture) {
  const std::string file = fixture.Build();
  absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = test::Reader()->Read(file);
  if (!radiograph.ok()) return {};
  absl::StatusOr<GrayImage> image = (*radiograph)->DisplayImage();
  return image.ok() ? std::move(image->pixels) : std::vector<std::uint8_t>();
}

/// Every value that `bits` can store, once, in more than one block of the mapping and not a whole number of them.
DicomFixture EveryValue(int bits, bool is_signed) {
  DicomFixture fixture;
  fixture.rows = 1 << std::max(0, bits - 12);
  fixture.columns = 1 << std::min(bits, 12);
  fixture.bits_allocated = 16;
  fixture.bits_stored = bits;
  fixture.is_signed = is_signed;
  fixture.pixels.resize(std::size_t{1} << bits);
  std::iota(fixture.pixels.begin(), fixture.pixels.end(), is_signed ? -(1 << (bits - 1)) : 0);
  return fixture;
}

struct Storage {
  int bits;
  bool is_signed;
};

class EveryStoredValue : public ::testing::TestWithParam<Storage> {};

TEST_P(EveryStoredValue, HasTheLevelOfTheStandardsFormula) {
  std::mt19937 random(3);
  const int top = 1 << GetParam().bits;
  const auto pick = [&](int low, int high) { return low + static_cast<int>(random() % (high - low + 1)); };
  for (int round = 0; round < 40; ++round) {
    DicomFixture fixture = EveryValue(GetParam().bits, GetParam().is_signed);
    const double slope = round % 4 == 3 ? -1.5 : round % 4 == 2 ? 0.25 : 1;
    const double intercept = round % 4 == 0 ? 0 : pick(-500, 500);
    const Window window{pick(-top / 4, top) + (round % 3 == 0 ? 0.5 : 0), double(pick(1, 2 * top)), round % 2 == 1};
    fixture.rescale = {slope, intercept};
    fixture.window = {window.center, window.width};
    if (window.exact) fixture.voi_function = "LINEAR_EXACT";
    if (round % 5 == 4) fixture.photometric = "MONOCHROME1";
    const std::int32_t middle = fixture.pixels[fixture.pixels.size() / 2];
    if (round % 7 == 6) {
      fixture.padding = middle;
      fixture.padding_limit = middle + 9;
    }
    const std::vector<std::uint8_t> levels = RampDisplay(fixture);
    ASSERT_EQ(levels.size(), fixture.pixels.size());
    for (std::size_t i = 0; i < levels.size(); ++i) {
      const std::int32_t value = fixture.pixels[i];
      const bool padding = fixture.padding && value >= middle && value <= middle + 9;
      const int expected = padding ? 0 : Level(value, slope, intercept, window, fixture.photometric == "MONOCHROME1");
      ASSERT_EQ(int{levels[i]}, expected) << "value " << value << ", round " << round;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Storages, EveryStoredValue,
                         ::testing::Values(Storage{10, false}, Storage{12, false}, Storage{12, true},
                                           Storage{15, false}, Storage{16, false}, Storage{16, true}),
                         [](const auto& instance) {
                           return std::to_string(instance.param.bits) + (instance.param.is_signed ? "Signed" : "");
                         });

TEST(DisplayOfRadiographs, LookupTablesMeanTheSameInEveryUncompressedSyntax) {
  for (const test::Syntax syntax : {test::Syntax::kImplicitLittle, test::Syntax::kExplicitLittle,
                                    test::Syntax::kExplicitBig, test::Syntax::kDeflated}) {
    DicomFixture fixture = EveryValue(12, true);
    fixture.syntax = syntax;
    fixture.padding = -2048;
    fixture.modality_lut = test::LookupTable{{100, 200, 300}, -1, 12};
    fixture.voi_lut = test::LookupTable{{0, 2048, 4095}, 199, 12};
    const std::vector<std::uint8_t> levels = RampDisplay(fixture);
    ASSERT_EQ(levels.size(), 4096u);
    EXPECT_EQ(int{levels[0]}, 0) << static_cast<int>(syntax);     // padding
    EXPECT_EQ(int{levels[2047]}, 0) << static_cast<int>(syntax);  // -1: 100, below the first input of the VOI LUT
    EXPECT_EQ(int{levels[2048]}, 128) << static_cast<int>(syntax);
    EXPECT_EQ(int{levels[2049]}, 255) << static_cast<int>(syntax);
    fixture.modality_lut.reset();
    fixture.voi_lut = test::LookupTable{{0, 4095}, -2, 12};
    const std::vector<std::uint8_t> direct = RampDisplay(fixture);
    ASSERT_EQ(direct.size(), 4096u);
    EXPECT_EQ(int{direct[2046]}, 0) << static_cast<int>(syntax);
    EXPECT_EQ(int{direct[2047]}, 255) << static_cast<int>(syntax);
  }
}

}  // namespace
}  // namespace cxr
