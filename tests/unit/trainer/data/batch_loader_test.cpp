// SPDX-License-Identifier: Apache-2.0
#include "trainer/data/batch_loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <stdexcept>

namespace cxr {
namespace {

absl::StatusOr<std::vector<float>> Numbered(std::size_t position) {
  return std::vector<float>{static_cast<float>(position), static_cast<float>(2 * position)};
}

std::vector<Batch> AllBatches(std::size_t count, std::size_t size, int workers) {
  BatchLoader loader(count, size, workers, Numbered);
  std::vector<Batch> batches;
  for (auto batch = loader.Next(); batch.ok() && !batch->positions.empty(); batch = loader.Next())
    batches.push_back(*batch);
  return batches;
}

TEST(BatchLoader, GivesEveryImageOnceAndInOrderWhateverTheNumberOfWorkers) {
  for (const int workers : {1, 2, 5}) {
    const std::vector<Batch> batches = AllBatches(103, 10, workers);
    ASSERT_EQ(batches.size(), 11U);
    std::size_t expected = 0;
    for (const Batch& batch : batches) {
      ASSERT_EQ(batch.pixels.size(), 2 * batch.positions.size());
      for (std::size_t i = 0; i < batch.positions.size(); ++i, ++expected) {
        EXPECT_EQ(batch.positions[i], expected);
        EXPECT_EQ(batch.pixels[2 * i + 1], static_cast<float>(2 * expected));
      }
    }
    EXPECT_EQ(expected, 103U);
    EXPECT_EQ(batches.back().positions.size(), 3U);
  }
}

TEST(BatchLoader, PutsAnErrorInItsBatchsPlace) {
  BatchLoader loader(6, 2, 2, [](std::size_t position) -> absl::StatusOr<std::vector<float>> {
    if (position == 3) return absl::NotFoundError("image 3");
    return std::vector<float>{0};
  });
  EXPECT_TRUE(loader.Next().ok());
  EXPECT_EQ(loader.Next().status().message(), "image 3");
  EXPECT_TRUE(loader.Next().ok());
}

TEST(BatchLoader, TurnsAnExceptionIntoAnError) {
  BatchLoader loader(1, 1, 1,
                     [](std::size_t) -> absl::StatusOr<std::vector<float>> { throw std::runtime_error("broken"); });
  EXPECT_EQ(loader.Next().status().message(), "broken");
}

TEST(BatchLoader, LoadsOnlySoFarAheadAndCanBeLeftInTheMiddle) {
  std::atomic<int> loaded{0};
  {
    BatchLoader loader(1000, 1, 2, [&](std::size_t) -> absl::StatusOr<std::vector<float>> {
      ++loaded;
      return std::vector<float>{0};
    });
    EXPECT_TRUE(loader.Next().ok());
  }
  EXPECT_LE(loaded, 1 + 4);
}

TEST(BatchLoader, CountsHowLongItWaitedForABatch) {
  using std::chrono::steady_clock;
  std::promise<void> waits;
  std::atomic<int> seconds{100};
  BatchLoader loader(
      1, 1, 1,
      [&](std::size_t) -> absl::StatusOr<std::vector<float>> {
        waits.get_future().wait();  // Next has looked at the clock, so it found nothing ready
        seconds = 107;
        return std::vector<float>{0};
      },
      [&] {
        if (seconds == 100) waits.set_value();
        return steady_clock::time_point(std::chrono::seconds(seconds));
      });
  EXPECT_EQ(loader.SecondsWaited(), 0);
  EXPECT_TRUE(loader.Next().ok());
  EXPECT_EQ(loader.SecondsWaited(), 7);
}

TEST(BatchLoader, DoesNotCountABatchThatIsReady) {
  std::promise<void> second;
  std::atomic<int> hours{0};
  BatchLoader loader(
      2, 1, 1,
      [&](std::size_t position) -> absl::StatusOr<std::vector<float>> {
        if (position == 1) second.set_value();  // the one worker has handed over the first
        return std::vector<float>{0};
      },
      [&] { return std::chrono::steady_clock::time_point(std::chrono::hours(++hours)); });
  second.get_future().wait();
  EXPECT_TRUE(loader.Next().ok());
  EXPECT_EQ(loader.SecondsWaited(), 0);
}

TEST(BatchLoader, OfNothingEndsAtOnce) {
  EXPECT_TRUE(AllBatches(0, 4, 2).empty());
}

}  // namespace
}  // namespace cxr
