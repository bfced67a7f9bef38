// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "service/core/pattern.h"

namespace cxr {

/// What an image is meant for, where the data say so.
enum class SplitName { kNone, kTrain, kValidation, kTest };

/// One labelled image on disk.
struct LabelledImage {
  std::string path;
  std::string name;  ///< path below the data folder, for example "VIRUS/person447_virus_921_1.jpeg"
  Pattern label = Pattern::kNormal;
  std::string patient;  ///< see PatientKey; of a CSV file: its column
  SplitName split = SplitName::kNone;
};

/// Whether the name is that of an image: .jpeg, .jpg, .png or .dcm, any case.
[[nodiscard]] bool IsImageName(const std::string& path);

/// Lists the images (.jpeg, .jpg, .png, .dcm, any case) of `directory`, which holds one folder per class: BACTERIA,
/// NORMAL and VIRUS; where it has no such folders but DIR/train has, those are taken. Sorted by name, so that the order
/// is the same on every machine. The error names a folder that is missing or empty. Where `directory` is a .csv file,
/// see ListCsvImages.
[[nodiscard]] absl::StatusOr<std::vector<LabelledImage>> ListImages(const std::string& directory);

/// Those of ListImages(directory) that the data mean for `split`; all for kNone. NotFound where there are none.
[[nodiscard]] absl::StatusOr<std::vector<LabelledImage>> ListImagesOf(const std::string& directory, SplitName split);

/// The patient a file belongs to: (kind, number), for example "bacteria 1000" of person1000_bacteria_2931.jpeg, "IM
/// 115" of IM-0115-0001.jpeg, "NORMAL2-IM 413" of NORMAL2-IM-0413-0001.jpeg. Numbers restart for each kind, so a number
/// alone would merge strangers. A name of another form is a patient of its own.
[[nodiscard]] std::string PatientKey(const std::string& file_name);

}  // namespace cxr
