// SPDX-License-Identifier: Apache-2.0
#include "service/config/service_config_parser.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <sstream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "service/base/file.h"

namespace cxr {
namespace {

/// The values as CLI11 sees them, before they become a ServiceConfig.
struct RawValues {
  ServiceConfig config;
  std::string listen = ToString(ServiceConfig{}.listen);
  std::string metrics;
  double drain_timeout_s = 30;
  double receive_timeout_s = 60;
};

const std::map<std::string, PopulationPolicy>& Policies() {
  static const std::map<std::string, PopulationPolicy> policies = {{"enforce", PopulationPolicy::kEnforce},
                                                                   {"warn", PopulationPolicy::kWarn}};
  return policies;
}

const std::map<std::string, UnlikePolicy>& UnlikePolicies() {
  static const std::map<std::string, UnlikePolicy> policies = {
      {"enforce", UnlikePolicy::kEnforce}, {"warn", UnlikePolicy::kWarn}, {"off", UnlikePolicy::kOff}};
  return policies;
}

const std::map<std::string, ReportClass>& ReportClasses() {
  static const std::map<std::string, ReportClass> classes = {{"comprehensive", ReportClass::kComprehensive},
                                                             {"comprehensive3d", ReportClass::kComprehensive3D}};
  return classes;
}

const std::map<std::string, CaptureLayout>& Layouts() {
  static const std::map<std::string, CaptureLayout> layouts = {{"overlay", CaptureLayout::kOverlay},
                                                               {"side-by-side", CaptureLayout::kSideBySide}};
  return layouts;
}

std::string CheckAddress(const std::string& text) {
  const absl::StatusOr<HostPort> address = ParseHostPort(text);
  return address.ok() ? std::string() : std::string(address.status().message());
}

/// CLI::Range lets "nan" pass.
std::string CheckSeconds(const std::string& text, double least) {
  constexpr double kDay = 86400;
  double seconds = 0;
  const bool good = absl::SimpleAtod(text, &seconds) && seconds >= least && seconds <= kDay;
  return good ? std::string() : absl::StrCat("'", text, "' is not a number of seconds from ", least, " to ", kDay);
}

std::string CheckDrainTimeout(const std::string& text) {
  return CheckSeconds(text, 0);
}

std::string CheckReceiveTimeout(const std::string& text) {
  return CheckSeconds(text, 1);
}

std::string CheckDevice(const std::string& text) {
  constexpr absl::string_view kIndexed = "cuda:";
  int index = -1;
  const bool indexed =
      absl::StartsWith(text, kIndexed) && absl::SimpleAtoi(text.substr(kIndexed.size()), &index) && index >= 0;
  const bool known = text == "cpu" || text == "cuda" || indexed;
  return known ? std::string() : absl::StrCat("'", text, "' is not a device: expected cpu, cuda or cuda:N");
}

void AddServing(CLI::App& app, RawValues& raw) {
  ServiceConfig& config = raw.config;
  app.add_option("--listen", raw.listen, "Address to listen on; port 0 takes any free port")
      ->type_name("HOST:PORT")
      ->capture_default_str()
      ->check(CheckAddress);
  app.add_flag("--insecure", config.insecure, "Allow plaintext on an address that other machines can reach");
  app.add_option("--tls-cert", config.tls.certificate_file, "Certificate chain of the server, PEM")->type_name("FILE");
  app.add_option("--tls-key", config.tls.key_file, "Private key of the server, PEM")->type_name("FILE");
  app.add_option("--tls-client-ca", config.tls.client_ca_file,
                 "Require clients to have a certificate of these authorities, PEM")
      ->type_name("FILE");
  app.add_option("--workers", config.workers, "Threads that analyse; 0: one per core")
      ->type_name("N")
      ->capture_default_str()
      ->check(CLI::Range(0, 1024));
  app.add_option("--queue", config.queue_capacity, "Requests that may wait while all workers are busy")
      ->type_name("N")
      ->capture_default_str()
      ->check(CLI::Range(1, 65536));
  app.add_option("--max-message-mib", config.max_message_mib, "Largest DICOM instance accepted, MiB")
      ->type_name("N")
      ->capture_default_str()
      ->check(CLI::Range(1, 1024));
  app.add_option("--request-memory-mib", config.request_memory_mib,
                 "Memory for all requests being received or waiting at once, MiB; 0: 8 of the largest")
      ->type_name("N")
      ->capture_default_str()
      ->check(CLI::Range(0, 1 << 20));
  app.add_option("--receive-timeout", raw.receive_timeout_s, "Seconds that one request may take to arrive")
      ->type_name("S")
      ->capture_default_str()
      ->check(CheckReceiveTimeout);
  app.add_option("--drain-timeout", raw.drain_timeout_s, "Seconds that calls in flight have to finish after SIGTERM")
      ->type_name("S")
      ->capture_default_str()
      ->check(CheckDrainTimeout);
  app.add_option("--metrics", raw.metrics, "Serve Prometheus metrics here (off by default)")
      ->type_name("HOST:PORT")
      ->check(CheckAddress);
  app.add_option("--log-level", config.log_level, "Least severity that is logged")
      ->capture_default_str()
      ->type_name("trace|debug|info|warning|error|critical|off")
      ->check(CLI::IsMember({"trace", "debug", "info", "warning", "error", "critical", "off"}).description(""));
}

void AddAnalysis(CLI::App& app, RawValues& raw) {
  ServiceConfig& config = raw.config;
  app.add_option("--model", config.model_dir, "Folder of the model: model.pt and manifest.json")
      ->type_name("DIR")
      ->capture_default_str();
  app.add_option("--device", config.device, "Where the network runs: cpu, cuda or cuda:N")
      ->type_name("DEVICE")
      ->capture_default_str()
      ->check(CheckDevice);
  app.add_option("--population", config.population,
                 "Patients known to be outside the model's population: enforce refuses, warn analyses with a warning")
      ->transform(CLI::CheckedTransformer(Policies()).description(""))
      ->type_name("enforce|warn")
      ->default_str("enforce");
  app.add_option(
         "--unlike", config.unlike,
         "Images unlike those the model was trained on: enforce refuses, warn analyses with a warning, off says "
         "nothing")
      ->transform(CLI::CheckedTransformer(UnlikePolicies()).description(""))
      ->type_name("enforce|warn|off")
      ->default_str("enforce");
}

void AddResults(CLI::App& app, RawValues& raw) {
  ServiceConfig& config = raw.config;
  app.add_option("--overlay-long-side", config.overlay_long_side,
                 "Long side of the radiograph in the secondary capture, pixels at most")
      ->type_name("PIXELS")
      ->capture_default_str()
      ->check(CLI::Range(128, 8192));
  app.add_option("--capture-layout", config.capture_layout,
                 "What the secondary capture shows: the overlay, or the plain radiograph beside it")
      ->transform(CLI::CheckedTransformer(Layouts()).description(""))
      ->type_name("overlay|side-by-side")
      ->default_str("overlay");
  app.add_flag("--map-of-normal", config.map_of_normal, "Show the activation map of normal radiographs too");
  app.add_option("--sr-class", config.sr_class, "SOP class of the structured report")
      ->transform(CLI::CheckedTransformer(ReportClasses()).description(""))
      ->type_name("comprehensive|comprehensive3d")
      ->default_str("comprehensive");
  app.add_flag("--presentation-state", config.presentation_state,
               "Write a greyscale softcopy presentation state with the outlines too");
  app.add_flag("--parametric-map", config.parametric_map, "Write the activation map as a parametric map too");
}

void AddSettings(CLI::App& app, RawValues& raw) {
  AddAnalysis(app, raw);
  AddResults(app, raw);
  AddServing(app, raw);
}

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

std::chrono::milliseconds Milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

ServiceConfig Finish(RawValues raw) {
  raw.config.listen = *ParseHostPort(raw.listen);
  if (!raw.metrics.empty()) raw.config.metrics = *ParseHostPort(raw.metrics);
  raw.config.drain_timeout = Milliseconds(raw.drain_timeout_s);
  raw.config.receive_timeout = Milliseconds(raw.receive_timeout_s);
  return std::move(raw.config);
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
  RawValues raw;
  CLI::App app;
  AddSettings(app, raw);
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
  RawValues raw;
  raw.config.model_dir = default_model.value_or("");
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
  AddSettings(app, raw);
  try {
    ReadAll(app, arguments, environment, file);
  } catch (const CLI::CallForHelp&) {
    return {absl::nullopt, app.help(), 0};
  } catch (const CLI::CallForVersion&) {
    return {absl::nullopt, "cxr-service " CXR_VERSION "\n", 0};
  } catch (const CLI::Error& error) {
    return UsageError(error.what());
  }
  ServiceConfig config = Finish(std::move(raw));
  if (config.model_dir.empty() && !default_model.ok()) return UsageError(std::string(default_model.status().message()));
  const absl::Status valid = Validate(config);
  if (!valid.ok()) return UsageError(std::string(valid.message()));
  return {std::move(config), "", 0, check_model};
}

}  // namespace cxr
