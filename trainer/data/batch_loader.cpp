// SPDX-License-Identifier: Apache-2.0
#include "trainer/data/batch_loader.h"

#include <algorithm>
#include <utility>

#include "trainer/data/guard.h"

namespace cxr {

BatchLoader::BatchLoader(std::size_t count, std::size_t batch_size, int workers, LoadImage load, Clock clock)
    : count_(count),
      batch_size_(std::max<std::size_t>(batch_size, 1)),
      batches_((count + batch_size_ - 1) / batch_size_),
      ahead_(static_cast<std::size_t>(std::max(workers, 1)) + 2),
      load_(std::move(load)),
      clock_(std::move(clock)) {
  for (int i = 0; i < std::max(workers, 1); ++i) threads_.emplace_back([this] { Work(); });
}

BatchLoader::~BatchLoader() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

absl::StatusOr<Batch> BatchLoader::Next() {
  std::unique_lock<std::mutex> lock(mutex_);
  if (next_to_give_ >= batches_) return Batch{};
  if (ready_.count(next_to_give_) == 0) {
    const auto begin = clock_();
    changed_.wait(lock, [this] { return ready_.count(next_to_give_) > 0; });
    waited_ += clock_() - begin;
  }
  auto node = ready_.extract(next_to_give_++);
  changed_.notify_all();
  return std::move(node.mapped());
}

void BatchLoader::Work() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    changed_.wait(lock,
                  [this] { return stopping_ || next_to_load_ >= batches_ || next_to_load_ < next_to_give_ + ahead_; });
    if (stopping_ || next_to_load_ >= batches_) return;
    const std::size_t number = next_to_load_++;
    lock.unlock();
    absl::StatusOr<Batch> batch = Load(number);
    lock.lock();
    ready_.emplace(number, std::move(batch));
    changed_.notify_all();
  }
}

absl::StatusOr<Batch> BatchLoader::Load(std::size_t number) const {
  Batch batch;
  const std::size_t end = std::min(count_, (number + 1) * batch_size_);
  const absl::Status status = Guarded([&] {
    for (std::size_t position = number * batch_size_; position < end; ++position) {
      const auto image = load_(position);
      if (!image.ok()) return image.status();
      batch.pixels.insert(batch.pixels.end(), image->begin(), image->end());
      batch.positions.push_back(position);
    }
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return batch;
}

}  // namespace cxr
