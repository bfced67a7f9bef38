// SPDX-License-Identifier: Apache-2.0
#include "service/analyze/command_line.h"

#include <array>
#include <functional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace cxr {
namespace {

constexpr double kLongestSeconds = 86400;
constexpr int kMostJobs = 256;

struct Option {
  absl::string_view name;
  bool takes_value;
  std::function<absl::Status(const std::string&, CommandLine&)> apply;
};

Option Flag(absl::string_view name, bool CommandLine::*member) {
  return {name, false, [member](const std::string&, CommandLine& line) {
            line.*member = true;
            return absl::OkStatus();
          }};
}

Option Text(absl::string_view name, std::string CommandLine::*member) {
  return {name, true, [name, member](const std::string& value, CommandLine& line) {
            if (value.empty()) return absl::InvalidArgumentError(absl::StrCat(name, " has an empty value."));
            line.*member = value;
            return absl::OkStatus();
          }};
}

Option Seconds(absl::string_view name, std::chrono::milliseconds CommandLine::*member) {
  return {name, true, [name, member](const std::string& value, CommandLine& line) {
            double seconds = 0;
            if (!absl::SimpleAtod(value, &seconds) || !(seconds >= 0 && seconds <= kLongestSeconds)) {
              return absl::InvalidArgumentError(absl::StrCat(name, " is '", value, "'; a number of seconds from 0 to ",
                                                             kLongestSeconds, " is expected."));
            }
            line.*member = std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
            return absl::OkStatus();
          }};
}

absl::Status ApplyJobs(const std::string& value, CommandLine& line) {
  if (absl::SimpleAtoi(value, &line.jobs) && line.jobs >= 1 && line.jobs <= kMostJobs) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("--jobs is '", value, "'; 1 to ", kMostJobs, " is expected."));
}

std::vector<Option> Options() {
  return {Flag("--help", &CommandLine::help),
          Flag("-h", &CommandLine::help),
          Flag("--version", &CommandLine::version),
          Text("--server", &CommandLine::server),
          Text("--out", &CommandLine::out),
          Text("--tls-ca", &CommandLine::tls_ca_file),
          Flag("--insecure", &CommandLine::insecure),
          Flag("--json", &CommandLine::json),
          Flag("--png", &CommandLine::png),
          {"--jobs", true, ApplyJobs},
          Seconds("--connect-timeout", &CommandLine::connect_timeout),
          Seconds("--timeout", &CommandLine::timeout)};
}

/// Applies the option at `index`, which moves past a value that stands in the next argument.
absl::Status ApplyOption(const std::vector<Option>& options, const std::vector<std::string>& arguments,
                         std::size_t& index, CommandLine& line) {
  const std::string& argument = arguments[index];
  const std::size_t equals = argument.find('=');
  const std::string name = argument.substr(0, equals);
  for (const Option& option : options) {
    if (option.name != name) continue;
    if (!option.takes_value) {
      if (equals == std::string::npos) return option.apply({}, line);
      return absl::InvalidArgumentError(absl::StrCat(name, " takes no value."));
    }
    if (equals != std::string::npos) return option.apply(argument.substr(equals + 1), line);
    if (index + 1 == arguments.size()) return absl::InvalidArgumentError(absl::StrCat(name, " needs a value."));
    return option.apply(arguments[++index], line);
  }
  return absl::InvalidArgumentError(absl::StrCat("There is no option ", name, "."));
}

absl::Status CompleteVerify(const CommandLine& line) {
  if (line.inputs.size() != 2)
    return absl::InvalidArgumentError(
        absl::StrCat("verify takes two files, REPORT.dcm and SOURCE.dcm; there are ", line.inputs.size(), "."));
  if (!line.out.empty() || line.json || line.png)
    return absl::InvalidArgumentError("verify writes no results: --out, --json and --png do not go with it.");
  return absl::OkStatus();
}

absl::Status Complete(const CommandLine& line) {
  if (line.help || line.version) return absl::OkStatus();
  if (line.server.empty()) return absl::InvalidArgumentError("--server HOST:PORT is missing.");
  if (line.insecure && !line.tls_ca_file.empty())
    return absl::InvalidArgumentError("--insecure and --tls-ca exclude each other.");
  if (line.verify) return CompleteVerify(line);
  if (line.out.empty()) return absl::InvalidArgumentError("--out DIR is missing.");
  if (line.inputs.empty()) return absl::InvalidArgumentError("There is no input: name at least one file or folder.");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<CommandLine> ParseCommandLine(const std::vector<std::string>& arguments) {
  const std::vector<Option> options = Options();
  CommandLine line;
  bool only_inputs = false;
  line.verify = !arguments.empty() && arguments.front() == "verify";
  for (std::size_t i = line.verify ? 1 : 0; i < arguments.size(); ++i) {
    if (!only_inputs && arguments[i] == "--") {
      only_inputs = true;
    } else if (only_inputs || arguments[i].size() < 2 || arguments[i][0] != '-') {
      line.inputs.push_back(arguments[i]);
    } else {
      absl::Status applied = ApplyOption(options, arguments, i, line);
      if (!applied.ok()) return applied;
    }
  }
  absl::Status complete = Complete(line);
  if (!complete.ok()) return complete;
  return line;
}

std::string HelpText() {
  return R"(Usage: cxr-analyze --server HOST:PORT --out DIR [OPTION]... FILE|DIR...
       cxr-analyze verify --server HOST:PORT [OPTION]... REPORT.dcm SOURCE.dcm

Sends chest radiographs to cxr-service and writes the results: an overlay as a DICOM Secondary
Capture (STEM.sc.dcm) and a structured report (STEM.sr.dcm) for each input STEM.*, and where the
service is set up for them a presentation state (STEM.pr.dcm) and a parametric map (STEM.map.dcm).
Folders are walked; PNG and JPEG pictures are wrapped as DICOM first. For research use only.

verify repeats the analysis of SOURCE and says whether what REPORT, one of our structured reports,
says of it still holds: the same instance, model, decisive settings, outcome, reasons and finding;
numbers to 0.01 %; as many regions, which overlap by 98 % or more.

  --server HOST:PORT       the service
  --out DIR                folder for the results; made if missing
  --json                   one JSON object per input and line instead of the table
  --png                    also write the overlay as STEM.png
  --jobs N                 requests in flight (4)
  --connect-timeout SEC    how long to wait for the service to be serving (30)
  --timeout SEC            time for one radiograph, repeats included (120)
  --tls-ca FILE            use TLS and trust the authorities in FILE (PEM)
  --insecure               allow plaintext to another machine
  --version, --help

Exit status: 0 every input has an outcome, 1 some failed, 2 wrong usage. Of verify: 0 the report
holds, 1 it does not or the analysis cannot be repeated, 2 wrong usage, or REPORT is not ours.

Examples:
  cxr-analyze --server 127.0.0.1:50051 --out results chest.dcm
  cxr-analyze --server 127.0.0.1:50051 --out results --json --png study/ picture.png
  cxr-analyze --server triage.example.org:50051 --tls-ca ca.pem --out results archive/
  cxr-analyze verify --server 127.0.0.1:50051 results/chest.sr.dcm chest.dcm
)";
}

}  // namespace cxr
