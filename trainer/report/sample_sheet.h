// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "trainer/data/dataset.h"
#include "trainer/data/run_context.h"
#include "trainer/learn/train_options.h"

namespace cxr {

/// Draws pictures of each class (PNG): the first row as they are, the second as augmentation may show them to the
/// network, so that people see what is trained on. Pictures are taken evenly from `samples`. The error names the file
/// that cannot be read or written.
[[nodiscard]] absl::Status DrawSampleSheet(const TrainOptions& options, const std::vector<Sample>& samples,
                                           const RunContext& context, const std::string& path);

}  // namespace cxr
