// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/core/analyze_radiograph.h"
#include "service/core/stopwatch.h"
#include "service/serving/analysis_pool.h"

namespace cxr {

/// What the transport asks for: the analysis of one radiograph, run where and when the pool says. Thread-safe.
class Analyzer {
 public:
  /// `tools` and `pool` are not owned and must outlive the analyzer.
  Analyzer(const AnalysisTools& tools, AnalysisSettings settings, AnalysisPool& pool);

  /// AnalyzeRadiograph on a worker of the pool; the caller waits. Records the stage "queue" before those of the use
  /// case, also when it fails. Failures: those of AnalysisPool::Run and AnalyzeRadiograph.
  [[nodiscard]] absl::StatusOr<AnalysisResult> Analyze(absl::string_view dicom, ObjectKinds wanted,
                                                       const JobLimits& limits, Stopwatch& stopwatch) const;

  [[nodiscard]] const ModelInfo& model() const { return tools_.classifier->info(); }
  [[nodiscard]] const AnalysisSettings& settings() const { return settings_; }

 private:
  AnalysisTools tools_;
  AnalysisSettings settings_;
  AnalysisPool* pool_;
};

}  // namespace cxr
