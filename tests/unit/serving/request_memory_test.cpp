// SPDX-License-Identifier: Apache-2.0
#include "service/serving/request_memory.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace cxr::test {
namespace {

/// Keeps the shares it is granted, with their numbers.
struct Holder {
  RequestMemory::Granted Number(int number) {
    return [this, number](RequestMemory::Share share) {
      order.push_back(number);
      shares.push_back(std::move(share));
    };
  }
  std::vector<int> order;
  std::vector<RequestMemory::Share> shares;
};

TEST(RequestMemory, GrantsAtOnceWhatFitsAndTakesItBack) {
  RequestMemory memory(100);
  {
    Holder holder;
    memory.Ask(60, holder.Number(1));
    memory.Ask(40, holder.Number(2));
    EXPECT_EQ(holder.order, (std::vector<int>{1, 2}));
    EXPECT_EQ(memory.used(), 100);
  }
  EXPECT_EQ(memory.used(), 0);
}

TEST(RequestMemory, WhatDoesNotFitWaitsInTheOrderOfAsking) {
  RequestMemory memory(100);
  Holder holder;
  memory.Ask(80, holder.Number(1));
  memory.Ask(90, holder.Number(2));
  memory.Ask(10, holder.Number(3));
  EXPECT_EQ(holder.order, std::vector<int>{1}) << "a small one does not overtake, or large ones would wait for ever";
  EXPECT_EQ(memory.waiting(), 2);
  holder.shares[0].ShrinkTo(0);
  EXPECT_EQ(holder.order, (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(memory.used(), 100);
}

TEST(RequestMemory, AShareKeepsWhatItNeedsAndGivesBackTheRest) {
  RequestMemory memory(100);
  Holder holder;
  memory.Ask(100, holder.Number(1));
  memory.Ask(70, holder.Number(2));
  holder.shares[0].ShrinkTo(31);
  EXPECT_EQ(holder.order, std::vector<int>{1});
  holder.shares[0].ShrinkTo(30);
  EXPECT_EQ(holder.order, (std::vector<int>{1, 2}));
  holder.shares[0].ShrinkTo(99);
  EXPECT_EQ(memory.used(), 100) << "a share never grows";
}

TEST(RequestMemory, ARequestThatIsWithdrawnIsNeverGrantedAndBlocksNobody) {
  RequestMemory memory(100);
  Holder holder;
  memory.Ask(60, holder.Number(1));
  const RequestMemory::Ticket large = memory.Ask(90, holder.Number(2));
  memory.Ask(40, holder.Number(3));
  memory.Withdraw(large);
  EXPECT_EQ(holder.order, (std::vector<int>{1, 3}));
  EXPECT_EQ(memory.waiting(), 0);
}

TEST(RequestMemory, MoreThanThereIsMeansAllOfIt) {
  RequestMemory memory(100);
  Holder holder;
  memory.Ask(1000, holder.Number(1));
  EXPECT_EQ(memory.used(), 100);
}

TEST(RequestMemory, ManyThreadsNeverHoldMoreThanThereIs) {
  RequestMemory memory(100);
  std::atomic<int> granted{0};
  std::atomic<bool> beyond{false};
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        memory.Ask(40, [&](RequestMemory::Share share) {
          ++granted;
          beyond = beyond || memory.used() > 100;
          share.ShrinkTo(10);
        });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(granted, 2000);
  EXPECT_FALSE(beyond);
  EXPECT_EQ(memory.used(), 0);
}

}  // namespace
}  // namespace cxr::test
