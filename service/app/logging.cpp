// SPDX-License-Identifier: Apache-2.0
#include "service/app/logging.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

namespace cxr {

void StartLogging(const std::string& level) {
  auto logger = std::make_shared<spdlog::logger>("cxr-service", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
  logger->set_level(spdlog::level::from_str(level));
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace cxr
