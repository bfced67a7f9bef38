// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/base/failure.h"

namespace cxr {

/// The guard of this adapter: runs `work`, which calls OpenCV, and returns its StatusOr. What OpenCV throws becomes
/// kInternal with `what` could not be done.
template <typename Work>
auto GuardOpenCv(absl::string_view what, Work&& work) -> decltype(std::forward<Work>(work)()) {
  try {
    return std::forward<Work>(work)();
  } catch (const cv::Exception& error) {
    return Failure(FailureReason::kInternal, absl::StrCat(what, ": ", error.what()));
  }
}

}  // namespace cxr
