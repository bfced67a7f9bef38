// SPDX-License-Identifier: Apache-2.0
// Whole files around damaged codestreams: a decoder would fill what is missing, and half a radiograph is not one.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "absl/strings/str_cat.h"
#include "service/base/failure.h"
#include "tests/support/dicom_fixture.h"
#include "tests/unit/dicom/support/analysis_samples.h"

namespace cxr {
namespace {

using test::DicomFixture;
using test::Syntax;

absl::Status Shown(const std::string& file) {
  absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = test::Reader()->Read(file);
  return radiograph.ok() ? (*radiograph)->DisplayImage().status() : radiograph.status();
}

/// A radiograph as codecs see one: soft shapes, an edge, a black border and noise; `seed` makes another patient.
GrayImage SoftImage(int rows, int columns, unsigned seed) {
  GrayImage image{rows, columns, {}};
  std::mt19937 random(seed);
  for (int y = 0; y < rows; ++y) {
    for (int x = 0; x < columns; ++x) {
      const double u = static_cast<double>(x) / columns;
      const double v = static_cast<double>(y) / rows;
      double level = 120 + 60 * std::sin(7 * u + seed) * std::cos(5 * v) + (u > 0.45 && u < 0.55 ? 40 : 0);
      if (u < 0.06) level = 0;
      const double noise = u < 0.06 ? 0 : static_cast<double>(random() % 7) - 3;
      image.pixels.push_back(static_cast<std::uint8_t>(std::clamp(level + noise, 0.0, 255.0)));
    }
  }
  return image;
}

struct Coding {
  const char* name;
  Syntax syntax;
  int bits;
};

/// The place of the only fragment's bytes in a file that ends with it.
struct Fragment {
  std::size_t begin = 0;
  std::size_t size = 0;
};

Fragment FindFragment(const std::string& file) {
  const std::size_t item = file.rfind(std::string("\xfe\xff\x00\xe0", 4));
  return {item + 8, file.size() - item - 16};
}

/// The file with `count` bytes of the codestream, from `at`, zeroed or taken out.
std::string Damage(const std::string& file, std::size_t at, std::size_t count, bool remove) {
  const Fragment fragment = FindFragment(file);
  std::string coded = file.substr(fragment.begin, fragment.size);
  if (remove) {
    coded.erase(at, count);
    if (coded.size() % 2 != 0) coded.push_back('\0');
  } else {
    std::fill_n(coded.begin() + static_cast<std::ptrdiff_t>(at), count, '\0');
  }
  std::string damaged = file.substr(0, fragment.begin - 4);
  for (int i = 0; i < 4; ++i) damaged.push_back(static_cast<char>(coded.size() >> (8 * i)));
  return damaged + coded + file.substr(fragment.begin + fragment.size);
}

class DamagedFrame : public ::testing::TestWithParam<Coding> {};

TEST_P(DamagedFrame, IsNeverShown) {
  int shown = 0;
  int tried = 0;
  for (unsigned patient = 0; patient < 4; ++patient) {
    DicomFixture fixture = test::FixtureOfImage(SoftImage(200, 168, patient), GetParam().bits, false);
    fixture.syntax = GetParam().syntax;
    const std::string whole = fixture.Build();
    ASSERT_TRUE(Shown(whole).ok()) << Shown(whole);
    const std::size_t size = FindFragment(whole).size;
    const std::size_t third = size / 3;
    for (std::size_t step = 0; step < 20; ++step) {
      const std::size_t at = third / 2 + step * third / 20;
      for (const bool remove : {false, true}) {
        const absl::Status status = Shown(Damage(whole, at, third, remove));
        ++tried;
        if (status.ok()) ++shown;
        if (status.ok()) ADD_FAILURE() << (remove ? "removed" : "zeroed") << " at " << at << " of " << size;
        EXPECT_TRUE(status.ok() || FailureReasonOf(status) == FailureReason::kUndecodablePixelData) << status;
      }
    }
  }
  EXPECT_EQ(tried, 160);
  EXPECT_EQ(shown, 0);
}

INSTANTIATE_TEST_SUITE_P(All, DamagedFrame,
                         ::testing::Values(Coding{"JpegBaseline", Syntax::kJpegBaseline, 8},
                                           Coding{"JpegExtended", Syntax::kJpegExtended, 12},
                                           Coding{"JpegLossless8", Syntax::kJpegLossless, 8},
                                           Coding{"JpegLossless12", Syntax::kJpegLossless, 12},
                                           Coding{"JpegLossless16", Syntax::kJpegLossless, 16},
                                           Coding{"JpegLs8", Syntax::kJpegLs, 8},
                                           Coding{"JpegLs12", Syntax::kJpegLs, 12}, Coding{"Rle", Syntax::kRle, 8},
                                           Coding{"Jpeg2000", Syntax::kJpeg2000, 8},
                                           Coding{"Jpeg2000Of12Bits", Syntax::kJpeg2000, 12}),
                         [](const auto& coding) { return std::string(coding.param.name); });

}  // namespace
}  // namespace cxr
