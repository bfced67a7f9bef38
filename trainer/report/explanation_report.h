// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/model/loaded_model.h"
#include "trainer/data/dataset.h"
#include "trainer/data/image_reader.h"
#include "trainer/judge/explanation.h"

namespace cxr {

/// What is drawn, and where.
struct SheetOptions {
  std::string folder;         ///< exists
  int images_per_sheet = 16;  ///< at most
  int overlays = 20;          ///< per class, at most
};

/// Images and their explanations by a model; the vectors are equally long. References are borrowed.
struct ExplainedImages {
  const LoadedModel& model;
  const ImageReader& reader;
  std::vector<LabelledImage> images;
  std::vector<Explanation> explanations;
};

/// Writes what ExplainOptions (trainer/cli/explain.h) promises: the sheets, the overlays and explain.json, whose text
/// it returns. The error names the file that cannot be read or written. Throws cv::Exception and
/// std::filesystem::filesystem_error.
[[nodiscard]] absl::StatusOr<std::string> WriteExplanation(const SheetOptions& options,
                                                           const ExplainedImages& explained);

}  // namespace cxr
