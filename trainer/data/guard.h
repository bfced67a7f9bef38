// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "absl/status/status.h"

namespace cxr {

/// Calls `work`. What it throws becomes an error: std::bad_alloc is ResourceExhausted, everything else (c10::Error,
/// cv::Exception, std::filesystem) Internal with the first line of its text, since LibTorch's further lines are a stack
/// of its own source. This is the trainer's policy for exceptions of others: code between lets them pass, except where
/// it can say more than they do (the file that is broken). The program and each thread's entry have this guard.
[[nodiscard]] absl::Status Guarded(const std::function<absl::Status()>& work);

}  // namespace cxr
