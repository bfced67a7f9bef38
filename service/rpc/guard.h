// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "service/base/failure.h"

namespace cxr {

/// The one guard of this folder: gRPC would answer UNKNOWN, without a reason, to whatever is thrown, or end the
/// process.
template <typename Function>
absl::Status Guarded(const Function& function) {
  try {
    return function();
  } catch (const std::exception& fault) {
    return Failure(FailureReason::kInternal, absl::StrCat("An unexpected fault ended the call: ", fault.what()));
  } catch (...) {
    return Failure(FailureReason::kInternal, "An unexpected fault of unknown kind ended the call.");
  }
}

}  // namespace cxr
