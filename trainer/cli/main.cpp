// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <string>

#include "absl/status/status.h"
#include "trainer/cli/command_line.h"
#include "trainer/cli/train.h"
#include "trainer/data/guard.h"
#include "trainer/data/run_context.h"

namespace {

constexpr int kInterrupted = 130;  // what shells report for SIGINT

absl::Status Run(const cxr::CommandLine& line, const cxr::StopSignal& stop) {
  using Command = cxr::CommandLine::Command;
  switch (line.command) {
    case Command::kTrain:
      return cxr::Train(line.train, stop);
    case Command::kEvaluate:
      return cxr::Evaluate(line.evaluate, stop);
    case Command::kCrossValidate:
      return cxr::CrossValidate(line.cross_validation, stop);
    case Command::kExport:
      return cxr::Export(line.exported, stop);
    case Command::kExplain:
      return cxr::Explain(line.explain, stop);
    case Command::kCompare:
      return cxr::Compare(line.compare);
    case Command::kSplit:
      return cxr::SplitData(line.split);
    case Command::kFitOod:
      return cxr::FitOod(line.fit_ood, stop);
  }
  return absl::InternalError("no such command");
}

}  // namespace

int main(int count, char** arguments) {
  int exit_status = -1;
  const absl::Status status = cxr::Guarded([&]() -> absl::Status {
    cxr::CommandLine line;
    exit_status = cxr::ParseCommandLine(count, arguments, line);
    if (exit_status >= 0) return absl::OkStatus();
    const cxr::StopSignal stop;
    cxr::KeepFreedMemory();
    return Run(line, stop);
  });
  if (status.ok()) return exit_status >= 0 ? exit_status : 0;
  std::fprintf(stderr, "cxr-train: %s\n", std::string(status.message()).c_str());
  return absl::IsCancelled(status) ? kInterrupted : 1;
}
