// SPDX-License-Identifier: Apache-2.0
#include "service/config/service_flags.h"

#include <CLI/CLI.hpp>
#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace cxr {
namespace {

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

void AddServing(CLI::App& app, ServiceFlags& flags) {
  ServiceConfig& config = flags.config;
  app.add_option("--listen", flags.listen, "Address to listen on; port 0 takes any free port")
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
  app.add_option("--receive-timeout", flags.receive_timeout_s, "Seconds that one request may take to arrive")
      ->type_name("S")
      ->capture_default_str()
      ->check(CheckReceiveTimeout);
  app.add_option("--drain-timeout", flags.drain_timeout_s, "Seconds that calls in flight have to finish after SIGTERM")
      ->type_name("S")
      ->capture_default_str()
      ->check(CheckDrainTimeout);
  app.add_option("--metrics", flags.metrics, "Serve Prometheus metrics here (off by default)")
      ->type_name("HOST:PORT")
      ->check(CheckAddress);
  app.add_option("--log-level", config.log_level, "Least severity that is logged")
      ->capture_default_str()
      ->type_name("trace|debug|info|warning|error|critical|off")
      ->check(CLI::IsMember({"trace", "debug", "info", "warning", "error", "critical", "off"}).description(""));
}

void AddAnalysis(CLI::App& app, ServiceFlags& flags) {
  ServiceConfig& config = flags.config;
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

void AddResults(CLI::App& app, ServiceFlags& flags) {
  ServiceConfig& config = flags.config;
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

std::chrono::milliseconds Milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

}  // namespace

void AddServiceFlags(CLI::App& app, ServiceFlags& flags) {
  AddAnalysis(app, flags);
  AddResults(app, flags);
  AddServing(app, flags);
}

ServiceConfig ConfigOf(ServiceFlags flags) {
  flags.config.listen = *ParseHostPort(flags.listen);
  if (!flags.metrics.empty()) flags.config.metrics = *ParseHostPort(flags.metrics);
  flags.config.drain_timeout = Milliseconds(flags.drain_timeout_s);
  flags.config.receive_timeout = Milliseconds(flags.receive_timeout_s);
  return std::move(flags.config);
}

}  // namespace cxr
