// SPDX-License-Identifier: Apache-2.0
#include "service/serving/analyzer.h"

#include <memory>
#include <utility>

namespace cxr {

Analyzer::Analyzer(const AnalysisTools& tools, AnalysisSettings settings, AnalysisPool& pool)
    : tools_(tools), settings_(std::move(settings)), pool_(&pool) {}

void Analyzer::Analyze(absl::string_view dicom, ObjectKinds wanted, JobLimits limits, Stopwatch& stopwatch,
                       Answer answer) const {
  auto result = std::make_shared<AnalysisResult>();
  const auto work = [this, dicom, wanted, &stopwatch, result](std::chrono::microseconds queued) -> absl::Status {
    stopwatch.Add({"queue", queued});
    absl::StatusOr<AnalysisResult> analyzed = AnalyzeRadiograph(dicom, tools_, settings_, wanted, stopwatch);
    stopwatch.End();
    if (!analyzed.ok()) return analyzed.status();
    *result = *std::move(analyzed);
    return absl::OkStatus();
  };
  const auto settled = [result, answer = std::move(answer)](absl::Status ran) {
    if (ran.ok()) return answer(std::move(*result));
    answer(std::move(ran));
  };
  pool_->Submit(std::move(limits), work, settled);
}

}  // namespace cxr
