// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "service/analyze/file_names.h"
#include "service/analyze/image_file.h"
#include "tests/support/temporary_folder.h"

namespace cxr {
namespace {

using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string kDicom = std::string(128, '\0') + "DICM";
const std::string kPng("\x89PNG\r\n\x1A\n", 8);

std::vector<std::string> StemsOf(const std::vector<ResultName>& names) {
  std::vector<std::string> stems;
  for (const ResultName& name : names) stems.push_back(name.stem);
  return stems;
}

TEST(InputFiles, WalksFoldersInOrderAndLeavesOutWhatIsNoRadiograph) {
  const TemporaryFolder folder;
  const std::vector<std::string> expected = {folder.Write("in/a/deep.dcm", kDicom), folder.Write("in/b.png", kPng),
                                             folder.Write("in/c", kDicom)};
  (void)folder.Write("in/notes.txt", "text");
  (void)folder.Write("in/old.sc.dcm", kDicom);
  (void)folder.Write("in/old.sr.dcm", kDicom);
  (void)folder.Write("in/old.pr.dcm", kDicom);
  (void)folder.Write("in/old.map.dcm", kDicom);
  (void)folder.Write("in/old.png", kPng);
  const auto found = FindInputFiles({folder / "in"});
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->files, expected);
  EXPECT_EQ(found->notes.size(), 6U) << "each file that is left out is named";
}

TEST(InputFiles, TakesANamedFileWhateverItHoldsAndEachFileOnce) {
  const TemporaryFolder folder;
  const std::string text = folder.Write("notes.txt", "text");
  const auto found = FindInputFiles(
      {text, text,
       folder / "../" + std::filesystem::path(folder / "").parent_path().filename().string() + "/notes.txt"});
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_THAT(found->files, ElementsAre(text));
}

TEST(InputFiles, RefusesWhatIsMissingAndFoldersWithoutRadiographs) {
  const TemporaryFolder folder;
  EXPECT_THAT(FindInputFiles({folder / "missing"}).status().message(), HasSubstr("missing"));
  (void)folder.Write("empty/notes.txt", "text");
  EXPECT_FALSE(FindInputFiles({folder / "empty"}).ok());
  EXPECT_FALSE(FindInputFiles({"/dev/null"}).ok());
}

TEST(ResultNames, KeepTwoInputsWithOneStemApart) {
  const auto names = NameResults({"x/a.dcm", "y/a.dcm", "z/a-2.dcm", "a.png"}, "out");
  EXPECT_THAT(StemsOf(names), ElementsAre("out/a", "out/a-3", "out/a-2", "out/a-4"));
  EXPECT_FALSE(names[0].renamed);
  EXPECT_TRUE(names[1].renamed);
  EXPECT_FALSE(names[2].renamed);
}

TEST(ResultNames, KeepAllButTheLastSuffix) {
  EXPECT_THAT(StemsOf(NameResults({"1.2.840.dcm", "no-suffix"}, "out")), ElementsAre("out/1.2.840", "out/no-suffix"));
}

TEST(ResultNames, NeverOverwriteAnInput) {
  const TemporaryFolder folder;
  const std::string image = folder.Write("a.png", kPng);
  const std::string capture = folder.Write("b.sc.dcm", kDicom);
  const std::string radiograph = folder.Write("b.dcm", kDicom);
  const auto names = NameResults({image, capture, radiograph}, folder / "");
  EXPECT_EQ(names[0].stem, folder / "a-2");
  EXPECT_EQ(names[1].stem, folder / "b.sc");
  EXPECT_EQ(names[2].stem, folder / "b-2");
}

TEST(ImageFile, ReturnsThePixelsThatWereEncoded) {
  RgbImage image{2, 3, std::vector<std::uint8_t>(18, 77)};
  const std::string png = EncodePng(image).value();
  ASSERT_TRUE(LooksLikeImageFile(png));
  const auto grey = DecodeImageFile(png);
  ASSERT_TRUE(grey.ok()) << grey.status();
  EXPECT_EQ(grey->rows, 2);
  EXPECT_EQ(grey->columns, 3);
  EXPECT_EQ(grey->pixels, std::vector<std::uint8_t>(6, 77));
}

TEST(ImageFile, RefusesDamagedAndEnormousImages) {
  std::string png = EncodePng({2, 3, std::vector<std::uint8_t>(18, 77)}).value();
  EXPECT_FALSE(DecodeImageFile(png.substr(0, 40)).ok());
  EXPECT_FALSE(DecodeImageFile(png.substr(0, 20)).ok());
  EXPECT_FALSE(DecodeImageFile("\xFF\xD8\xFF\xE0").ok());
  png[17] = '\x7F';  // a width of eight million
  png[21] = '\x7F';
  EXPECT_THAT(DecodeImageFile(png).status().message(), HasSubstr("pixels"));
  EXPECT_THAT(DecodeImageFile(std::string("\xFF\xD8\xFF\xC0\x00\x11\x08\xFF\xFF\xFF\xFF\x01", 12)).status().message(),
              HasSubstr("4294836225 pixels"));
}

}  // namespace
}  // namespace cxr
