// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/runner.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <stdexcept>
#include <string>

namespace cxr::plugin {
namespace {

void Ignore(const char*) {}

TEST(Runner, CallsAStepAgainWhenWoken) {
  std::latch first{1};
  std::latch second{1};
  std::atomic<int> calls{0};
  Runner runner({[&] {
                  const int call = ++calls;
                  if (call == 1) first.count_down();
                  if (call == 2) second.count_down();
                  return absl::InfiniteFuture();
                }},
                Ignore);
  runner.Start();
  first.wait();
  runner.Wake();
  second.wait();
  runner.Stop();
  EXPECT_EQ(calls, 2);
}

TEST(Runner, LosesNoWakeThatComesDuringAStep) {
  std::latch again{1};
  std::atomic<int> calls{0};
  Runner* self = nullptr;
  Runner runner({[&] {
                  if (++calls == 1) {
                    self->Wake();
                  } else if (!again.try_wait()) {
                    again.count_down();
                  }
                  return absl::InfiniteFuture();
                }},
                Ignore);
  self = &runner;
  runner.Start();
  again.wait();
  runner.Stop();
  EXPECT_EQ(calls, 2);
}

TEST(Runner, StopsWhileItsStepsSleep) {
  Runner runner({[] { return absl::InfiniteFuture(); }, [] { return absl::InfiniteFuture(); }}, Ignore);
  runner.Start();
  runner.Stop();
  runner.Stop();
}

TEST(Runner, ReportsAStepThatThrowsAndLetsTheOthersGoOn) {
  std::latch reported{1};
  std::latch other{1};
  std::string message;
  Runner runner({[]() -> absl::Time { throw std::runtime_error("broken"); },
                 [&] {
                   if (!other.try_wait()) other.count_down();
                   return absl::InfiniteFuture();
                 }},
                [&](const char* what) {
                  if (reported.try_wait()) return;
                  message = what;
                  reported.count_down();
                });
  runner.Start();
  reported.wait();
  other.wait();
  runner.Stop();
  EXPECT_EQ(message, "broken");
}

}  // namespace
}  // namespace cxr::plugin
