// SPDX-License-Identifier: Apache-2.0
#include "service/core/pattern.h"

#include <gtest/gtest.h>

#include <string>

namespace cxr {
namespace {

TEST(Pattern, NamesAreReadBackAndStandInTheOrderOfEveryTable) {
  EXPECT_EQ(PatternName(kPatterns[0]), "BACTERIA");
  EXPECT_EQ(PatternName(kPatterns[1]), "NORMAL");
  EXPECT_EQ(PatternName(kPatterns[2]), "VIRUS");
  for (const Pattern pattern : kPatterns) EXPECT_EQ(ParsePattern(PatternName(pattern)), pattern);
}

TEST(Pattern, AnythingElseIsNoPattern) {
  EXPECT_FALSE(ParsePattern("bacteria").has_value());
  EXPECT_FALSE(ParsePattern("").has_value());
}

TEST(Pattern, CaptionsSpeakOfPatternsNotOfCauses) {
  EXPECT_EQ(PatternCaption(Pattern::kBacteria), "Pattern suggestive of bacterial pneumonia");
  EXPECT_EQ(PatternCaption(Pattern::kNormal), "No pattern of pneumonia found");
  EXPECT_EQ(PatternCaption(Pattern::kVirus), "Pattern suggestive of viral pneumonia");
}

}  // namespace
}  // namespace cxr
