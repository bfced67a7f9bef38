// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/core/image.h"
#include "service/core/model_info.h"

namespace cxr {

/// A number of a report, in percent.
struct ReportedNumber {
  std::string name;  ///< the concept's meaning, for example "Pneumonia score"
  double percent = 0;
};

/// What a report of ours says, as far as a repetition can be held against it. What a report says in several places
/// stands here once if it is the same everywhere; otherwise every version stands here, joined by " / " in texts, so
/// that a report that contradicts itself equals no other. Empty where nothing is said.
struct StoredReport {
  std::string sop_instance_uid;
  std::string study_instance_uid;
  std::string source_instance_uid;    ///< of the radiograph
  ModelIdentity model;                ///< Algorithm Name, Version and Parameters
  std::string service_version;        ///< for example "0.1.0"
  std::string settings;               ///< see ServiceConfig::ResultSettings
  std::string outcome;                ///< for example "Analysed"
  std::vector<std::string> reasons;   ///< for example "Age is not known", in the report's order
  std::vector<std::string> findings;  ///< every different finding, for example "Viral pneumonia (75570004)"
  std::string qualifiers;             ///< of the findings, for example "Suspected (415684004)"
  std::string conclusion;             ///< for example "Positive"; empty before version 0.2.0 and where not analysed
  std::vector<ReportedNumber> numbers;
  std::vector<Polygon> regions;  ///< in source pixels; none where not analysed (before 0.2.0 that was the whole image)
  std::string summary;
};

/// Reads a structured report as WriteReportObject writes it, whatever its SOP class. Failure: InvalidArgument with one
/// sentence for what cannot be parsed, is not a report of ours, or lacks source or provenance. Thread-safe. Turns the
/// logging of DCMTK off for the whole process.
[[nodiscard]] absl::StatusOr<StoredReport> ReadReport(absl::string_view dicom);

}  // namespace cxr
