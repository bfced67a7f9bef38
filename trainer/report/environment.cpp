// SPDX-License-Identifier: Apache-2.0
#include "trainer/report/environment.h"

#include <sys/utsname.h>
#include <torch/torch.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <opencv2/core/version.hpp>
#include <thread>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

namespace cxr {
namespace {

/// The value of the first line of a file in /proc or /etc that begins with `key` and goes on with a separator.
std::string FirstValue(const char* path, const std::string& key) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.rfind(key, 0) != 0) continue;
    std::string value = line.substr(std::min(line.find_first_of(":=") + 1, line.size()));
    value.erase(std::remove(value.begin(), value.end(), '"'), value.end());
    return std::string(absl::StripAsciiWhitespace(value));
  }
  return "unknown";
}

nlohmann::json Machine() {
  utsname system{};
  uname(&system);
  return {{"processor", FirstValue("/proc/cpuinfo", "model name")},
          {"cores", std::thread::hardware_concurrency()},
          {"memory_bytes", sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE)},
          {"kernel", absl::StrCat(system.sysname, " ", system.release, " ", system.machine)},
          {"distribution", FirstValue("/etc/os-release", "PRETTY_NAME")}};
}

}  // namespace

std::string FormatEnvironment(const TrainOptions& options) {
  nlohmann::json variables = nlohmann::json::object();
  for (const char* name : {"OMP_NUM_THREADS", "OMP_WAIT_POLICY", "GOMP_SPINCOUNT"}) {
    if (const char* value = std::getenv(name); value != nullptr) variables[name] = value;
  }
  const nlohmann::json environment = {
      {"trainer", CXR_VERSION},
      {"libtorch", TORCH_VERSION},
      {"opencv", CV_VERSION},
      {"compiler", __VERSION__},
      {"machine", Machine()},
      {"device", options.device},
      {"threads", options.threads},
      {"loaders", options.loaders},
      {"seeds",
       {{"run", options.seed},
        {"derived", "split, order, augmentation, dropout and mixing follow from the run's seed, epoch and position"}}},
      {"environment_variables", variables}};
  return environment.dump(2) + "\n";
}

}  // namespace cxr
