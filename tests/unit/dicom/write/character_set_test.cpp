// SPDX-License-Identifier: Apache-2.0
// Text of the source stands in both results byte by byte, in its own character set, and decodes to the same characters.
#include <dcmtk/dcmdata/dcdeftag.h>
#include <gtest/gtest.h>

#include "service/dicom/write/character_mask.h"
#include "tests/support/external_tool.h"
#include "tests/unit/dicom/support/result_file.h"
#include "tests/unit/dicom/support/written_results.h"

namespace cxr {
namespace {

using test::DicomFixture;
using test::ResultFile;
using test::WrittenResults;

struct Script {
  const char* test_name;
  std::string character_set;
  std::string name;       ///< of the patient
  std::string name_utf8;  ///< the same in Unicode
  std::string text;       ///< of the study's description
};

void PrintTo(const Script& script, std::ostream* stream) {
  *stream << script.test_name;
}

std::vector<Script> Scripts() {
  const std::string yamada_utf8 =
      "Yamada^Tarou=\xe5\xb1\xb1\xe7\x94\xb0^\xe5\xa4\xaa\xe9\x83\x8e=\xe3\x82\x84\xe3\x81\xbe\xe3\x81\xa0^"
      "\xe3\x81\x9f\xe3\x82\x8d\xe3\x81\x86";
  return {
      {"Latin1", "ISO_IR 100", "Buc^J\xe9r\xf4me", "Buc^J\xc3\xa9r\xc3\xb4me", "Thorax dos\xe9"},
      {"Cyrillic", "ISO_IR 144", "\xbb\xee\xda\x63\x65\xdc\xd1\x79\x70\xd3",
       "\xd0\x9b\xd1\x8e\xd0\xba\x63\x65\xd0\xbc\xd0\xb1\x79\x70\xd0\xb3", "\xb3\xe0\xe3\xd4\xdd\xd0\xef"},
      {"Greek", "ISO_IR 126", "\xc4\xe9\xef\xed\xf5\xf3\xe9\xef\xf2",
       "\xce\x94\xce\xb9\xce\xbf\xce\xbd\xcf\x85\xcf\x83\xce\xb9\xce\xbf\xcf\x82", "\xe8\xfe\xf1\xe1\xea\xe1\xf2"},
      {"Arabic", "ISO_IR 127", "\xe2\xc8\xc7\xe6\xea^\xe4\xe6\xd2\xc7\xd1",
       "\xd9\x82\xd8\xa8\xd8\xa7\xd9\x86\xd9\x8a^\xd9\x84\xd9\x86\xd8\xb2\xd8\xa7\xd8\xb1", "\xd5\xcf\xd1"},
      {"Utf8", "ISO_IR 192", "Wang^XiaoDong=\xe7\x8e\x8b^\xe5\xb0\x8f\xe6\x9d\xb1",
       "Wang^XiaoDong=\xe7\x8e\x8b^\xe5\xb0\x8f\xe6\x9d\xb1", "\xd0\x93\xd1\x80\xd1\x83\xd0\xb4\xd1\x8c \xe8\x83\xb8"},
      {"JapaneseKanji", "\\ISO 2022 IR 87",
       "Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B", yamada_utf8,
       "\x1b$B6;It\x1b(B"},
      {"JapaneseKatakanaAndKanji", "ISO 2022 IR 13\\ISO 2022 IR 87",
       "\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J=\x1b$B$d$^$@\x1b(J^\x1b$B$?$m$&\x1b(J",
       "\xef\xbe\x94\xef\xbe\x8f\xef\xbe\x80\xef\xbe\x9e^\xef\xbe\x80\xef\xbe\x9b\xef\xbd\xb3=" +
           yamada_utf8.substr(13),
       "\xd4\xcf"},
      {"Korean", "\\ISO 2022 IR 149",
       "Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf",
       "Hong^Gildong=\xe6\xb4\xaa^\xe5\x90\x89\xe6\xb4\x9e=\xed\x99\x8d^\xea\xb8\xb8\xeb\x8f\x99",
       "\x1b$)C\xc8\xe4\xba\xce"},
      {"Gb18030", "GB18030", "Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab",
       "Wang^XiaoDong=\xe7\x8e\x8b^\xe5\xb0\x8f\xe4\xb8\x9c", "\xd0\xd8\xb2\xbf\x81\x30\x81\x30"},
  };
}

class CharacterSet : public testing::TestWithParam<Script> {
 protected:
  CharacterSet() {
    DicomFixture fixture;
    fixture.attributes = {{"SpecificCharacterSet", GetParam().character_set},
                          {"PatientName", GetParam().name},
                          {"StudyDescription", GetParam().text}};
    results_ = test::ResultsOf(fixture);
  }

  WrittenResults results_;
};

TEST_P(CharacterSet, IsThatOfTheSourceAndSoAreTheBytes) {
  ResultFile source(results_.source);
  for (const std::string& content : results_.both()) {
    ResultFile result(content);
    for (const DcmTagKey& tag : {DCM_SpecificCharacterSet, DCM_PatientName, DCM_StudyDescription})
      EXPECT_EQ(result.Text(tag), source.Text(tag)) << tag.toString();
    EXPECT_EQ(result.Text(DCM_PatientName), GetParam().name);
  }
  EXPECT_TRUE(results_.left_out.empty()) << results_.left_out.front();
}

/// The name as a reader that others wrote decodes it: pydicom, which knows all of these sets.
std::string DecodedByPydicom(const std::string& content) {
  const test::TemporaryFile file(content);
  const std::string program =
      "import pydicom, sys, warnings; warnings.simplefilter('ignore');"
      "data = pydicom.dcmread(sys.argv[1], stop_before_pixels=True); data.decode();"
      "sys.stdout.buffer.write(str(data.PatientName).encode('utf-8'))";
  return test::RunTool({"/usr/bin/python3", "-c", program, file.path()}).output;
}

TEST_P(CharacterSet, DecodesToTheSameCharacters) {
  for (const std::string& content : results_.both()) EXPECT_EQ(DecodedByPydicom(content), GetParam().name_utf8);
}

TEST_P(CharacterSet, IsAcceptedByTheValidator) {
  for (const std::string& content : results_.both()) {
    const test::ConformanceReport report = test::CheckConformance(content);
    ASSERT_TRUE(report.ran) << "dciodvfy (package dicom3tools) is missing or crashed: " << report.output;
    EXPECT_TRUE(report.errors.empty()) << report.output;
  }
}

INSTANTIATE_TEST_SUITE_P(Scripts, CharacterSet, testing::ValuesIn(Scripts()),
                         [](const testing::TestParamInfo<Script>& script) {
                           return std::string(script.param.test_name);
                         });

// PS3.5, 6.1.2.5.3: a byte of a multi-byte character separates nothing. dciodvfy and pydicom take it for a separator
// and judge such a name, valid in the source, as two; that is no reason to lose the patient's name.
TEST(DelimiterBytes, OfMultiByteCharactersAreKept) {
  const std::vector<std::pair<std::string, std::string>> names = {
      {"\\ISO 2022 IR 87", "Sou=\x1b$BA\\\x1b(B"},  // a backslash
      {"\\ISO 2022 IR 87", "Hyou=\x1b$BI=\x1b(B"},  // an equals sign
      {"GBK", "Zhang=\x8f\x5c"},
      {"GBK", "Zhang=\x81\x5e"}};
  for (const auto& [character_set, name] : names) {
    DicomFixture fixture;
    fixture.attributes = {{"SpecificCharacterSet", character_set}, {"PatientName", name}};
    for (const std::string& content : test::ResultsOf(fixture).both())
      EXPECT_EQ(ResultFile(content).Text(DCM_PatientName), name);
  }
}

TEST(MaskedCharacters, AreAsManyAsTheTextHas) {
  EXPECT_EQ(MaskCharacters("J\xe9r", "ISO_IR 100"), "Jxr");
  EXPECT_EQ(MaskCharacters("\xe8\x83\xb8^\xc3\xa9", "ISO_IR 192"), "x^x");
  EXPECT_EQ(MaskCharacters("a=\x1b$BI=A\\\x1b(B^b", "\\ISO 2022 IR 87"), "a=xx^b");
  EXPECT_EQ(MaskCharacters("\x1b$)C\xfb\xf3^a", "\\ISO 2022 IR 149"), "x^a");
  EXPECT_EQ(MaskCharacters("\x8f\x5c\\a", "GBK"), "x\\a");
  EXPECT_EQ(MaskCharacters("\x81\x30\x81\x30z", "GB18030"), "xz");
  for (const char* cut : {"\x1b", "\x1b$", "\x1b$B!", "\x8f", "\xe8\x83"}) {
    for (const char* character_set : {"ISO_IR 192", "\\ISO 2022 IR 87", "GB18030"})
      EXPECT_LE(MaskCharacters(cut, character_set).size(), 4U);
  }
}

/// Every text of ours in the data set and what is nested in it: all but the attributes copied from the source.
void ExpectAscii(DcmItem& item) {
  for (unsigned long i = 0; i < item.card(); ++i) {
    DcmElement& element = *item.getElement(i);
    OFString value;
    if (element.isLeaf() && element.isaString() && element.getOFStringArray(value).good()) {
      for (char c : std::string(value.c_str(), value.size()))
        EXPECT_LT(static_cast<unsigned char>(c), 0x80) << element.getTag().toString() << " " << value;
    }
    auto* sequence = dynamic_cast<DcmSequenceOfItems*>(&element);
    for (unsigned long k = 0; sequence != nullptr && k < sequence->card(); ++k) ExpectAscii(*sequence->getItem(k));
  }
}

// ASCII is part of every character set, so our words are valid in whichever the source has.
TEST(OwnText, IsAsciiWhateverModelAndReasonsHold) {
  const std::string foreign = "M\xc3\xbcnchen \xe8\x83\xb8\n";
  Analysis analysis = test::AnalysisOf(0.7, 0.2);
  analysis.outcome = Outcome::kAnalysedWithWarnings;
  analysis.reasons = {{ReasonCode::kAgeUnknown, foreign}};
  analysis.model.identity.name = foreign;
  analysis.model.identity.version = foreign;
  analysis.model.population.description = foreign;
  DicomSettings settings = test::FixedSettings();
  settings.write.digest = foreign;
  DicomFixture fixture;
  fixture.attributes = {{"SpecificCharacterSet", "\\ISO 2022 IR 87"}};
  for (const std::string& content : test::ResultsOf(fixture, analysis, settings).both())
    ExpectAscii(ResultFile(content).dataset());
}

TEST(CharacterSetOfAnItem, ThatDiffersKeepsItsTextOutOfTheResults) {
  DicomFixture fixture;
  fixture.attributes = {{"SpecificCharacterSet", "ISO_IR 100"},
                        {"ProcedureCodeSequence[0].SpecificCharacterSet", "ISO_IR 144"},
                        {"ProcedureCodeSequence[0].CodeValue", "1"},
                        {"ProcedureCodeSequence[0].CodingSchemeDesignator", "99X"},
                        {"ProcedureCodeSequence[0].CodeMeaning", "\xbb\xee"}};
  const WrittenResults results = test::ResultsOf(fixture);
  for (const std::string& content : results.both())
    EXPECT_EQ(ResultFile(content).Text(DCM_ProcedureCodeSequence), "(absent)");
  EXPECT_TRUE(results.LeftOut("ProcedureCodeSequence"));
}

}  // namespace
}  // namespace cxr
