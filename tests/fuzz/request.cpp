// SPDX-License-Identifier: Apache-2.0
// Messages: a request as the service takes it, an answer as the plugin distrusts it.
#include <cstdint>

#include "plugin/rpc/response_conversion.h"
#include "service/base/failure.h"
#include "service/rpc/convert.h"
#include "tests/fuzz/contradiction.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cxr::v1::AnalyzeRequest request;
  if (request.ParseFromArray(data, static_cast<int>(size))) {
    const auto wanted = cxr::WantedOf(request);
    cxr::fuzz::Demand(wanted.ok() || cxr::FailureReasonOf(wanted.status()).has_value(), "a failure has no reason");
  }
  cxr::v1::AnalyzeResponse response;
  if (!response.ParseFromArray(data, static_cast<int>(size))) return 0;
  const auto result = cxr::plugin::FromProto(response);
  if (!result.ok()) return 0;
  cxr::fuzz::Demand(IsAnalysed(result->kind) == result->classification.has_value(), "a class without an analysis");
  if (result->classification.has_value())
    cxr::fuzz::Demand(
        (result->classification->finding == "NORMAL") == (result->classification->conclusion == "negative"),
        "a finding contradicts its conclusion");
  return 0;
}
