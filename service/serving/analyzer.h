// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/core/analyze_radiograph.h"
#include "service/core/stopwatch.h"
#include "service/serving/analysis_pool.h"

namespace cxr {

/// What the transport asks for: the analysis of one radiograph, run where and when the pool says. Thread-safe.
class Analyzer {
 public:
  /// Takes the answer, on a worker or, when the pool refuses, before Analyze returns. It may throw nothing.
  using Answer = std::function<void(absl::StatusOr<AnalysisResult>)>;

  /// `tools` and `pool` are not owned and must outlive the analyzer.
  Analyzer(const AnalysisTools& tools, AnalysisSettings settings, AnalysisPool& pool);

  /// AnalyzeRadiograph on a worker of the pool. `dicom` and `stopwatch` must live until the answer. Records the stage
  /// "queue" before those of the use case, also when it fails. Failures: those of AnalysisPool::Submit and
  /// AnalyzeRadiograph.
  void Analyze(absl::string_view dicom, ObjectKinds wanted, JobLimits limits, Stopwatch& stopwatch,
               Answer answer) const;

  /// AnalysisPool::DropDeadJobs.
  void DropDeadJobs() const { pool_->DropDeadJobs(); }

  [[nodiscard]] const ModelInfo& model() const { return tools_.classifier->info(); }
  [[nodiscard]] const AnalysisSettings& settings() const { return settings_; }

 private:
  AnalysisTools tools_;
  AnalysisSettings settings_;
  AnalysisPool* pool_;
};

}  // namespace cxr
