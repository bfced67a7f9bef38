// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "trainer/data/dataset.h"

namespace cxr {

/// Lists the images that a CSV file names. The first line names the columns, in any order:
///   file     path of the image, relative to the CSV file's folder or absolute; .jpeg, .jpg, .png or .dcm
///   label    BACTERIA, NORMAL or VIRUS
///   patient  any text; images with the same text are of one patient
///   split    optional: train, validation or test
/// Other columns are left alone. Sorted by file. Every error names the file and the line: a column that is missing or
/// doubled, another number of fields than columns, a label or split that is unknown, an empty file or patient, a
/// image that does not exist or is named twice, a patient in two splits (both lines), a class without images.
[[nodiscard]] absl::StatusOr<std::vector<LabelledImage>> ListCsvImages(const std::string& path);

}  // namespace cxr
