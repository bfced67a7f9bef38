// SPDX-License-Identifier: Apache-2.0
// The recipe of the shipped model is what its documents say, and every option of it is understood.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "tests/unit/trainer/generated_data.h"
#include "trainer/cli/training_flags.h"

namespace cxr {
namespace {

TEST(Recipe, OfTheShippedModelIsUnderstood) {
  const char* source = std::getenv("CXR_SOURCE_DIR");
  ASSERT_NE(source, nullptr) << "set by ctest";
  const std::string text = test::Content(std::string(source) + "/trainer/recipes/cxr-mobilenetv2.toml");
  const auto recipe = ParseTrainConfig(text + "data=\"D\"\nbackbone=\"B\"\nout=\"O\"\n");
  ASSERT_TRUE(recipe.ok()) << recipe.status();
  EXPECT_EQ(recipe->name, "cxr-mobilenetv2");
  EXPECT_EQ(recipe->precision, Precision::kBfloat16);
  EXPECT_EQ(recipe->fine_tune_epochs, 10);
  EXPECT_TRUE(recipe->balance_recall);
  EXPECT_EQ(recipe->about.count("data_licence"), 1U);
}

}  // namespace
}  // namespace cxr
