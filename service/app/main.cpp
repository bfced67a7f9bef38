// SPDX-License-Identifier: Apache-2.0
#include <spdlog/spdlog.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include "service/app/logging.h"
#include "service/app/service_application.h"
#include "service/app/termination.h"
#include "service/config/service_config_parser.h"
#include "service/config/shipped_model.h"

namespace cxr {
namespace {

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "cxr-service: %s\n", std::string(status.message()).c_str());
  return 1;
}

int Run(const ServiceConfig& config) {
  HoldTerminationSignals();
  StartLogging(config.log_level);
  const absl::StatusOr<std::unique_ptr<ServiceApplication>> application = ServiceApplication::Listen(config);
  if (!application.ok()) return Fail(application.status());
  std::printf("cxr-service listening on %s\n", ToString((*application)->address()).c_str());
  std::fflush(stdout);
  const absl::Status serving = (*application)->Serve();
  if (!serving.ok()) return Fail(serving);
  spdlog::info("{}: draining", AwaitTermination());
  (*application)->Shutdown();
  spdlog::info("stopped");
  return 0;
}

int Main(const std::vector<std::string>& arguments) {
  const absl::StatusOr<std::string> shipped = FindShippedModel(std::filesystem::read_symlink("/proc/self/exe"));
  const ParsedServiceConfig parsed = ParseServiceConfig(arguments, ProcessEnvironment, shipped);
  if (parsed.config.has_value()) return Run(*parsed.config);
  std::fputs(parsed.text.c_str(), parsed.exit_code == 0 ? stdout : stderr);
  return parsed.exit_code;
}

}  // namespace
}  // namespace cxr

int main(int argc, char** argv) {
  try {
    return cxr::Main({argv + 1, argv + argc});
  } catch (const std::exception& fault) {
    std::fprintf(stderr, "cxr-service: %s\n", fault.what());
    return 1;
  }
}
