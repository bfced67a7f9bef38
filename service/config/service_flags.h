// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "service/config/service_config.h"

namespace CLI {
class App;
}

namespace cxr {

/// The values of the settings as CLI11 sees them, before they become a ServiceConfig.
struct ServiceFlags {
  ServiceConfig config;
  std::string listen = ToString(ServiceConfig{}.listen);
  std::string metrics;
  double drain_timeout_s = 30;
  double receive_timeout_s = 60;
};

/// Adds every setting of cxr-service as a flag with its help text, default and check. `flags` receives the values and
/// outlives `app`.
void AddServiceFlags(CLI::App& app, ServiceFlags& flags);

/// The configuration that checked values stand for.
[[nodiscard]] ServiceConfig ConfigOf(ServiceFlags flags);

}  // namespace cxr
