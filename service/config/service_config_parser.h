// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "service/config/service_config.h"

namespace cxr {

/// What a command line asks for: to run, or to print something and exit.
struct ParsedServiceConfig {
  absl::optional<ServiceConfig> config;  ///< present: run with it
  std::string text;                      ///< otherwise: what to print
  int exit_code = 0;  ///< otherwise: 0 after --help and --version (print to stdout), 2 for a usage error (stderr)
  bool check_model = false;  ///< with `config`: try the model and exit
};

/// The value of an environment variable, or nothing.
using EnvironmentLookup = std::function<absl::optional<std::string>(const std::string& name)>;

/// The environment of this process; a variable set to nothing counts as not set.
[[nodiscard]] absl::optional<std::string> ProcessEnvironment(const std::string& name);

/// The variables of this process's environment that are set to something.
[[nodiscard]] std::vector<std::string> ProcessVariables();

/// Those among `variables` that begin with CXR_SERVICE_ but name no setting, as a misspelt one does: they are ignored.
/// Without those that Kubernetes sets for a service named cxr-service (CXR_SERVICE_SERVICE_..., CXR_SERVICE_PORT...).
[[nodiscard]] std::vector<std::string> UnknownVariables(const std::vector<std::string>& variables);

/// Reads the configuration of cxr-service: defaults < file (--config, or CXR_SERVICE_CONFIG) < environment
/// (CXR_SERVICE_<FLAG>, upper case, '-' as '_') < flags. The file holds `flag = value` lines with the flags' names; an
/// unknown name is an error. `arguments` are those after the program's name; `default_model` stands in for a missing
/// --model and may be empty.
[[nodiscard]] ParsedServiceConfig ParseServiceConfig(const std::vector<std::string>& arguments,
                                                     const EnvironmentLookup& environment,
                                                     const absl::StatusOr<std::string>& default_model);

}  // namespace cxr
