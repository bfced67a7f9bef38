// SPDX-License-Identifier: Apache-2.0
#include "service/analyze/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace cxr {
namespace {

constexpr double kLongestSeconds = 86400;
constexpr int kMostJobs = 256;

/// The values as they are written; what they mean is checked afterwards.
struct Texts {
  std::string jobs;
  std::string connect_timeout;
  std::string timeout;
};

void AddText(CLI::App& app, const std::string& name, std::string& value) {
  app.add_option(name, value)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
      ->check([](const std::string& text) { return std::string(text.empty() ? "has an empty value" : ""); });
}

void AddFlag(CLI::App& app, const std::string& names, bool& value) {
  app.add_flag(names, value)->disable_flag_override()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

void AddOptions(CLI::App& app, CommandLine& line, Texts& texts) {
  app.set_help_flag();  // ours has more to say
  app.allow_extras();   // the inputs: CLI11 would take brackets for the signs of a list
  AddFlag(app, "--help,-h", line.help);
  AddFlag(app, "--version", line.version);
  AddText(app, "--server", line.server);
  AddText(app, "--out", line.out);
  AddText(app, "--tls-ca", line.tls_ca_file);
  AddFlag(app, "--insecure", line.insecure);
  AddFlag(app, "--json", line.json);
  AddFlag(app, "--png", line.png);
  AddText(app, "--jobs", texts.jobs);
  AddText(app, "--connect-timeout", texts.connect_timeout);
  AddText(app, "--timeout", texts.timeout);
}

/// What CLI11 found wrong, in our words. Its sentences begin with the option's name.
absl::Status WrongUsage(const CLI::ParseError& error) {
  const absl::string_view text = error.what();
  const absl::string_view name = text.substr(0, text.find_first_of(": "));
  if (absl::StrContains(text, "flag override")) {
    return absl::InvalidArgumentError(
        absl::StrCat("--", name, " takes no value."));  // CLI11 leaves the dashes out here
  }
  if (absl::StrContains(text, "empty value"))
    return absl::InvalidArgumentError(absl::StrCat(name, " has an empty value."));
  if (absl::StrContains(text, "missing")) return absl::InvalidArgumentError(absl::StrCat(name, " needs a value."));
  return absl::InvalidArgumentError(text);
}

/// What is left are inputs, or options that do not exist.
absl::Status TakeInputs(const std::vector<std::string>& remaining, CommandLine& line) {
  const auto marker = std::find(remaining.begin(), remaining.end(), "--");
  for (auto text = remaining.begin(); text != marker; ++text) {
    if (text->size() < 2 || text->front() != '-') continue;
    return absl::InvalidArgumentError(absl::StrCat("There is no option ", text->substr(0, text->find('=')), "."));
  }
  line.inputs.assign(remaining.begin(), marker);
  if (marker != remaining.end()) line.inputs.insert(line.inputs.end(), marker + 1, remaining.end());
  return absl::OkStatus();
}

absl::Status TakeSeconds(absl::string_view name, const std::string& text, std::chrono::milliseconds& value) {
  if (text.empty()) return absl::OkStatus();
  double seconds = 0;
  if (!absl::SimpleAtod(text, &seconds) || !(seconds >= 0 && seconds <= kLongestSeconds)) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, " is '", text, "'; a number of seconds from 0 to ", kLongestSeconds, " is expected."));
  }
  value = std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
  return absl::OkStatus();
}

absl::Status TakeJobs(const std::string& text, int& jobs) {
  if (text.empty() || (absl::SimpleAtoi(text, &jobs) && jobs >= 1 && jobs <= kMostJobs)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("--jobs is '", text, "'; 1 to ", kMostJobs, " is expected."));
}

absl::Status CheckVerify(const CommandLine& line) {
  if (line.inputs.size() != 2) {
    return absl::InvalidArgumentError(
        absl::StrCat("verify takes two files, REPORT.dcm and SOURCE.dcm; there are ", line.inputs.size(), "."));
  }
  if (!line.out.empty() || line.json || line.png) {
    return absl::InvalidArgumentError("verify writes no results: --out, --json and --png do not go with it.");
  }
  return absl::OkStatus();
}

absl::Status CheckTogether(const CommandLine& line) {
  if (line.help || line.version) return absl::OkStatus();
  if (line.server.empty()) return absl::InvalidArgumentError("--server HOST:PORT is missing.");
  if (line.insecure && !line.tls_ca_file.empty()) {
    return absl::InvalidArgumentError("--insecure and --tls-ca exclude each other.");
  }
  if (line.verify) return CheckVerify(line);
  if (line.out.empty()) return absl::InvalidArgumentError("--out DIR is missing.");
  if (line.inputs.empty()) return absl::InvalidArgumentError("There is no input: name at least one file or folder.");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<CommandLine> ParseCommandLine(const std::vector<std::string>& arguments) {
  CommandLine line;
  Texts texts;
  CLI::App app("", "cxr-analyze");
  AddOptions(app, line, texts);
  // Only in front: elsewhere the word is an input of that name.
  line.verify = !arguments.empty() && arguments.front() == "verify";
  CLI::App* verify = app.add_subcommand("verify")->disabled(!line.verify);
  AddOptions(*verify, line, texts);
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));  // CLI11 takes them from the back
  } catch (const CLI::ParseError& error) {
    return WrongUsage(error);
  }
  absl::Status status = TakeInputs(app.remaining(true), line);
  status.Update(TakeJobs(texts.jobs, line.jobs));
  status.Update(TakeSeconds("--connect-timeout", texts.connect_timeout, line.connect_timeout));
  status.Update(TakeSeconds("--timeout", texts.timeout, line.timeout));
  if (status.ok()) status = CheckTogether(line);
  if (!status.ok()) return status;
  return line;
}

std::string HelpText() {
  return R"(Usage: cxr-analyze --server HOST:PORT --out DIR [OPTION]... FILE|DIR...
       cxr-analyze verify --server HOST:PORT [OPTION]... REPORT.dcm SOURCE.dcm

Sends chest radiographs to cxr-service and writes the results: an overlay as a DICOM Secondary
Capture (STEM.sc.dcm) and a structured report (STEM.sr.dcm) for each input STEM.*, and where the
service is set up for them a presentation state (STEM.pr.dcm) and a parametric map (STEM.map.dcm).
Folders are walked; PNG and JPEG images are wrapped as DICOM first. For research use only.

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
  cxr-analyze --server 127.0.0.1:50051 --out results --json --png study/ image.png
  cxr-analyze --server triage.example.org:50051 --tls-ca ca.pem --out results archive/
  cxr-analyze verify --server 127.0.0.1:50051 results/chest.sr.dcm chest.dcm
)";
}

}  // namespace cxr
