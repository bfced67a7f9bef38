// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace cxr {

/// Throws std::runtime_error with a sentence for people unless `device` is "cpu", "cuda" or "cuda:N" and is present.
void CheckDevice(const std::string& device);

/// Sets how many threads one operator may use when it is called from the calling thread, 1 or more. Each thread that
/// runs a network calls this once: the setting is the thread's own, and the defaults of several workers would multiply.
void SetIntraOpThreads(int threads);

/// Makes the random numbers of LibTorch (initial weights, dropout) follow from `seed`. Affects the whole process.
void SeedTorch(unsigned long long seed);

}  // namespace cxr
