// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "trainer/data/dataset.h"
#include "trainer/data/run_context.h"
#include "trainer/learn/train_options.h"

namespace cxr {

/// Draws images of each class (PNG): the first row as they are, the second as augmentation may show them to the
/// network, so that people see what is trained on. Images are taken evenly from `images`. The error names the file
/// that cannot be read or written.
[[nodiscard]] absl::Status DrawTrainingSheet(const TrainOptions& options, const std::vector<LabelledImage>& images,
                                             const RunContext& context, const std::string& path);

}  // namespace cxr
