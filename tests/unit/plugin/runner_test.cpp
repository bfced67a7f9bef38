// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/runner.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

#include "absl/synchronization/notification.h"

namespace cxr::plugin {
namespace {

void Ignore(const char*) {}

TEST(Runner, CallsAStepAgainWhenWoken) {
  absl::Notification first;
  absl::Notification second;
  std::atomic<int> calls{0};
  Runner runner({[&] {
                  const int call = ++calls;
                  if (call == 1) first.Notify();
                  if (call == 2) second.Notify();
                  return absl::InfiniteFuture();
                }},
                Ignore);
  runner.Start();
  first.WaitForNotification();
  runner.Wake();
  second.WaitForNotification();
  runner.Stop();
  EXPECT_EQ(calls, 2);
}

TEST(Runner, LosesNoWakeThatComesDuringAStep) {
  absl::Notification again;
  std::atomic<int> calls{0};
  Runner* self = nullptr;
  Runner runner({[&] {
                  if (++calls == 1) {
                    self->Wake();
                  } else if (!again.HasBeenNotified()) {
                    again.Notify();
                  }
                  return absl::InfiniteFuture();
                }},
                Ignore);
  self = &runner;
  runner.Start();
  again.WaitForNotification();
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
  absl::Notification reported;
  absl::Notification other;
  std::string message;
  Runner runner({[]() -> absl::Time { throw std::runtime_error("broken"); },
                 [&] {
                   if (!other.HasBeenNotified()) other.Notify();
                   return absl::InfiniteFuture();
                 }},
                [&](const char* what) {
                  if (reported.HasBeenNotified()) return;
                  message = what;
                  reported.Notify();
                });
  runner.Start();
  reported.WaitForNotification();
  other.WaitForNotification();
  runner.Stop();
  EXPECT_EQ(message, "broken");
}

}  // namespace
}  // namespace cxr::plugin
