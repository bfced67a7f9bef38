// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "service/model/model_classifier.h"

namespace cxr {
namespace {

std::vector<std::filesystem::path> ShippedModels() {
  const char* source = std::getenv("CXR_SOURCE_DIR");
  std::vector<std::filesystem::path> folders;
  if (source == nullptr) return folders;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(source) / "service/models")) {
    if (entry.is_directory()) folders.push_back(entry.path());
  }
  return folders;
}

TEST(ShippedModel, IsExactlyOneWithItsCardAndLoads) {
  const auto folders = ShippedModels();
  ASSERT_EQ(folders.size(), 1U);
  EXPECT_TRUE(std::filesystem::exists(folders[0] / "MODEL_CARD.md"));
  const auto classifier = LoadClassifier(folders[0].string(), {});
  ASSERT_TRUE(classifier.ok()) << classifier.status();
  EXPECT_EQ((*classifier)->info().identity.name, folders[0].filename());
  EXPECT_EQ((*classifier)->info().population.min_age_years, 1);
  EXPECT_EQ((*classifier)->info().population.max_age_years, 5);
}

TEST(ShippedModel, GivesTheSameForTheSameImage) {
  const auto folders = ShippedModels();
  ASSERT_FALSE(folders.empty());
  const auto classifier = LoadClassifier(folders[0].string(), {});
  ASSERT_TRUE(classifier.ok()) << classifier.status();
  GrayImage image{600, 500, {}};
  for (int i = 0; i < 600 * 500; ++i) image.pixels.push_back(static_cast<std::uint8_t>(i / 1200));
  Stopwatch stopwatch;
  const auto first = (*classifier)->Classify(image, stopwatch);
  const auto second = (*classifier)->Classify(image, stopwatch);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->calibrated, second->calibrated);
  EXPECT_EQ(first->map.rows, 7);
  EXPECT_EQ(first->map.columns, 7);
}

}  // namespace
}  // namespace cxr
