// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "service/core/pattern.h"

namespace cxr {

/// One labelled picture on disk.
struct Sample {
  std::string path;
  std::string name;  ///< path below the data folder, for example "VIRUS/person447_virus_921_1.jpeg"
  Pattern label = Pattern::kNormal;
  std::string patient;  ///< see PatientKey
};

/// Lists the pictures (.jpeg, .jpg, .png, .dcm, any case) of `directory`, which holds one folder per class: BACTERIA,
/// NORMAL and VIRUS; where it has no such folders but DIR/train has, those are taken. Sorted by name, so that the order
/// is the same on every machine. The error names a folder that is missing or empty.
[[nodiscard]] absl::StatusOr<std::vector<Sample>> ListSamples(const std::string& directory);

/// The patient a file belongs to: (kind, number), for example "bacteria 1000" of person1000_bacteria_2931.jpeg, "IM
/// 115" of IM-0115-0001.jpeg, "NORMAL2-IM 413" of NORMAL2-IM-0413-0001.jpeg. Numbers restart for each kind, so a number
/// alone would merge strangers. A name of another form is a patient of its own.
[[nodiscard]] std::string PatientKey(const std::string& file_name);

}  // namespace cxr
