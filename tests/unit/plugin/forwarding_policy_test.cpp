// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/forwarding_policy.h"

#include <gtest/gtest.h>

#include "tests/unit/plugin/fake_archive.h"

namespace cxr::plugin {
namespace {

ForwardingDecision Decide(FakeArchive& archive, const std::string& id = "i") {
  absl::StatusOr<ForwardingDecision> decision = DecideForwarding(archive, id, *archive.ReadSeries(id));
  EXPECT_TRUE(decision.ok()) << decision.status();
  return decision.value_or(ForwardingDecision{});
}

TEST(ForwardingPolicy, SendsComputedAndDigitalRadiographsOfTheChest) {
  for (const char* modality : {"CR", "DX", "dx "}) {
    for (const char* body_part : {"CHEST", "THORAX", "LUNG", "chest pa", "", " "}) {
      FakeArchive archive;
      archive.AddInstance("i", modality, body_part);
      EXPECT_EQ(Decide(archive).route, Route::kForward) << modality << " " << body_part;
      EXPECT_TRUE(Decide(archive).reasons.empty());
    }
  }
}

TEST(ForwardingPolicy, LeavesOutOtherModalitiesWithoutOpeningTheFile) {
  for (const char* modality : {"CT", "MR", "OT", "SR", ""}) {
    FakeArchive archive;
    archive.AddInstance("i", modality, "CHEST");
    const ForwardingDecision decision = Decide(archive);
    EXPECT_EQ(decision.route, Route::kLeftOut) << modality;
    ASSERT_EQ(decision.reasons.size(), 1U);
    EXPECT_EQ(decision.reasons[0].code, "MODALITY_NOT_SUPPORTED");
    EXPECT_EQ(archive.files_opened, 0);
  }
}

TEST(ForwardingPolicy, LeavesOutOtherBodyParts) {
  FakeArchive archive;
  archive.AddInstance("i", "CR", "KNEE");
  const ForwardingDecision decision = Decide(archive);
  EXPECT_EQ(decision.route, Route::kLeftOut);
  EXPECT_EQ(decision.reasons.at(0).code, "BODY_PART_NOT_SUPPORTED");
}

TEST(ForwardingPolicy, AsksTheInstanceForItsBodyPartAndNotItsSeries) {
  FakeArchive archive;
  archive.AddInstance("knee", "CR", "KNEE");
  archive.AddInstance("chest", "CR", "CHEST");  // the same series of a careless device
  EXPECT_EQ(Decide(archive, "knee").route, Route::kLeftOut);
  EXPECT_EQ(Decide(archive, "chest").route, Route::kForward);
}

TEST(ForwardingPolicy, KnowsOwnResultsByEquipmentAndTellsWhereTheyCameFrom) {
  for (const char* modality : {"OT", "SR", "DX"}) {
    FakeArchive archive;
    archive.AddInstance("i", modality, "CHEST", "cxr-triage");
    archive.instances["i"].by_plugin = true;
    EXPECT_EQ(Decide(archive).route, Route::kOwnResult) << modality;
    EXPECT_EQ(Decide(archive).reasons.at(0).code, "OWN_RESULT");
    archive.instances["i"].by_plugin = false;
    EXPECT_EQ(Decide(archive).route, Route::kOwnResult) << modality;
    EXPECT_EQ(Decide(archive).reasons.at(0).code, "OWN_RESULT_RESENT");
  }
}

TEST(ForwardingPolicy, SendsARadiographThatAnotherPluginStored) {
  FakeArchive archive;
  archive.AddInstance("i");
  archive.instances["i"].by_plugin = true;  // STOW-RS
  EXPECT_EQ(Decide(archive).route, Route::kForward);
}

TEST(ForwardingPolicy, ReportsAnInstanceThatIsGone) {
  FakeArchive archive;
  EXPECT_TRUE(absl::IsNotFound(DecideForwarding(archive, "nobody", {"study", "DX", "ACME"}).status()));
}

}  // namespace
}  // namespace cxr::plugin
