// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"

namespace cxr {

/// Images one behind the other, and which positions of the epoch they are.
struct Batch {
  std::vector<float> pixels;
  std::vector<std::size_t> positions;
};

/// Loads the batches of one epoch ahead of their use, on threads of its own. What comes out does not depend on how many
/// threads there are. Next is for one thread.
class BatchLoader {
 public:
  /// Loads the image at a position of the epoch; must be thread-safe.
  using LoadImage = std::function<absl::StatusOr<std::vector<float>>(std::size_t position)>;
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  BatchLoader(std::size_t count, std::size_t batch_size, int workers, LoadImage load,
              Clock clock = std::chrono::steady_clock::now);
  ~BatchLoader();
  BatchLoader(const BatchLoader&) = delete;
  BatchLoader& operator=(const BatchLoader&) = delete;

  /// The next batch; its positions are empty at the end of the epoch. An error of LoadImage comes in its batch's
  /// place.
  [[nodiscard]] absl::StatusOr<Batch> Next();

  /// Seconds that Next has waited for batches that were not ready, so far. For the thread that calls Next.
  [[nodiscard]] double SecondsWaited() const { return waited_.count(); }

 private:
  void Work();
  [[nodiscard]] absl::StatusOr<Batch> Load(std::size_t number) const;

  const std::size_t count_;
  const std::size_t batch_size_;
  const std::size_t batches_;
  const std::size_t ahead_;
  const LoadImage load_;
  const Clock clock_;
  std::chrono::duration<double> waited_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::size_t, absl::StatusOr<Batch>> ready_;
  std::size_t next_to_load_ = 0;
  std::size_t next_to_give_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace cxr
