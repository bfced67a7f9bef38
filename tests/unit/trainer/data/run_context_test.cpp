// SPDX-License-Identifier: Apache-2.0
#include "trainer/data/run_context.h"

#include <gtest/gtest.h>
#include <signal.h>

namespace cxr {
namespace {

/// Takes the pending signal away again, so that it does not end the test once it is unblocked.
void Consume(int signal) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  int received = 0;
  sigwait(&set, &received);
}

TEST(StopSignal, RemembersASignal) {
  const StopSignal stop;
  EXPECT_FALSE(stop.Requested());
  raise(SIGTERM);
  EXPECT_TRUE(stop.Requested());
  EXPECT_TRUE(stop.Requested()) << "a question does not use it up";
  Consume(SIGTERM);
}

}  // namespace
}  // namespace cxr
