// SPDX-License-Identifier: Apache-2.0
// JSON that the plugin reads: Orthanc's configuration, and what it wrote into metadata, which others may write too.
#include <cstdint>
#include <string>

#include "nlohmann/json.hpp"
#include "plugin/core/outcome.h"
#include "plugin/core/settings.h"
#include "plugin/core/study_summary.h"
#include "tests/fuzz/contradiction.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  constexpr auto kReplace = nlohmann::json::error_handler_t::replace;
  const auto outcome = cxr::plugin::OutcomeFromJson(text);
  if (outcome.ok()) {
    const std::string written = OutcomeToJson(*outcome).dump(-1, ' ', false, kReplace);
    cxr::fuzz::Demand(cxr::plugin::OutcomeFromJson(written).ok(), "an outcome cannot be read again");
  }
  const auto summary = cxr::plugin::StudySummary::FromJson(text);
  if (summary.ok()) {
    const std::string written = summary->ToJson().dump(-1, ' ', false, kReplace);
    cxr::fuzz::Demand(cxr::plugin::StudySummary::FromJson(written).ok(), "a summary cannot be read again");
  }
  const auto settings = cxr::plugin::ParseSettings(text);
  if (settings.ok()) cxr::fuzz::Demand(settings->concurrency > 0, "settings that cannot work are accepted");
  return 0;
}
