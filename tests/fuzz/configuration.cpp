// SPDX-License-Identifier: Apache-2.0
// Files that an administrator names: the service's configuration, certificates and keys.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "service/base/pem.h"
#include "service/config/service_config_parser.h"
#include "tests/fuzz/contradiction.h"

namespace {

/// A file in memory, by its name in /proc.
class MemoryFile {
 public:
  MemoryFile(const std::uint8_t* data, std::size_t size) : descriptor_(memfd_create("fuzz", 0)) {
    cxr::fuzz::Demand(write(descriptor_, data, size) == static_cast<ssize_t>(size), "no memory for a file");
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { close(descriptor_); }

  [[nodiscard]] std::string path() const { return absl::StrCat("/proc/self/fd/", descriptor_); }

 private:
  int descriptor_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const MemoryFile file(data, size);
  const cxr::EnvironmentLookup nothing = [](const std::string&) { return absl::optional<std::string>(); };
  const cxr::ParsedServiceConfig parsed =
      cxr::ParseServiceConfig({"--config", file.path()}, nothing, std::string("model"));
  cxr::fuzz::Demand(parsed.config.has_value() != (parsed.exit_code == 2), "neither a configuration nor an error");
  if (parsed.config.has_value()) cxr::fuzz::Demand(Validate(*parsed.config).ok(), "what is not valid is accepted");
  const absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  const auto authorities = cxr::ReadPemAuthorities(file.path(), now);
  const auto pair = cxr::ReadPemKeyPair(file.path(), file.path(), now);
  if (pair.ok()) cxr::fuzz::Demand(!pair->private_key.empty(), "a key is empty");
  return 0;
}
