// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/statusor.h"
#include "cxr/v1/analysis.pb.h"
#include "service/core/analyze_radiograph.h"
#include "service/core/stopwatch.h"

namespace cxr {

/// The objects a request asks for: those that are `configured` when it names none. kInvalidRequest for a kind that is
/// not known.
[[nodiscard]] absl::StatusOr<ObjectKinds> WantedOf(const v1::AnalyzeRequest& request,
                                                   ObjectKinds configured = kUsualKinds);

/// Fills `response` with the result; the objects' bytes are moved, not copied.
void FillResponse(AnalysisResult&& result, const Stopwatch& stopwatch, v1::AnalyzeResponse& response);

/// Fills `response` with the model and how the service treats its population.
void FillModelDescription(const ModelInfo& model, PopulationPolicy policy, v1::DescribeModelResponse& response);

}  // namespace cxr
