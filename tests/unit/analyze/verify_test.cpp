// SPDX-License-Identifier: Apache-2.0
// `cxr-analyze verify` as a program, against a server of the real contract and reports of the real writer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "service/dicom/dicom_reader.h"
#include "tests/support/dicom_fixture.h"
#include "tests/support/rpc/scripted_server.h"
#include "tests/support/temporary_folder.h"

namespace cxr {
namespace {

using test::DicomFixture;
using test::ScriptedServer;
using testing::HasSubstr;
using testing::Not;

Analysis NotApplicable() {
  Analysis analysis;
  analysis.reasons = {{ReasonCode::kAgeOutsidePopulation, "The patient is 62 years old."}};
  analysis.model = {{"test-model", "1.2.3", std::string(64, 'a')}, {1, 5, "children"}, 0.5};
  return analysis;
}

Analysis Viral() {
  Analysis analysis = NotApplicable();
  analysis.outcome = Outcome::kAnalysed;
  analysis.reasons.clear();
  Classification classification;
  classification.calibrated = {0.2, 0.1, 0.7};
  classification.pneumonia_score = 0.9;
  classification.decision = Decide(classification.calibrated, {0.5, 0.5});
  classification.map = {1, 1, {1.0F}, {0, 0, 48, 60}, Pattern::kVirus};
  analysis.classification = classification;
  analysis.salient_regions = {{{5, 6}, {30, 6}, {30, 40}}};
  return analysis;
}

std::string ReportOf(const Analysis& analysis) {
  const std::string file = DicomFixture().Build();
  DicomSettings settings;
  settings.write.digest = "population=enforce";
  return MakeDicomReader(settings)
      .value()
      ->Read(file)
      .value()
      ->Write(ObjectKind::kStructuredReport, {analysis})
      ->content;
}

struct Outcomes {
  int status = -1;
  std::string out;
  std::string err;
};

class CxrAnalyzeVerify : public testing::Test {
 protected:
  /// Runs `verify` against a server that answers with `repeated`.
  Outcomes Verify(const std::string& repeated, const std::string& report_file, const std::string& source_file) {
    const ScriptedServer server(
        [&](const v1::AnalyzeRequest& request, v1::AnalyzeResponse& response, grpc::ServerContext&) {
          asked_for_the_report_alone_ =
              request.produce_size() == 1 && request.produce(0) == v1::OBJECT_KIND_STRUCTURED_REPORT;
          response.set_outcome(v1::OUTCOME_ANALYSED);
          v1::DicomObject& object = *response.add_objects();
          object.set_kind(v1::OBJECT_KIND_STRUCTURED_REPORT);
          object.set_content(repeated);
          return grpc::Status::OK;
        });
    const std::string command =
        absl::StrCat(CXR_BINARY_DIR "/bin/cxr-analyze verify --server ", server.address(), " ", report_file, " ",
                     source_file, " >", folder_ / "stdout", " 2>", folder_ / "stderr", " </dev/null");
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, folder_.Read("stdout"), folder_.Read("stderr")};
  }

  test::TemporaryFolder folder_;
  std::string source_ = folder_.Write("source.dcm", DicomFixture().Build());
  bool asked_for_the_report_alone_ = false;
};

TEST_F(CxrAnalyzeVerify, EndsWithZeroWhenTheReportHolds) {
  for (const Analysis& analysis : {Viral(), NotApplicable()}) {
    const std::string report = ReportOf(analysis);
    const Outcomes outcome = Verify(report, folder_.Write("a.sr.dcm", report), source_);
    EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("a.sr.dcm holds for"));
    EXPECT_THAT(outcome.out, Not(HasSubstr("DIFFERS")));
    EXPECT_TRUE(asked_for_the_report_alone_);
  }
}

TEST_F(CxrAnalyzeVerify, EndsWithOneAndNamesWhatDiffersWhenItDoesNot) {
  const std::string report = ReportOf(Viral());
  const std::string tampered = absl::StrReplaceAll(report, {{"75570004", "53084003"}});
  const Outcomes outcome = Verify(report, folder_.Write("a.sr.dcm", tampered), source_);
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.out, HasSubstr("does NOT hold"));
  EXPECT_THAT(outcome.out, HasSubstr("What differs: Finding."));
}

TEST_F(CxrAnalyzeVerify, DoesNotSendAnotherInstance) {
  DicomFixture other;
  other.instance_uid = "2.25.77";
  const std::string report = ReportOf(Viral());
  const Outcomes outcome = Verify(report, folder_.Write("a.sr.dcm", report), folder_.Write("other.dcm", other.Build()));
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.out, HasSubstr("What differs: Source instance."));
  EXPECT_FALSE(asked_for_the_report_alone_) << "nothing was sent";
}

TEST_F(CxrAnalyzeVerify, EndsWithOneWhenTheSourceIsUnreadable) {
  const std::string report = ReportOf(Viral());
  const Outcomes outcome =
      Verify(report, folder_.Write("a.sr.dcm", report), folder_.Write("bad.dcm", "nothing of the kind"));
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, HasSubstr("SOURCE cannot be read: The bytes are not DICOM"));
}

TEST_F(CxrAnalyzeVerify, EndsWithTwoWhenTheReportIsNotOneOfOursOrMissing) {
  const std::string report = ReportOf(Viral());
  EXPECT_EQ(Verify(report, source_, source_).status, 2);
  const Outcomes outcome = Verify(report, folder_ / "missing.dcm", source_);
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("missing.dcm cannot be read"));
  EXPECT_EQ(Verify(report, folder_.Write("a.sr.dcm", report), "").status, 2) << "one file is not enough";
}

TEST_F(CxrAnalyzeVerify, EndsWithOneWhenTheServiceAnswersNoUsableReport) {
  const std::string report = ReportOf(Viral());
  const Outcomes outcome = Verify("something else", folder_.Write("a.sr.dcm", report), source_);
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, HasSubstr("The service's report is unusable"));
}

}  // namespace
}  // namespace cxr
