// SPDX-License-Identifier: Apache-2.0
#include "trainer/judge/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "service/model/engine/device.h"

namespace cxr {
namespace {

absl::Status Guarded(const std::function<absl::Status(std::size_t)>& work, std::size_t index) {
  try {
    return work(index);
  } catch (const std::exception& error) {
    return absl::InternalError(error.what());
  }
}

}  // namespace

absl::Status ParallelFor(std::size_t count, int threads, const std::function<absl::Status(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  absl::Status result;
  const auto run = [&] {
    SetIntraOpThreads(1);
    for (std::size_t index = next++; index < count; index = next++) {
      absl::Status status = Guarded(work, index);
      if (status.ok()) continue;
      next = count;
      const std::lock_guard<std::mutex> lock(mutex);
      if (result.ok()) result = std::move(status);
    }
  };
  std::vector<std::thread> pool;
  for (int i = 0; i < std::max(1, threads); ++i) pool.emplace_back(run);
  for (std::thread& thread : pool) thread.join();
  return result;
}

}  // namespace cxr
