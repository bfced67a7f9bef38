// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <utility>

#include "absl/strings/string_view.h"

namespace cxr {

/// Turns off DCMTK's logging for the whole process: it prints attribute values. Thread-safe.
void SilenceDcmtk();

/// The guard of this adapter: runs `work`, which calls DCMTK, OpenJPEG or OpenSSL, and returns its Status or StatusOr.
/// What those or the memory throw becomes the Status that `failure` makes of the exception's text.
template <typename Work, typename ToStatus>
auto Guarded(Work&& work, ToStatus&& failure) -> decltype(std::forward<Work>(work)()) {
  try {
    return std::forward<Work>(work)();
  } catch (const std::exception& error) {
    return std::forward<ToStatus>(failure)(absl::string_view(error.what()));
  } catch (...) {
    return std::forward<ToStatus>(failure)(absl::string_view("an exception without text"));
  }
}

}  // namespace cxr
