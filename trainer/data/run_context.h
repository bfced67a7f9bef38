// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "trainer/data/image_reader.h"

namespace cxr {

/// Turns SIGINT and SIGTERM into a question that loops can ask. Create it once, before any thread starts: the threads
/// inherit that the signals are blocked. Thread-safe.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  /// True once SIGINT or SIGTERM has arrived.
  [[nodiscard]] bool Requested() const;

 private:
  int descriptor_;
};

/// What every stage of a run works with. Not owned; must outlive the run.
struct RunContext {
  const ImageReader& reader;
  const StopSignal& stop;
  int threads = 1;  ///< that run a network at once
};

/// Makes this process keep the memory it frees. Training allocates and frees the same gigabytes at every step; not
/// giving them back to the kernel saves a quarter of the time. Call it once, before training.
void KeepFreedMemory();

/// One well-mixed seed from the run's seed, an epoch and a position, so that what happens to an image does not depend
/// on which thread loads it (finaliser of splitmix64, Steele et al. 2014).
[[nodiscard]] constexpr std::uint64_t MixSeeds(std::uint64_t seed, std::uint64_t epoch, std::uint64_t position) {
  const auto mix = [](std::uint64_t value) {
    value += 0x9e3779b97f4a7c15ULL;
    value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27U)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31U);
  };
  return mix(mix(mix(seed) ^ epoch) ^ position);
}

}  // namespace cxr
