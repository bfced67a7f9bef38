// SPDX-License-Identifier: Apache-2.0
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <future>
#include <stop_token>
#include <string>
#include <vector>

#include "service/app/logging.h"
#include "service/app/model_trial.h"
#include "service/app/service_application.h"
#include "service/app/termination.h"
#include "service/config/service_config_parser.h"
#include "service/config/shipped_model.h"

namespace cxr {
namespace {

constexpr char kThisProgram[] = "/proc/self/exe";

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "cxr-service: %s\n", std::string(status.message()).c_str());
  return 1;
}

/// Serves in a thread of its own, so that this one hears signals while a model loads. Returns the name of the signal
/// that ends the service.
absl::StatusOr<const char*> ServeUntilSignal(ServiceApplication& application, Termination& termination) {
  const int served = eventfd(0, EFD_CLOEXEC);
  std::stop_source stop;
  std::future<absl::Status> serving = std::async(std::launch::async, [&] {
    absl::Status status = application.Serve(kThisProgram, stop.get_token());
    eventfd_write(served, 1);
    return status;
  });
  const char* signal = termination.AwaitOr(served);
  if (signal != nullptr) stop.request_stop();
  const absl::Status status = serving.get();
  close(served);
  if (signal != nullptr) return signal;
  if (!status.ok()) return status;
  return termination.Await();
}

int Run(const ServiceConfig& config) {
  Termination termination;
  StartLogging(config.log_level);
  for (const std::string& name : UnknownVariables(ProcessVariables())) {
    spdlog::warn("the environment variable {} is not a setting of cxr-service and is ignored", name);
  }
  absl::StatusOr<std::unique_ptr<ServiceApplication>> application = ServiceApplication::Listen(config);
  if (!application.ok()) return Fail(application.status());
  std::printf("cxr-service listening on %s\n", ToString((*application)->address()).c_str());
  std::fflush(stdout);
  const absl::StatusOr<const char*> signal = ServeUntilSignal(**application, termination);
  if (!signal.ok()) return Fail(signal.status());
  spdlog::info("{}: draining", *signal);
  (*application)->Shutdown();
  spdlog::info("drained");
  application->reset();
  spdlog::info("stopped");
  return 0;
}

int Check(const ServiceConfig& config) {
  const absl::Status usable = CheckModel(config);
  if (!usable.ok()) return Fail(usable);
  std::printf("%s can be served\n", config.model_dir.c_str());
  return 0;
}

int Main(const std::vector<std::string>& arguments) {
  const absl::StatusOr<std::string> shipped = FindShippedModel(std::filesystem::read_symlink(kThisProgram));
  const ParsedServiceConfig parsed = ParseServiceConfig(arguments, ProcessEnvironment, shipped);
  if (parsed.config.has_value()) return parsed.check_model ? Check(*parsed.config) : Run(*parsed.config);
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
