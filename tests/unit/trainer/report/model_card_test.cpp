// SPDX-License-Identifier: Apache-2.0
#include "trainer/report/model_card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cxr {
namespace {

using testing::HasSubstr;

TEST(ModelCard, SaysWhatAReaderMustKnow) {
  TrainOptions options;
  options.command = "cxr-train train --data D --seed 3";
  options.about = {{"data_licence", "CC BY 4.0"}};
  ModelFigures figures;
  figures.temperature = 0.75;
  figures.operating_point = 0.625;
  figures.specificity_operating_point = 0.375;
  CardFigures judged;
  judged.validation.metrics = ComputeMetrics({{Pattern::kVirus, {0.1, 0.1, 0.8}, Pattern::kVirus}});
  judged.test = Judgement{ComputeMetrics({{Pattern::kVirus, {0.8, 0.1, 0.1}, Pattern::kBacteria}}), {}, {}};
  const std::string card = FormatModelCard(options, figures, judged, std::string(64, 'f'), "ten folds\n");
  for (const char* needed :
       {"Research use only", "not for diagnosis", "cxr-train train --data D --seed 3", "CC BY 4.0", "0.7500",
        "0.6250 is positive, below 0.3750 negative", "95 % of the normals", "accuracy 1.0000", "accuracy 0.0000",
        "had no part in training or calibration", "ten folds", "recall flatter", "One hospital", "1 to 5"}) {
    EXPECT_THAT(card, HasSubstr(needed));
  }
  EXPECT_THAT(card, HasSubstr(std::string(64, 'f')));
  EXPECT_THAT(card, testing::Not(testing::ContainsRegex("\\$[0-9]"))) << "every placeholder is filled";
}

TEST(ModelCard, SaysWhichOptionsWereUnusual) {
  TrainOptions options;
  EXPECT_THAT(FormatModelCard(options, ModelFigures(), CardFigures(), "", ""),
              testing::Not(HasSubstr("flatters the figures")));
  options.fine_tune_from = "features.14";
  options.jpeg_noise = 0.3;
  options.keep_best = true;
  const std::string card = FormatModelCard(options, ModelFigures(), CardFigures(), "", "");
  for (const char* needed : {"before features.14", "30 % of the training images", "flatters the figures"})
    EXPECT_THAT(card, HasSubstr(needed));
}

}  // namespace
}  // namespace cxr
