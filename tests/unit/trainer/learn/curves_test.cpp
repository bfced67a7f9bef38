// SPDX-License-Identifier: Apache-2.0
#include "trainer/learn/curves.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/trainer/generated_data.h"

namespace cxr {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

EpochRow Row(const std::string& stage, int epoch, double loss) {
  EpochRow row{stage, epoch, {loss, ComputeMetrics({{Pattern::kVirus, {0.1, 0.2, 0.7}, Pattern::kVirus}})}, {}};
  if (stage == "fine-tune") row.validation = EpochFigures{2 * loss, row.training.metrics};
  return row;
}

const Curve* Find(const std::vector<Curve>& curves, const std::string& figure, const std::string& name) {
  for (const Curve& curve : curves) {
    if (curve.figure == figure && curve.name == name) return &curve;
  }
  return nullptr;
}

class CurvesTest : public testing::Test {
 protected:
  [[nodiscard]] std::string path() const { return (folder_.path() / "curves.csv").string(); }

  [[nodiscard]] std::string Content() const { return test::Content(path()); }

 private:
  const test::TestFolder folder_;
};

TEST_F(CurvesTest, CountEpochsOnAndLeaveOutWhatWasNotMeasured) {
  Curves curves(path());
  for (const auto& [stage, epoch, loss] :
       {std::make_tuple("frozen", 1, 1.0), std::make_tuple("frozen", 2, 0.75), std::make_tuple("fine-tune", 1, 0.5)})
    curves.Add(Row(stage, epoch, loss));
  const std::vector<Curve> all = curves.All();
  const Curve* training = Find(all, "loss", "training");
  ASSERT_NE(training, nullptr);
  EXPECT_THAT(training->epochs, ElementsAre(1, 2, 3));
  EXPECT_THAT(training->values, ElementsAre(1, 0.75, 0.5));
  const Curve* validation = Find(all, "loss", "validation");
  ASSERT_NE(validation, nullptr);
  EXPECT_THAT(validation->epochs, ElementsAre(3));
  EXPECT_THAT(validation->values, ElementsAre(1));
  EXPECT_NE(Find(all, "recall", "training VIRUS"), nullptr);
  EXPECT_EQ(Find(all, "recall", "training NORMAL"), nullptr) << "it is not defined in any epoch";
}

TEST_F(CurvesTest, GoOnFromTheirTextAsIfNothingHadHappened) {
  std::string text;
  {
    Curves before(path());
    before.Add(Row("frozen", 1, 1));
    text = before.text();
    before.Add(Row("fine-tune", 1, 0.5));
  }
  const std::string whole = Content();
  Curves after(path());
  ASSERT_TRUE(after.Restore(text).ok());
  EXPECT_EQ(Content(), text);
  after.Add(Row("fine-tune", 1, 0.5));
  EXPECT_EQ(Content(), whole);
  EXPECT_EQ(after.text(), whole);
  EXPECT_THAT(Find(after.All(), "loss", "training")->values, ElementsAre(1, 0.5));
}

TEST_F(CurvesTest, TakeTheTextOfAnotherVersion) {
  Curves curves(path());
  ASSERT_TRUE(curves.Restore("stage,epoch,training_loss,training_elegance\nfrozen,1,0.5,3\n").ok());
  EXPECT_THAT(Find(curves.All(), "loss", "training")->values, ElementsAre(0.5));
  EXPECT_EQ(Find(curves.All(), "elegance", "training"), nullptr);
}

TEST_F(CurvesTest, RefuseWhatIsNoSuchText) {
  Curves curves(path());
  curves.Add(Row("frozen", 1, 1));
  const std::string before = Content();
  EXPECT_THAT(std::string(curves.Restore("").message()), HasSubstr("stage and epoch"));
  EXPECT_THAT(std::string(curves.Restore("stage,epoch,training_loss\nfrozen,1\n").message()), HasSubstr("line 2"));
  EXPECT_EQ(Content(), before);
}

}  // namespace
}  // namespace cxr
