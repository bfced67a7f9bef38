// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "plugin/core/dispatcher.h"
#include "tests/unit/plugin/fake_archive.h"
#include "tests/unit/plugin/fakes.h"

namespace cxr::plugin {

/// A dispatcher over fakes, whose steps the test calls.
class DispatcherFixture : public testing::Test {
 protected:
  DispatcherFixture() {
    archive_.position = 0;
    options_.repeat.max_attempts = 3;
    options_.queue_size = 4;
    Restart();
  }

  /// What a crash does: everything but the archive is lost.
  void Restart() {
    dispatcher_ =
        std::make_unique<Dispatcher>(Dispatcher::Ports{archive_, archive_, archive_, archive_, processor_, client_,
                                                       clock_, observer_, [] { return 1.0; }, [this] { ++wakes_; }},
                                     options_, clock_.Now());
  }

  /// Calls the steps, with time passing as they ask for, until nothing is left to do.
  void RunUntilIdle() {
    for (int i = 0; i < 5000; ++i) {
      const absl::Time feed = dispatcher_->FeedStep();
      const absl::Time work = dispatcher_->WorkStep();
      const bool done = dispatcher_->Snapshot().backlog == 0 && dispatcher_->Snapshot().position == archive_.sequence;
      if (done) return;
      const absl::Time next = std::min(feed, work);
      ASSERT_NE(next, absl::InfiniteFuture()) << "everybody sleeps while there is work";
      clock_.Set(std::max(clock_.Now(), next));
    }
    FAIL() << "still busy";
  }

  FakeClock clock_;
  FakeArchive archive_;
  FakeClient client_;
  RecordingObserver observer_;
  Worklist worklist_{archive_, archive_, 10};
  InstanceProcessor processor_{{archive_, client_, archive_, archive_, worklist_, clock_}, 100};
  DispatcherOptions options_;
  int wakes_ = 0;
  std::unique_ptr<Dispatcher> dispatcher_;
};

}  // namespace cxr::plugin
