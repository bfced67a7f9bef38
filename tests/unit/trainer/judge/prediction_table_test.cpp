// SPDX-License-Identifier: Apache-2.0
#include "trainer/judge/prediction_table.h"

#include <gtest/gtest.h>

namespace cxr {
namespace {

std::vector<Prediction> TwoImages() {
  return {{Pattern::kBacteria, {0.75, 0.125, 0.125}, Pattern::kBacteria},
          {Pattern::kNormal, {0.5, 0.25, 0.25}, Pattern::kBacteria}};
}

TEST(FormatPredictions, HasExactlyTheAgreedColumns) {
  const std::vector<LabelledImage> images = {{"", "BACTERIA/a.png", Pattern::kBacteria, "a"},
                                             {"", "NORMAL/b, \"c\".png", Pattern::kNormal, "b"}};
  EXPECT_EQ(FormatPredictions(images, TwoImages()),
            "file,label,p_bacteria,p_normal,p_virus,predicted,ood_score\n"
            "BACTERIA/a.png,BACTERIA,0.750000,0.125000,0.125000,BACTERIA,\n"
            "\"NORMAL/b, \"\"c\"\".png\",NORMAL,0.500000,0.250000,0.250000,BACTERIA,\n");
}

}  // namespace
}  // namespace cxr
