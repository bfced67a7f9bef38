// SPDX-License-Identifier: Apache-2.0
#include "service/config/shipped_model.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace cxr {
namespace {

namespace fs = std::filesystem;

class ShippedModelTest : public ::testing::Test {
 protected:
  void SetUp() override {
    prefix_ = fs::path(::testing::TempDir()) / ("shipped_model_" + std::to_string(::getpid()));
    fs::create_directories(prefix_ / "bin");
  }
  void TearDown() override { fs::remove_all(prefix_); }

  void AddModel(const std::string& name) {
    fs::create_directories(prefix_ / "share/cxr-triage/models" / name);
    std::ofstream(prefix_ / "share/cxr-triage/models" / name / "manifest.json") << "{}";
  }
  absl::StatusOr<std::string> Find() { return FindShippedModel(prefix_ / "bin/cxr-service"); }

  fs::path prefix_;
};

TEST_F(ShippedModelTest, IsTheOnlyModelBesideTheExecutable) {
  AddModel("one");
  fs::create_directories(prefix_ / "share/cxr-triage/models/notes");
  ASSERT_TRUE(Find().ok());
  EXPECT_EQ(*Find(), (prefix_ / "share/cxr-triage/models/one").string());
}

TEST_F(ShippedModelTest, IsNotFoundWhereThereIsNone) {
  EXPECT_TRUE(absl::IsNotFound(Find().status()));
  EXPECT_NE(Find().status().message().find("--model"), absl::string_view::npos);
}

TEST_F(ShippedModelTest, IsNotGuessedWhereThereAreTwo) {
  AddModel("one");
  AddModel("two");
  EXPECT_TRUE(absl::IsNotFound(Find().status()));
  EXPECT_NE(Find().status().message().find("found 2"), absl::string_view::npos);
}

}  // namespace
}  // namespace cxr
