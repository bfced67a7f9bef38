// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>

#include "cxr/v1/analysis.grpc.pb.h"
#include "service/rpc/access_log.h"
#include "service/rpc/metrics.h"
#include "service/serving/analyzer.h"

namespace cxr {

/// The methods of cxr.v1.AnalysisService: translates, runs the analysis on the analyzer's pool, logs and counts. No
/// exception leaves a method. Thread-safe.
class AnalysisHandler final : public v1::AnalysisService::Service {
 public:
  /// `metrics` is not owned and must outlive the handler.
  explicit AnalysisHandler(ServiceMetrics& metrics);

  /// Answers with `analyzer` from now on. Before, every call is refused with kNotServing.
  void Open(std::shared_ptr<const Analyzer> analyzer);

  grpc::Status Analyze(grpc::ServerContext* context, const v1::AnalyzeRequest* request,
                       v1::AnalyzeResponse* response) override;
  grpc::Status DescribeModel(grpc::ServerContext* context, const v1::DescribeModelRequest* request,
                             v1::DescribeModelResponse* response) override;

 private:
  [[nodiscard]] absl::StatusOr<std::shared_ptr<const Analyzer>> analyzer() const;
  [[nodiscard]] absl::Status RunAnalysis(grpc::ServerContext& context, const v1::AnalyzeRequest& request,
                                         v1::AnalyzeResponse& response, CallRecord& call, Stopwatch& stopwatch) const;

  ServiceMetrics* metrics_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Analyzer> analyzer_;  ///< guarded by mutex_
};

}  // namespace cxr
