// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "absl/status/statusor.h"
#include "cxr/v1/analysis.pb.h"
#include "plugin/core/analysis_client.h"

namespace cxr::plugin {

[[nodiscard]] ModelIdentity FromProto(const cxr::v1::ModelIdentity& model);

/// Takes an answer apart and distrusts it: an outcome we do not know, an analysis without decision, a score that is no
/// probability or contradicts its decision is an INTERNAL error with reason INVALID_RESPONSE, never a negative.
[[nodiscard]] absl::StatusOr<AnalysisResult> FromProto(cxr::v1::AnalyzeResponse response);

}  // namespace cxr::plugin
