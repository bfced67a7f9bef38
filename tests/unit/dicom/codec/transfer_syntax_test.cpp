// SPDX-License-Identifier: Apache-2.0
// One image in every transfer syntax and pixel format, compressed by the programs of DCMTK and GDCM, against the same
// image uncompressed: lossless codecs give every stored value back, lossy ones stay within their loss.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/support/external_tool.h"
#include "tests/unit/dicom/codec/stored_values.h"
#include "tests/unit/dicom/support/analysis_samples.h"

namespace cxr {
namespace {

using test::PixelFormat;

/// `file` as a program rewrites it. Without the program, or if it refuses, the test fails.
std::string Transcode(const std::string& file, std::vector<std::string> command) {
  const test::TemporaryFile source(file);
  const test::TemporaryFile target("");
  command.push_back(source.path());
  command.push_back(target.path());
  const test::ToolResult result = test::RunTool(command);
  EXPECT_NE(result.exit_code, 127) << command.front() << " is missing: install dcmtk and libgdcm-tools";
  EXPECT_EQ(result.exit_code, 0) << command.front() << ": " << result.output;
  std::ifstream stream(target.path(), std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

absl::StatusOr<GrayImage> Display(const std::string& file) {
  absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = test::Reader()->Read(file);
  if (!radiograph.ok()) return radiograph.status();
  return (*radiograph)->DisplayImage();
}

int LargestDifference(const std::vector<std::int32_t>& a, const std::vector<std::int32_t>& b) {
  EXPECT_EQ(a.size(), b.size());
  int largest = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

constexpr PixelFormat kFormats[] = {{"8Bits", 8, 8, 7},
                                    {"8BitsSigned", 8, 8, 7, true},
                                    {"8Of16Bits", 16, 8, 7},
                                    {"10Bits", 16, 10, 9},
                                    {"12Bits", 16, 12, 11},
                                    {"12BitsSigned", 16, 12, 11, true},
                                    {"12BitsBelowOverlays", 16, 12, 11, false, 0xf000},
                                    {"12BitsAtTheTop", 16, 12, 15, false, 0x000f},
                                    {"15Bits", 16, 15, 14},
                                    {"16Bits", 16, 16, 15},
                                    {"16BitsSigned", 16, 16, 15, true}};

struct Codec {
  const char* name;
  std::vector<std::string> command;
  const char* uid;  ///< of the transfer syntax that the file must then have
};

/// What no codec promises: values outside the stored bits, and a high bit that PS3.5, 8.1.1 no longer allows.
bool IsPlain(const PixelFormat& format) {
  return format.junk == 0;
}

class Lossless : public ::testing::TestWithParam<std::tuple<Codec, PixelFormat>> {};

TEST_P(Lossless, GivesEveryStoredValueBack) {
  const auto& [codec, format] = GetParam();
  const test::DicomFixture radiograph = test::NoisyRadiograph(format, 0.05);
  const std::string plain = radiograph.Build();
  const std::string coded = Transcode(plain, codec.command);
  ASSERT_NE(coded.find(codec.uid), std::string::npos);
  const absl::StatusOr<std::vector<std::int32_t>> values = test::StoredValues(coded);
  ASSERT_TRUE(values.ok()) << values.status();
  EXPECT_EQ(LargestDifference(*values, radiograph.pixels), 0);
  const absl::StatusOr<GrayImage> expected = Display(plain);
  const absl::StatusOr<GrayImage> image = Display(coded);
  ASSERT_TRUE(expected.ok() && image.ok()) << image.status();
  EXPECT_EQ(image->pixels, expected->pixels);
}

std::string Name(const ::testing::TestParamInfo<std::tuple<Codec, PixelFormat>>& instance) {
  return std::string(std::get<0>(instance.param).name) + "Of" + std::get<1>(instance.param).name;
}

std::vector<PixelFormat> Unsigned() {
  std::vector<PixelFormat> formats;
  std::copy_if(std::begin(kFormats), std::end(kFormats), std::back_inserter(formats),
               [](const PixelFormat& format) { return IsPlain(format) && !format.is_signed; });
  return formats;
}

std::vector<PixelFormat> Plain() {
  std::vector<PixelFormat> formats;
  std::copy_if(std::begin(kFormats), std::end(kFormats), std::back_inserter(formats), IsPlain);
  return formats;
}

INSTANTIATE_TEST_SUITE_P(
    Words, Lossless,
    ::testing::Combine(::testing::Values(Codec{"Implicit", {"dcmconv", "+ti"}, "1.2.840.10008.1.2"},
                                         Codec{"Explicit", {"dcmconv", "+te"}, "1.2.840.10008.1.2.1"},
                                         Codec{"BigEndian", {"dcmconv", "+tb"}, "1.2.840.10008.1.2.2"},
                                         Codec{"Deflated", {"dcmconv", "+td"}, "1.2.840.10008.1.2.1.99"},
                                         Codec{"Rle", {"dcmcrle"}, "1.2.840.10008.1.2.5"}),
                       ::testing::ValuesIn(kFormats)),
    Name);

INSTANTIATE_TEST_SUITE_P(
    Jpeg, Lossless,
    ::testing::Combine(
        ::testing::Values(Codec{"JpegLosslessSv1", {"dcmcjpeg", "+e1"}, "1.2.840.10008.1.2.4.70"},
                          Codec{"JpegLosslessSv4", {"dcmcjpeg", "+el", "+sv", "4"}, "1.2.840.10008.1.2.4.57"},
                          Codec{"JpegLosslessSv7", {"dcmcjpeg", "+el", "+sv", "7"}, "1.2.840.10008.1.2.4.57"},
                          Codec{"JpegFragments", {"dcmcjpeg", "+e1", "+fs", "1"}, "1.2.840.10008.1.2.4.70"},
                          Codec{"JpegNoTable", {"dcmcjpeg", "+e1", "+fs", "1", "-ot"}, "1.2.840.10008.1.2.4.70"}),
        ::testing::ValuesIn(Plain())),
    Name);

INSTANTIATE_TEST_SUITE_P(
    JpegLs, Lossless,
    ::testing::Combine(
        ::testing::Values(Codec{"JpegLs", {"dcmcjpls", "+el"}, "1.2.840.10008.1.2.4.80"},
                          Codec{"JpegLsFragments", {"dcmcjpls", "+el", "+fs", "1"}, "1.2.840.10008.1.2.4.80"},
                          Codec{"JpegLsOfGdcm", {"gdcmconv", "-L"}, "1.2.840.10008.1.2.4.80"}),
        ::testing::ValuesIn(Plain())),
    Name);

// Of signed values the encoder that takes thresholds fails its own assertions.
INSTANTIATE_TEST_SUITE_P(
    JpegLsCooked, Lossless,
    ::testing::Combine(::testing::Values(Codec{"JpegLs", {"dcmcjpls", "+el", "+pc"}, "1.2.840.10008.1.2.4.80"},
                                         Codec{"JpegLsThresholds",
                                               {"dcmcjpls", "+el", "+pc", "+t1", "5", "+t2", "9", "+t3", "30", "+rs",
                                                "32"},
                                               "1.2.840.10008.1.2.4.80"}),
                       ::testing::ValuesIn(Unsigned())),
    Name);

INSTANTIATE_TEST_SUITE_P(Jpeg2000, Lossless,
                         ::testing::Combine(::testing::Values(Codec{
                                                "Jpeg2000", {"gdcmconv", "-K"}, "1.2.840.10008.1.2.4.90"}),
                                            ::testing::ValuesIn(Plain())),
                         Name);

struct Loss {
  const char* name;
  std::vector<std::string> command;
  const char* uid;
  PixelFormat format;
  double tolerance;  ///< of a stored value, as a share of the range
};

class Lossy : public ::testing::TestWithParam<Loss> {};

TEST_P(Lossy, StaysWithinTheLossOfTheCodec) {
  const Loss& loss = GetParam();
  const test::DicomFixture radiograph = test::NoisyRadiograph(loss.format, 0.01);
  const std::string coded = Transcode(radiograph.Build(), loss.command);
  ASSERT_NE(coded.find(loss.uid), std::string::npos);
  const absl::StatusOr<std::vector<std::int32_t>> values = test::StoredValues(coded);
  ASSERT_TRUE(values.ok()) << values.status();
  const double top = (1 << loss.format.stored) - 1;
  EXPECT_LE(LargestDifference(*values, radiograph.pixels), loss.tolerance * top);
  EXPECT_GT(LargestDifference(*values, radiograph.pixels), 0) << "nothing was lost: not the codec this test is about";
}

constexpr PixelFormat k8 = {"8Bits", 8, 8, 7};
constexpr PixelFormat k10 = {"10Bits", 16, 10, 9};
constexpr PixelFormat k12 = {"12Bits", 16, 12, 11};
constexpr PixelFormat k16 = {"16Bits", 16, 16, 15};
constexpr PixelFormat k12Signed = {"12BitsSigned", 16, 12, 11, true};

INSTANTIATE_TEST_SUITE_P(
    All, Lossy,
    ::testing::Values(
        Loss{"JpegBaseline8", {"dcmcjpeg", "+eb", "+q", "98"}, "1.2.840.10008.1.2.4.50", k8, 0.05},
        Loss{"JpegExtended8", {"dcmcjpeg", "+ee", "+q", "98", "+be"}, "1.2.840.10008.1.2.4.51", k8, 0.05},
        Loss{"JpegExtended12", {"dcmcjpeg", "+ee", "+q", "98"}, "1.2.840.10008.1.2.4.51", k12, 0.05},
        Loss{"JpegLsNear8", {"dcmcjpls", "+en", "+md", "2"}, "1.2.840.10008.1.2.4.81", k8, 2.0 / 255},
        Loss{"JpegLsNear10", {"dcmcjpls", "+en", "+md", "3"}, "1.2.840.10008.1.2.4.81", k10, 3.0 / 1023},
        Loss{"JpegLsNear12", {"dcmcjpls", "+en", "+md", "1"}, "1.2.840.10008.1.2.4.81", k12, 1.0 / 4095},
        Loss{"JpegLsNear12Wide", {"dcmcjpls", "+en", "+md", "9"}, "1.2.840.10008.1.2.4.81", k12, 9.0 / 4095},
        Loss{"JpegLsNear16", {"dcmcjpls", "+en", "+md", "7"}, "1.2.840.10008.1.2.4.81", k16, 7.0 / 65535},
        Loss{"Jpeg2000Lossy8", {"gdcmconv", "-K", "-Y", "-r", "4"}, "1.2.840.10008.1.2.4.91", k8, 0.12},
        Loss{"Jpeg2000Lossy12", {"gdcmconv", "-K", "-Y", "-r", "4"}, "1.2.840.10008.1.2.4.91", k12, 0.12},
        Loss{"Jpeg2000Lossy16", {"gdcmconv", "-K", "-Y", "-r", "4"}, "1.2.840.10008.1.2.4.91", k16, 0.12},
        Loss{"Jpeg2000Lossy12Signed", {"gdcmconv", "-K", "-Y", "-r", "4"}, "1.2.840.10008.1.2.4.91", k12Signed, 0.12}),
    [](const auto& instance) { return std::string(instance.param.name); });

}  // namespace
}  // namespace cxr
