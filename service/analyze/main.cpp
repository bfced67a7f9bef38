// SPDX-License-Identifier: Apache-2.0
// cxr-analyze: sends radiographs to cxr-service and writes what it answers.
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "service/analyze/batch.h"
#include "service/analyze/command_line.h"
#include "service/analyze/file_names.h"
#include "service/analyze/result_table.h"
#include "service/analyze/terminal.h"
#include "service/analyze/verify.h"
#include "service/base/host_port.h"
#include "service/client/service_client.h"

namespace cxr {
namespace {

enum ExitStatus : int { kEveryInputHasAnOutcome = 0, kSomeFailed = 1, kUsage = 2 };
constexpr ExitStatus kHolds = kEveryInputHasAnOutcome;
constexpr ExitStatus kDoesNotHold = kSomeFailed;

int Complain(absl::string_view message, ExitStatus status) {
  std::cerr << "cxr-analyze: " << message << "\n";
  if (status == kUsage) std::cerr << "Try 'cxr-analyze --help'.\n";
  return status;
}

CallLimits LimitsOf(const CommandLine& line) {
  return {absl::FromChrono(line.timeout), absl::FromChrono(line.connect_timeout)};
}

/// A client as the command line wants it, not yet connected. Failure: InvalidArgument, naming the flag.
absl::StatusOr<std::unique_ptr<ServiceClient>> MakeClient(const CommandLine& line) {
  Endpoint endpoint{line.server, absl::nullopt, line.insecure};
  if (!line.tls_ca_file.empty()) {
    absl::StatusOr<ClientTls> tls = ReadClientTls(line.tls_ca_file, "", "");
    if (!tls.ok()) return absl::InvalidArgumentError(absl::StrCat("--tls-ca: ", tls.status().message(), "."));
    endpoint.tls = *std::move(tls);
  }
  const absl::StatusOr<HostPort> address = ParseHostPort(line.server);
  if (address.ok() && !IsLoopback(*address) && !endpoint.tls.has_value() && !line.insecure) {
    return absl::InvalidArgumentError(
        absl::StrCat(line.server,
                     " is another machine: give --tls-ca FILE to encrypt, or --insecure to send the images "
                     "in plaintext."));
  }
  ChannelOptions options;
  options.connect_timeout = absl::Seconds(1);
  options.use_http_proxy = true;
  return ServiceClient::Create(endpoint, options);
}

/// Sends everything, prints the records, and says whether every input has an outcome.
bool Analyze(const CommandLine& line, const InputFiles& inputs, ServiceClient& client, const std::stop_token& stop) {
  Console console(std::cerr, isatty(STDERR_FILENO) == 1);
  const std::vector<ResultName> names = NameResults(inputs.files, line.out);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].renamed)
      console.Say(absl::StrCat("note: results of ", inputs.files[i], " are named ", names[i].stem, ".*"));
  }
  std::vector<ResultRecord> records;
  console.Start(inputs.files.size());
  const BatchOptions options{line.jobs, line.png, LimitsOf(line)};
  RunBatch(inputs.files, names, options, client, console, stop, [&](ResultRecord record) {
    if (record.failed()) console.Say(absl::StrCat("failed: ", record.file, ": ", record.error));
    if (line.json) std::cout << ToJson(record) << std::endl;
    records.push_back(std::move(record));
  });
  console.Finish();
  if (!line.json) std::cout << ToTable(records) << std::flush;
  console.Say(absl::StrCat(Summary(records), ". Results are in ", line.out, ". For research use only."));
  return std::none_of(records.begin(), records.end(), [](const ResultRecord& record) { return record.failed(); });
}

/// Prints the comparison and what follows from it.
int RunVerify(const CommandLine& line) {
  const Interrupt interrupt;  // before gRPC starts threads
  const absl::StatusOr<VerifyInput> input = ReadVerifyInput(line.inputs[0], line.inputs[1]);
  if (!input.ok()) return Complain(input.status().message(), kUsage);
  const absl::StatusOr<std::unique_ptr<ServiceClient>> client = MakeClient(line);
  if (!client.ok()) return Complain(client.status().message(), kUsage);
  const absl::Status serving = (*client)->WaitUntilServing(LimitsOf(line).patience, interrupt.token());
  if (!serving.ok()) return Complain(serving.message(), kSomeFailed);
  const absl::StatusOr<Verification> verification = Verify(*input, LimitsOf(line), **client, interrupt.token());
  if (!verification.ok()) return Complain(verification.status().message(), kSomeFailed);
  const std::string differences = Differences(*verification);
  std::cout << ToTable(*verification) << "\n" << line.inputs[0];
  if (differences.empty()) {
    std::cout << " holds for " << line.inputs[1] << "." << std::endl;
    return kHolds;
  }
  std::cout << " does NOT hold for " << line.inputs[1] << ". What differs: " << differences << "." << std::endl;
  return kDoesNotHold;
}

int Run(const CommandLine& line) {
  const Interrupt interrupt;  // before gRPC starts threads
  absl::StatusOr<InputFiles> inputs = FindInputFiles(line.inputs);
  if (!inputs.ok()) return Complain(inputs.status().message(), kUsage);
  const absl::StatusOr<std::unique_ptr<ServiceClient>> client = MakeClient(line);
  if (!client.ok()) return Complain(client.status().message(), kUsage);
  std::error_code error;
  std::filesystem::create_directories(line.out, error);
  if (!std::filesystem::is_directory(line.out, error)) {
    return Complain(absl::StrCat("The folder ", line.out, " cannot be made."), kUsage);
  }
  for (const std::string& note : inputs->notes) std::cerr << "note: " << note << "\n";

  const absl::Status serving = (*client)->WaitUntilServing(LimitsOf(line).patience, interrupt.token());
  if (!serving.ok()) return Complain(serving.message(), kSomeFailed);
  return Analyze(line, *inputs, **client, interrupt.token()) ? kEveryInputHasAnOutcome : kSomeFailed;
}

int Main(const std::vector<std::string>& arguments) {
  const absl::StatusOr<CommandLine> line = ParseCommandLine(arguments);
  if (!line.ok()) return Complain(line.status().message(), kUsage);
  if (line->help) {
    std::cout << HelpText();
    return 0;
  }
  if (line->version) {
    std::cout << "cxr-analyze " CXR_VERSION "\n";
    return 0;
  }
  return line->verify ? RunVerify(*line) : Run(*line);
}

}  // namespace
}  // namespace cxr

int main(int argc, char** argv) {
  try {
    return cxr::Main({argv + 1, argv + argc});
  } catch (const std::exception& fault) {
    return cxr::Complain(fault.what(), cxr::kSomeFailed);
  }
}
