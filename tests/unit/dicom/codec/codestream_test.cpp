// SPDX-License-Identifier: Apache-2.0
// What a codestream says counts, not the transfer syntax it travels under; how much it asks for is seen before it is
// decoded; and whatever a decoder has to say goes into our sentence and not to the standard error stream.
#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <random>

#include "service/base/failure.h"
#include "tests/support/dicom_fixture.h"
#include "tests/unit/dicom/support/analysis_samples.h"

namespace cxr {
namespace {

using test::DicomFixture;
using test::Syntax;

absl::StatusOr<GrayImage> Decoded(const std::string& file) {
  absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = test::Reader()->Read(file);
  if (!radiograph.ok()) return radiograph.status();
  return (*radiograph)->DisplayImage();
}

std::string BigBytes(std::size_t value, int count) {
  std::string bytes;
  for (int i = count; i-- > 0;) bytes.push_back(static_cast<char>(value >> (8 * i)));
  return bytes;
}

DicomFixture NoisyFixture(Syntax syntax, int bits) {
  DicomFixture fixture = test::FixtureOfImage(test::AsymmetricImage(192, 160), bits, false);
  std::mt19937 random(3);
  for (std::int32_t& value : fixture.pixels) value = std::min<int>((1 << bits) - 1, value + random() % 8);
  fixture.syntax = syntax;
  return fixture;
}

/// A file of that codec under the transfer syntax of another; the meta header's own length is not mended.
std::string Misnamed(const std::string& file, std::string uid) {
  if (uid.size() % 2 != 0) uid.push_back('\0');
  std::string named = file;
  const std::size_t tag = named.find(std::string("\x02\x00\x10\x00UI", 6));
  const auto old_length = static_cast<std::size_t>(static_cast<unsigned char>(named[tag + 6]));
  return named.replace(tag + 6, 2 + old_length, std::string{static_cast<char>(uid.size()), '\0'} + uid);
}

TEST(Codestream, IsDecodedAsWhatItIsUnderAnyTransferSyntax) {
  for (const Syntax syntax : {Syntax::kJpegLossless, Syntax::kJpegLs, Syntax::kJpeg2000}) {
    const std::string plain = NoisyFixture(syntax, 12).Build();
    const absl::StatusOr<GrayImage> expected = Decoded(plain);
    ASSERT_TRUE(expected.ok()) << expected.status();
    for (const char* last : {"4.50", "4.51", "4.57", "4.70", "4.80", "4.90", "5", "1"}) {
      const absl::StatusOr<GrayImage> image = Decoded(Misnamed(plain, std::string("1.2.840.10008.1.2.") + last));
      ASSERT_TRUE(image.ok()) << static_cast<int>(syntax) << " as " << last << ": " << image.status();
      EXPECT_EQ(image->pixels, expected->pixels) << static_cast<int>(syntax) << " as " << last;
    }
  }
}

TEST(Codestream, OfNoKnownKindIsRefused) {
  std::string file = NoisyFixture(Syntax::kJpegLossless, 12).Build();
  const std::size_t begin = file.rfind(std::string("\xfe\xff\x00\xe0", 4)) + 8;
  file.replace(begin, 2, "GI");
  const absl::Status status = Decoded(file).status();
  EXPECT_EQ(FailureReasonOf(status), absl::optional<FailureReason>(FailureReason::kUndecodablePixelData)) << status;
}

/// The file with the image and tile sizes of its JPEG 2000 codestream, and its Rows and Columns, replaced.
std::string Resized(int side, int tile) {
  DicomFixture fixture = NoisyFixture(Syntax::kJpeg2000, 8);
  fixture.attributes = {{"Rows", std::to_string(side)}, {"Columns", std::to_string(side)}};
  std::string file = fixture.Build();
  const std::size_t size = file.find("\xff\x4f\xff\x51");
  file.replace(size + 8, 8, BigBytes(side, 4) + BigBytes(side, 4));
  return file.replace(size + 24, 8, BigBytes(tile, 4) + BigBytes(tile, 4));
}

TEST(Codestream, ThatAsksForTooMuchIsRefusedBeforeItIsDecoded) {
  timespec before{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
  const absl::Status pixels = Decoded(Resized(10000, 64)).status();
  EXPECT_EQ(FailureReasonOf(pixels), absl::optional<FailureReason>(FailureReason::kInvalidImageSize)) << pixels;
  const absl::Status tiles = Decoded(Resized(5000, 64)).status();
  EXPECT_EQ(FailureReasonOf(tiles), absl::optional<FailureReason>(FailureReason::kUndecodablePixelData)) << tiles;
  EXPECT_NE(tiles.message().find("79 x 79 tiles"), absl::string_view::npos) << tiles;
  timespec after{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
  EXPECT_LT(after.tv_sec - before.tv_sec, 1);
}

TEST(Codestream, IsGivenUpWhenItsTimeIsOver) {
  DicomSettings settings = test::FixedSettings();
  settings.limits.max_decode_time = std::chrono::milliseconds(0);
  const std::string file = NoisyFixture(Syntax::kJpeg2000, 12).Build();
  absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = test::Reader(settings)->Read(file);
  ASSERT_TRUE(radiograph.ok()) << radiograph.status();
  const absl::Status status = (*radiograph)->DisplayImage().status();
  EXPECT_NE(status.message().find("takes more than 0 ms"), absl::string_view::npos) << status;
}

/// The codestream in the only fragment of a file, without what makes its length even.
std::string FragmentOf(const std::string& file) {
  const std::size_t begin = file.rfind(std::string("\xfe\xff\x00\xe0", 4)) + 8;
  const std::size_t end = file.rfind("\xff\xd9");
  return file.substr(begin, end + 2 - begin);
}

/// A lossless JPEG 2000 file of 3 x 3 tiles of 64 x 64: tiles are coded by themselves, so those of nine images of that
/// size make one image.
std::string Tiled() {
  constexpr int kTiles = 9;
  constexpr std::size_t kSide = 64;
  std::string codestream;
  std::mt19937 random(3);
  for (int tile = 0; tile < kTiles; ++tile) {
    DicomFixture fixture = test::FixtureOfImage(test::AsymmetricImage(kSide, kSide), 12, false);
    for (std::int32_t& value : fixture.pixels) value = std::min<int>(4095, value + random() % 64);
    fixture.syntax = Syntax::kJpeg2000;
    const std::string coded = FragmentOf(fixture.Build());
    const std::size_t part = coded.find(std::string("\xff\x90\x00\x0a", 4));
    if (tile == 0) {
      codestream = coded.substr(0, part);
      codestream.replace(8, 8, BigBytes(3 * kSide, 4) + BigBytes(3 * kSide, 4));
      codestream.replace(24, 8, BigBytes(kSide, 4) + BigBytes(kSide, 4));
    }
    std::string tile_part = coded.substr(part, coded.size() - 2 - part);
    codestream += tile_part.replace(4, 2, BigBytes(static_cast<std::size_t>(tile), 2));
  }
  codestream += "\xff\xd9";
  if (codestream.size() % 2 != 0) codestream.push_back('\0');
  DicomFixture whole = test::FixtureOfImage(test::AsymmetricImage(3 * kSide, 3 * kSide), 12, false);
  whole.syntax = Syntax::kJpeg2000;
  const std::string file = whole.Build();
  const std::size_t length = file.rfind(std::string("\xfe\xff\x00\xe0", 4)) + 4;
  std::string size = BigBytes(codestream.size(), 4);
  std::reverse(size.begin(), size.end());
  return file.substr(0, length) + size + codestream + std::string("\xfe\xff\xdd\xe0\0\0\0\0", 8);
}

struct TilePart {
  std::size_t begin = 0;
  std::size_t size = 0;
};

std::vector<TilePart> TileParts(const std::string& file) {
  std::vector<TilePart> parts;
  std::size_t at = file.find(std::string("\xff\x90\x00\x0a", 4));
  while (at != std::string::npos && file.compare(at, 2, "\xff\x90") == 0) {
    std::size_t size = 0;
    for (int i = 0; i < 4; ++i) size = size << 8 | static_cast<unsigned char>(file[at + 6 + i]);
    parts.push_back({at, size});
    at += size;
  }
  return parts;
}

/// The file without `count` bytes at a place in its only fragment.
std::string Without(std::string file, std::size_t at, std::size_t count) {
  const std::size_t item = file.rfind(std::string("\xfe\xff\x00\xe0", 4), at);
  file.erase(at, count);
  std::size_t length = 0;
  for (int i = 4; i-- > 0;) length = length << 8 | static_cast<unsigned char>(file[item + 4 + i]);
  length -= count;
  if (length % 2 != 0) file.insert(item + 8 + length++, 1, '\0');
  for (int i = 0; i < 4; ++i) file[item + 4 + i] = static_cast<char>(length >> (8 * i));
  return file;
}

TEST(Codestream, OfWhichAnyTileIsMissingOrDamagedIsRefused) {
  const std::string whole = Tiled();
  ASSERT_TRUE(Decoded(whole).ok()) << Decoded(whole).status();
  const std::vector<TilePart> parts = TileParts(whole);
  ASSERT_EQ(parts.size(), 9u);
  std::mt19937 random(11);
  for (const TilePart& part : parts) {
    EXPECT_FALSE(Decoded(Without(whole, part.begin, part.size)).ok());
    std::string zeroed = whole;
    std::fill_n(zeroed.begin() + static_cast<std::ptrdiff_t>(part.begin + part.size / 3), part.size / 3, '\0');
    EXPECT_FALSE(Decoded(zeroed).ok());
    std::string scrambled = whole;
    for (std::size_t i = part.size / 3; i < 2 * part.size / 3; ++i)
      scrambled[part.begin + i] = static_cast<char>(random() % 0x8f);
    EXPECT_FALSE(Decoded(scrambled).ok());
  }
}

TEST(Codestream, ThatIsDamagedSaysSoInOurSentenceAndNotOnTheErrorStream) {
  for (const Syntax syntax : {Syntax::kRle, Syntax::kJpegBaseline, Syntax::kJpegExtended, Syntax::kJpegLossless,
                              Syntax::kJpegLs, Syntax::kJpeg2000}) {
    const std::string whole = NoisyFixture(syntax, syntax == Syntax::kJpegExtended ? 12 : 8).Build();
    const std::size_t begin = whole.rfind(std::string("\xfe\xff\x00\xe0", 4)) + 8;
    std::mt19937 random(5);
    ::testing::internal::CaptureStderr();
    for (int round = 0; round < 200; ++round) {
      std::string file = whole;
      for (int i = 0; i < 20; ++i) file[begin + random() % (file.size() - begin - 8)] = static_cast<char>(random());
      const absl::Status status = Decoded(file).status();
      EXPECT_TRUE(status.ok() || status.message().size() > 20);
    }
    EXPECT_EQ(::testing::internal::GetCapturedStderr(), "") << static_cast<int>(syntax);
  }
}

}  // namespace
}  // namespace cxr
