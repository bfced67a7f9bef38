// SPDX-License-Identifier: Apache-2.0
#include "service/serving/call_gate.h"

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <thread>

#include "service/base/failure.h"

namespace cxr::test {
namespace {

using std::chrono::hours;
using std::chrono::system_clock;

constexpr std::chrono::milliseconds kQuiet(1);

absl::optional<FailureReason> Refusal(CallGate& gate) {
  return FailureReasonOf(gate.Enter().status());
}

TEST(CallGate, LetsCallsInOnlyWhileTheServiceServes) {
  CallGate gate(1);
  EXPECT_EQ(gate.state(), ServingState::kStarting);
  EXPECT_EQ(Refusal(gate), FailureReason::kNotServing);
  gate.Open();
  EXPECT_EQ(gate.state(), ServingState::kServing);
  EXPECT_TRUE(gate.Enter().ok());
  EXPECT_TRUE(gate.Drain(system_clock::now() + hours(1)).ok());
  EXPECT_EQ(gate.state(), ServingState::kStopped);
  EXPECT_EQ(Refusal(gate), FailureReason::kNotServing);
}

TEST(CallGate, AStoppedServiceNeverServesAgain) {
  CallGate gate(1);
  EXPECT_TRUE(gate.Drain(system_clock::now()).ok()) << "also one that was never open";
  gate.Open();
  EXPECT_EQ(gate.state(), ServingState::kStopped);
  EXPECT_EQ(Refusal(gate), FailureReason::kNotServing);
}

TEST(CallGate, RefusesCallsBeyondTheMostThereMayBe) {
  CallGate gate(2);
  gate.Open();
  const auto first = gate.Enter();
  {
    const auto second = gate.Enter();
    EXPECT_EQ(gate.calls(), 2);
    EXPECT_EQ(Refusal(gate), FailureReason::kOverloaded);
  }
  EXPECT_EQ(gate.calls(), 1);
  EXPECT_TRUE(gate.Enter().ok()) << "a call that has ended makes room";
}

TEST(CallGate, DrainWaitsForTheCallsThatAreInAndRefusesOthers) {
  CallGate gate(2);
  gate.Open();
  auto pass = std::make_unique<CallGate::Pass>(gate.Enter().value());
  auto drained = std::async(std::launch::async, [&gate] { return gate.Drain(system_clock::now() + hours(1)); });
  while (gate.state() != ServingState::kDraining) std::this_thread::yield();
  EXPECT_EQ(Refusal(gate), FailureReason::kNotServing);
  EXPECT_EQ(drained.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  pass.reset();
  EXPECT_TRUE(drained.get().ok());
  EXPECT_EQ(gate.state(), ServingState::kStopped);
}

TEST(CallGate, DrainGivesUpAtItsDeadlineAndSaysHowManyCallsWereLeft) {
  CallGate gate(2);
  gate.Open();
  const auto pass = gate.Enter();
  const absl::Status late = gate.Drain(system_clock::now());
  EXPECT_TRUE(absl::IsDeadlineExceeded(late));
  EXPECT_NE(late.message().find("1 calls"), absl::string_view::npos) << late;
  EXPECT_EQ(gate.state(), ServingState::kStopped);
}

TEST(CallGate, RestsOnceAfterEachTimeItWasUsedAndNeverWhenStopped) {
  CallGate gate(1);
  gate.Open();
  auto pass = std::make_unique<CallGate::Pass>(gate.Enter().value());
  auto rest = std::async(std::launch::async, [&gate] { return gate.AwaitRest(kQuiet); });
  EXPECT_EQ(rest.wait_for(10 * kQuiet), std::future_status::timeout) << "a call is in progress";
  pass.reset();
  EXPECT_TRUE(rest.get());
  auto next = std::async(std::launch::async, [&gate] { return gate.AwaitRest(kQuiet); });
  EXPECT_EQ(next.wait_for(10 * kQuiet), std::future_status::timeout) << "no call has come since";
  EXPECT_TRUE(gate.Drain(system_clock::now()).ok());
  EXPECT_FALSE(next.get());
  EXPECT_FALSE(gate.AwaitRest(kQuiet));
}

}  // namespace
}  // namespace cxr::test
