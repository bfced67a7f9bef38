// SPDX-License-Identifier: Apache-2.0
#include "service/config/service_config_parser.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <set>
#include <sstream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "service/base/file.h"
#include "service/config/service_flags.h"

namespace cxr {
namespace {

/// Options that only make sense on a command line.
bool OnlyAsFlag(const std::string& name) {
  return name == "help" || name == "version" || name == "config" || name == "check-model";
}

CLI::Option* FindSetting(CLI::App& app, const std::string& name) {
  return OnlyAsFlag(name) ? nullptr : app.get_option_no_throw("--" + name);
}

void Apply(CLI::Option& option, const std::vector<std::string>& values, const std::string& origin) {
  try {
    option.add_result(values);
    option.run_callback();
  } catch (const CLI::Error& error) {
    throw CLI::ValidationError(origin, error.what());
  }
}

constexpr absl::string_view kPrefix = "CXR_SERVICE_";

std::string VariableOf(const std::string& name) {
  return absl::StrCat(kPrefix, absl::AsciiStrToUpper(absl::StrReplaceAll(name, {{"-", "_"}})));
}

void ApplyEnvironment(CLI::App& app, const EnvironmentLookup& environment) {
  for (CLI::Option* option : app.get_options()) {
    const std::string name = option->get_single_name();
    if (OnlyAsFlag(name) || option->count() > 0) continue;
    const std::string variable = VariableOf(name);
    const absl::optional<std::string> value = environment(variable);
    if (value.has_value()) Apply(*option, {*value}, variable);
  }
}

constexpr std::uint64_t kMostConfigBytes = 1 << 20;

/// CLI11 itself lets the file win over the environment (2.1.2), so the file is read by hand and applied last, to what
/// neither flags nor environment have set.
void ApplyFile(CLI::App& app, const std::string& file) {
  const absl::StatusOr<std::string> text = ReadFile(file, kMostConfigBytes);
  if (!text.ok()) throw CLI::ValidationError("--config", std::string(text.status().message()));
  std::istringstream lines(*text);
  for (const CLI::ConfigItem& item : CLI::ConfigTOML().from_config(lines)) {
    CLI::Option* option = item.parents.empty() ? FindSetting(app, item.name) : nullptr;
    if (option == nullptr)
      throw CLI::ValidationError(file, "'" + item.fullname() + "' is not a setting of cxr-service");
    if (option->count() == 0) Apply(*option, item.inputs, file + ": " + item.name);
  }
}

void ReadAll(CLI::App& app, const std::vector<std::string>& arguments, const EnvironmentLookup& environment,
             std::string& file) {
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 wants them
  app.parse(reversed);
  ApplyEnvironment(app, environment);
  if (file.empty()) file = environment("CXR_SERVICE_CONFIG").value_or("");
  if (!file.empty()) ApplyFile(app, file);
}

ParsedServiceConfig UsageError(const std::string& message) {
  return {absl::nullopt, absl::StrCat("cxr-service: ", message, "\nTry cxr-service --help.\n"), 2};
}

}  // namespace

absl::optional<std::string> ProcessEnvironment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') return absl::nullopt;  // compose files set what they leave open to nothing
  return std::string(value);
}

std::vector<std::string> ProcessVariables() {
  std::vector<std::string> names;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const absl::string_view text = *variable;
    const std::string name(text.substr(0, text.find('=')));
    if (ProcessEnvironment(name).has_value()) names.push_back(name);
  }
  return names;
}

std::vector<std::string> UnknownVariables(const std::vector<std::string>& variables) {
  ServiceFlags flags;
  CLI::App app;
  AddServiceFlags(app, flags);
  std::set<std::string> known = {VariableOf("config")};
  for (const CLI::Option* option : app.get_options()) {
    const std::string name = option->get_single_name();
    if (!OnlyAsFlag(name)) known.insert(VariableOf(name));
  }
  std::vector<std::string> unknown;
  for (const std::string& name : variables) {
    const bool of_kubernetes =
        absl::StartsWith(name, "CXR_SERVICE_SERVICE_") || absl::StartsWith(name, "CXR_SERVICE_PORT");
    if (absl::StartsWith(name, kPrefix) && known.count(name) == 0 && !of_kubernetes) unknown.push_back(name);
  }
  return unknown;
}

ParsedServiceConfig ParseServiceConfig(const std::vector<std::string>& arguments, const EnvironmentLookup& environment,
                                       const absl::StatusOr<std::string>& default_model) {
  ServiceFlags flags;
  flags.config.model_dir = default_model.value_or("");
  std::string file;
  CLI::App app("Analyses chest radiographs over gRPC. For research use only.", "cxr-service");
  app.set_version_flag("--version", "cxr-service " CXR_VERSION);
  app.add_option("--config", file,
                 "File of `flag = value` lines; environment (CXR_SERVICE_<FLAG>) and flags win over it")
      ->type_name("FILE");
  bool check_model = false;
  app.add_flag("--check-model", check_model,
               "Load the model and analyse one drawn image with limited time and memory, say whether it can be served, "
               "and exit");
  AddServiceFlags(app, flags);
  try {
    ReadAll(app, arguments, environment, file);
  } catch (const CLI::CallForHelp&) {
    return {absl::nullopt, app.help(), 0};
  } catch (const CLI::CallForVersion&) {
    return {absl::nullopt, "cxr-service " CXR_VERSION "\n", 0};
  } catch (const CLI::Error& error) {
    return UsageError(error.what());
  }
  ServiceConfig config = ConfigOf(std::move(flags));
  if (config.model_dir.empty() && !default_model.ok()) return UsageError(std::string(default_model.status().message()));
  const absl::Status valid = Validate(config);
  if (!valid.ok()) return UsageError(std::string(valid.message()));
  return {std::move(config), "", 0, check_model};
}

}  // namespace cxr
