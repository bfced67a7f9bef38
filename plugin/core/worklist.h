// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

#include "absl/status/statusor.h"
#include "nlohmann/json_fwd.hpp"
#include "plugin/core/archive.h"

namespace cxr::plugin {

/// The `limit` most urgent of the recent studies, most urgent first (MoreUrgent), among equals the newest first. A
/// study that was deleted drops out. A study stands where its most urgent instance stands.
///
/// Each entry: rank (1 is the most urgent), outcome, finding, positive, score (null unless analysed), study (Orthanc's
/// identifier), instance (the one that decides), study_instance_uid, accession_number, patient_id, study_date,
/// instances (the number of instances with each outcome).
[[nodiscard]] absl::StatusOr<nlohmann::json> BuildWorklist(OutcomeStore& outcomes, InstanceSource& source,
                                                           std::size_t limit);

}  // namespace cxr::plugin
