// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "service/analyze/result_record.h"
#include "service/analyze/result_table.h"
#include "service/analyze/terminal.h"
#include "tests/support/rpc/scripted_server.h"

namespace cxr {
namespace {

using testing::HasSubstr;
using testing::Not;

v1::AnalyzeResponse Analysed() {
  v1::AnalyzeResponse response;
  test::FillAnalysed(response);
  return response;
}

std::set<std::string> KeysOf(const nlohmann::json& json) {
  std::set<std::string> keys;
  for (const auto& item : json.items()) keys.insert(item.key());
  return keys;
}

TEST(ResultJson, HasExactlyTheKeysThatOthersRelyOn) {
  const auto json = nlohmann::json::parse(ToJson(RecordOf("in/a.dcm", Analysed())));
  EXPECT_EQ(KeysOf(json), (std::set<std::string>{"file", "outcome", "reasons", "finding", "score", "p_bacteria",
                                                 "p_normal", "p_virus", "model", "objects", "conclusion"}));
  EXPECT_EQ(json["file"], "in/a.dcm");
  EXPECT_EQ(json["outcome"], "analysed");
  EXPECT_EQ(json["reasons"], nlohmann::json::array());
  EXPECT_EQ(json["finding"], "BACTERIA");
  EXPECT_EQ(json["score"], 0.9);
  EXPECT_EQ(json["p_bacteria"], 0.7) << "calibrated, not raw";
  EXPECT_EQ(json["p_normal"], 0.1);
  EXPECT_EQ(json["p_virus"], 0.2);
  EXPECT_EQ(json["model"], "test-model 1.2.3");
  EXPECT_EQ(json["conclusion"], "positive");
}

v1::AnalyzeResponse Indeterminate() {
  v1::AnalyzeResponse response = Analysed();
  response.mutable_classification()->mutable_decision()->set_positive(false);
  response.mutable_classification()->mutable_decision()->set_conclusion(v1::CONCLUSION_INDETERMINATE);
  response.mutable_classification()->mutable_decision()->set_operating_point(0.95);
  return response;
}

TEST(ResultJson, NamesNoPatternOfAnIndeterminateDecision) {
  const auto json = nlohmann::json::parse(ToJson(RecordOf("a", Indeterminate())));
  EXPECT_EQ(json["finding"], "INDETERMINATE");
  EXPECT_EQ(json["conclusion"], "indeterminate");
  EXPECT_EQ(json["score"], 0.9);
}

TEST(ResultJson, SetsABlankBehindEveryColonAndCommaButChangesNoText) {
  ResultRecord record = RecordOf("in/{a:1,b:[2]}.dcm", Analysed());
  record.reasons = {"AGE_UNKNOWN", "VIEW_UNKNOWN"};
  record.objects = {{"secondary capture", "1.2", "1.3", "out/a.dcm"}};
  EXPECT_EQ(ToJson(record),
            R"({"file": "in/{a:1,b:[2]}.dcm", "outcome": "analysed", "reasons": ["AGE_UNKNOWN", "VIEW_UNKNOWN"], )"
            R"("finding": "BACTERIA", "score": 0.9, "p_bacteria": 0.7, "p_normal": 0.1, "p_virus": 0.2, )"
            R"("model": "test-model 1.2.3", "objects": [{"kind": "secondary capture", "sop_class_uid": "1.2", )"
            R"("sop_instance_uid": "1.3", "file": "out/a.dcm"}], )"
            R"("conclusion": "positive"})");
  EXPECT_EQ(ToJson(FailedRecord("a", {"TRUNCATED", "It ends early."})),
            R"({"file": "a", "outcome": "failed", "reasons": ["TRUNCATED"], "finding": null, "score": null, )"
            R"("p_bacteria": null, "p_normal": null, "p_virus": null, "model": null, "objects": [], )"
            R"("error": "It ends early.", "conclusion": null})");
}

TEST(ResultJson, HasNoClassWhereTheModelDoesNotApply) {
  v1::AnalyzeResponse response;
  response.set_outcome(v1::OUTCOME_NOT_APPLICABLE);
  response.add_reasons()->set_code(v1::REASON_CODE_AGE_OUTSIDE_POPULATION);
  response.add_reasons()->set_code(v1::REASON_CODE_VIEW_NOT_SUPPORTED);
  response.mutable_model()->set_name("m");
  response.mutable_model()->set_version("1");
  const auto json = nlohmann::json::parse(ToJson(RecordOf("a", response)));
  EXPECT_EQ(json["outcome"], "not applicable");
  EXPECT_EQ(json["reasons"], (nlohmann::json{"AGE_OUTSIDE_POPULATION", "VIEW_NOT_SUPPORTED"}));
  for (const char* key : {"finding", "score", "p_bacteria", "p_normal", "p_virus", "conclusion"})
    EXPECT_TRUE(json[key].is_null()) << key;
}

TEST(ResultJson, SaysWhyAnInputFailed) {
  const auto json = nlohmann::json::parse(ToJson(FailedRecord("a", {"TRUNCATED", "It ends early."})));
  EXPECT_EQ(json["outcome"], "failed");
  EXPECT_EQ(json["reasons"], nlohmann::json{"TRUNCATED"});
  EXPECT_EQ(json["error"], "It ends early.");
  EXPECT_TRUE(json["finding"].is_null());
  EXPECT_TRUE(json["model"].is_null());
  EXPECT_TRUE(json["objects"].empty());
}

TEST(ResultJson, IsOneLineOfValidJsonWhateverAFileIsCalled) {
  const std::string name =
      std::string("a\"\\\n\t\x01\x7F") + "\xC3\xBC" + "\xE2\x82\xAC" + "\xF0\x9F\xAB\x81" + "\xFF" + "\xC3";
  const std::string line = ToJson(FailedRecord(name, {"X", ""}));
  EXPECT_THAT(line, Not(HasSubstr("\n")));
  EXPECT_EQ(nlohmann::json::parse(line)["file"], std::string("a\"\\\n\t\x01\x7F") + "\xC3\xBC" + "\xE2\x82\xAC" +
                                                     "\xF0\x9F\xAB\x81" + "\xEF\xBF\xBD" + "\xEF\xBF\xBD");
}

TEST(ResultRecord, TurnsAnAnswerThatBreaksTheContractIntoAFailure) {
  EXPECT_TRUE(RecordOf("a", {}).failed()) << "no outcome";
  v1::AnalyzeResponse response = Analysed();
  response.clear_classification();
  EXPECT_TRUE(RecordOf("a", response).failed()) << "analysed without a class";
  response = Analysed();
  response.mutable_classification()->mutable_probabilities()->RemoveLast();
  EXPECT_TRUE(RecordOf("a", response).failed()) << "two probabilities";
  response = Analysed();
  response.mutable_classification()->set_pneumonia_score(std::numeric_limits<double>::quiet_NaN());
  EXPECT_TRUE(RecordOf("a", response).failed()) << "a score that is no number";
  response = Analysed();
  response.mutable_classification()->mutable_decision()->clear_finding();
  EXPECT_TRUE(RecordOf("a", response).failed()) << "no finding";
  response = Analysed();
  response.mutable_classification()->mutable_decision()->clear_conclusion();
  EXPECT_TRUE(RecordOf("a", response).failed()) << "no conclusion";
}

TEST(ResultTable, AlignsItsColumnsAndHidesControlCharacters) {
  const std::string table =
      ToTable({RecordOf("a\x1B[31m.dcm", Analysed()), FailedRecord("long/name.dcm", {"TRUNCATED", "It ends early."})});
  std::istringstream lines(table);
  std::string header;
  std::string first;
  std::string second;
  std::getline(lines, header);
  std::getline(lines, first);
  std::getline(lines, second);
  EXPECT_EQ(header.find("OUTCOME"), first.find("analysed"));
  EXPECT_EQ(header.find("OUTCOME"), second.find("failed"));
  EXPECT_EQ(header.find("REASONS"), second.find("TRUNCATED"));
  EXPECT_THAT(first, HasSubstr("0.9000"));
  EXPECT_THAT(table, Not(HasSubstr("\x1B")));
}

TEST(ResultTable, ShowsWhatIsIndeterminateAsFinding) {
  const std::string table = ToTable({RecordOf("a", Indeterminate()), RecordOf("b", Analysed())});
  EXPECT_EQ(table.find("INDETERMINATE") - table.find('\n') - 1, table.find("FINDING"));
  EXPECT_EQ(table.find("OUTCOME  "), table.find("OUTCOME")) << "the columns are those of before";
}

TEST(ResultTable, CountsTheOutcomes) {
  EXPECT_EQ(Summary({RecordOf("a", Analysed()), FailedRecord("b", {"X", ""}), RecordOf("c", Analysed())}),
            "3 inputs: 2 analysed, 1 failed");
}

TEST(Console, DrawsABarOnATerminalOnly) {
  std::ostringstream terminal;
  Console bar(terminal, true);
  bar.Start(2);
  bar.Advance();
  bar.Say("a message");
  bar.Finish();
  EXPECT_THAT(terminal.str(), HasSubstr("1 of 2"));
  EXPECT_THAT(terminal.str(), HasSubstr("\r\x1B[Ka message\n"));
  std::ostringstream log;
  Console lines(log, false);
  lines.Start(2);
  lines.Advance();
  lines.Say("a message");
  lines.Finish();
  EXPECT_EQ(log.str(), "a message\n");
}

}  // namespace
}  // namespace cxr
