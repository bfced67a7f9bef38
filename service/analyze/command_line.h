// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace cxr {

/// What cxr-analyze was asked to do.
struct CommandLine {
  bool help = false;     ///< print HelpText() and nothing else
  bool version = false;  ///< print the version and nothing else
  bool verify = false;   ///< hold a report (the first input) against its source (the second)
  std::string server;    ///< HOST:PORT
  std::string out;       ///< folder for the results
  std::vector<std::string> inputs;
  std::string tls_ca_file;  ///< PEM; empty: plaintext
  bool insecure = false;    ///< plaintext beyond this machine is wanted
  bool json = false;
  bool png = false;
  int jobs = 4;                                      ///< requests in flight, 1 to 256
  std::chrono::milliseconds connect_timeout{30000};  ///< for the server to be SERVING
  std::chrono::milliseconds timeout{120000};         ///< for one radiograph, repeats included
};

/// Reads the arguments (without the program's name). Options may stand anywhere and be written `--name VALUE` or
/// `--name=VALUE`; what follows `--` is an input. The word `verify` in front asks for a verification. Failure:
/// InvalidArgument with one sentence.
[[nodiscard]] absl::StatusOr<CommandLine> ParseCommandLine(const std::vector<std::string>& arguments);

/// What `--help` prints.
[[nodiscard]] std::string HelpText();

}  // namespace cxr
