// SPDX-License-Identifier: Apache-2.0
#include "service/serving/analyzer.h"

#include <utility>

namespace cxr {

Analyzer::Analyzer(const AnalysisTools& tools, AnalysisSettings settings, AnalysisPool& pool)
    : tools_(tools), settings_(std::move(settings)), pool_(&pool) {}

absl::StatusOr<AnalysisResult> Analyzer::Analyze(absl::string_view dicom, ObjectKinds wanted, const JobLimits& limits,
                                                 Stopwatch& stopwatch) const {
  AnalysisResult result;
  absl::Status ran = pool_->Run(limits, [&](std::chrono::microseconds queued) -> absl::Status {
    stopwatch.Add({"queue", queued});
    absl::StatusOr<AnalysisResult> analyzed = AnalyzeRadiograph(dicom, tools_, settings_, wanted, stopwatch);
    stopwatch.End();
    if (!analyzed.ok()) return analyzed.status();
    result = *std::move(analyzed);
    return absl::OkStatus();
  });
  if (!ran.ok()) return ran;
  return result;
}

}  // namespace cxr
