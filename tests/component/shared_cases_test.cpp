// SPDX-License-Identifier: Apache-2.0
// Odd files built after public bug reports, each against what its README says is right. The files are data and not part
// of the project: CXR_CASES names their folder, or they lie in cases beside the folder CXR_DATA. Each kind of fault has
// a test of its own on a generated file too.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "service/base/failure.h"
#include "tests/component/pipeline.h"

namespace cxr::test {
namespace {

constexpr double kTolerance = 0.02;  // of the probability of normal

std::filesystem::path Folder() {
  if (const char* cases = std::getenv("CXR_CASES")) return cases;
  const char* data = std::getenv("CXR_DATA");
  return data == nullptr ? std::filesystem::path() : std::filesystem::path(data) / ".." / "cases";
}

enum class Right { kAsReference, kAsReferenceWindow, kWarnedAtLeast, kNotApplicable, kFailed };

struct Case {
  const char* name;
  Right right;
  const char* reason = "";  ///< of what is not as the reference
};

constexpr Case kCases[] = {
    {"age_000Y_birthdate", Right::kAsReference},
    {"blank_black", Right::kNotApplicable, "NO_CONTRAST"},
    {"body_TORAX", Right::kAsReference},
    {"dose_sheet", Right::kNotApplicable, "TEXT_PAGE"},
    {"explicit_called_implicit", Right::kAsReference},
    {"inverted_unstated", Right::kWarnedAtLeast, "UNLIKE_TRAINING_DATA"},
    {"jpll_no_delimiter", Right::kAsReference},
    {"lossless_called_baseline", Right::kAsReference},
    {"lut_descriptor16_data12", Right::kAsReference},
    {"mlut_empty_item", Right::kAsReference},
    {"modality_DR", Right::kAsReference},
    {"nowindow_hot_pixel", Right::kAsReference},
    {"one_byte_short", Right::kFailed, "TRUNCATED"},
    {"orientation_lateral_no_view", Right::kNotApplicable, "VIEW_NOT_SUPPORTED"},
    {"orientation_mirrored", Right::kAsReference},
    {"orientation_rot90", Right::kAsReference},
    {"padding_everything", Right::kNotApplicable, "MOSTLY_PADDING"},
    {"photometric_absent", Right::kNotApplicable, "PHOTOMETRIC_UNKNOWN"},
    {"pid_70chars", Right::kAsReference},
    {"pid_umlaut_nocharset", Right::kAsReference},
    {"slope_comma", Right::kAsReferenceWindow},
    {"species_canine", Right::kNotApplicable, "SPECIES_NOT_SUPPORTED"},
    {"un_Modality", Right::kAsReference},
    {"un_PatientAge", Right::kAsReference},
    {"un_PatientID", Right::kAsReference},
    {"un_StudyInstanceUID", Right::kAsReference},
    {"un_window", Right::kAsReferenceWindow},
    {"view_AP_SUPINE", Right::kAsReference},
    {"window_nan_first", Right::kAsReferenceWindow},
    {"window_vr_IS", Right::kAsReferenceWindow},
    {"window_width_below1", Right::kAsReferenceWindow},
};

class SharedCase : public ::testing::TestWithParam<Case> {
 protected:
  static void SetUpTestSuite() {
    if (std::filesystem::is_directory(Folder())) pipeline_ = std::make_unique<Pipeline>(ShippedModelDirectory());
  }
  static void TearDownTestSuite() { pipeline_.reset(); }

  static absl::StatusOr<AnalysisResult> Analyze(const std::string& name) {
    std::ifstream stream(Folder() / (name + ".dcm"), std::ios::binary);
    EXPECT_TRUE(stream.good()) << name;
    return pipeline_->Analyze(std::string(std::istreambuf_iterator<char>(stream), {}));
  }

  static void ExpectAs(const std::string& reference, const AnalysisResult& result) {
    const absl::StatusOr<AnalysisResult> good = Analyze(reference);
    ASSERT_TRUE(good.ok()) << good.status();
    EXPECT_EQ(result.analysis.outcome, Outcome::kAnalysed);
    ASSERT_TRUE(result.analysis.classification.has_value());
    const auto normal = static_cast<std::size_t>(Pattern::kNormal);
    EXPECT_NEAR(result.analysis.classification->calibrated[normal], good->analysis.classification->calibrated[normal],
                kTolerance);
  }

  static std::unique_ptr<Pipeline> pipeline_;
};

std::unique_ptr<Pipeline> SharedCase::pipeline_;

void ExpectReason(const AnalysisResult& result, Outcome outcome, const std::string& reason) {
  EXPECT_EQ(result.analysis.outcome, outcome);
  ASSERT_EQ(result.analysis.reasons.size(), 1u);
  EXPECT_EQ(std::string(ReasonCodeName(result.analysis.reasons[0].code)), reason);
}

TEST_P(SharedCase, IsRight) {
  if (pipeline_ == nullptr) GTEST_SKIP() << "the odd files are absent: set CXR_CASES to their folder";
  const Case& odd = GetParam();
  const absl::StatusOr<AnalysisResult> result = Analyze(odd.name);
  if (odd.right == Right::kFailed) {
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(std::string(FailureReasonName(*FailureReasonOf(result.status()))), odd.reason);
    return;
  }
  ASSERT_TRUE(result.ok()) << result.status();
  if (odd.right == Right::kAsReference) ExpectAs("REF_good", *result);
  if (odd.right == Right::kAsReferenceWindow) ExpectAs("REF_good_window", *result);

  if (odd.right == Right::kWarnedAtLeast) {
    EXPECT_NE(result->analysis.outcome, Outcome::kAnalysed);
    ExpectReason(*result, result->analysis.outcome, odd.reason);
  }
  if (odd.right == Right::kNotApplicable) ExpectReason(*result, Outcome::kNotApplicable, odd.reason);
}

INSTANTIATE_TEST_SUITE_P(All, SharedCase, ::testing::ValuesIn(kCases),
                         [](const auto& instance) { return std::string(instance.param.name); });

}  // namespace
}  // namespace cxr::test
