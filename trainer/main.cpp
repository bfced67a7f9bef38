// SPDX-License-Identifier: Apache-2.0
#include <malloc.h>

#include <cstdio>
#include <exception>

#include "absl/status/status.h"
#include "trainer/command_line.h"
#include "trainer/stop_signal.h"
#include "trainer/train.h"

namespace {

constexpr int kInterrupted = 130;  // what shells report for SIGINT

absl::Status Run(const cxr::CommandLine& line, const cxr::StopSignal& stop) {
  switch (line.command) {
    case cxr::CommandLine::Command::kTrain:
      return cxr::Train(line.train, stop);
    case cxr::CommandLine::Command::kEvaluate:
      return cxr::Evaluate(line.evaluate, stop);
    case cxr::CommandLine::Command::kCrossValidate:
      return cxr::CrossValidate(line.cross_validation, stop);
    case cxr::CommandLine::Command::kExport:
      return cxr::Export(line.exported, cxr::ParseTrainConfig, stop);
  }
  return absl::InternalError("no such command");
}

/// Training allocates and frees the same gigabytes at every step. Keeping them instead of giving them back to the
/// kernel saves a quarter of the time.
void KeepFreedMemory() {
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, -1);
}

}  // namespace

int main(int count, char** arguments) {
  try {
    cxr::CommandLine line;
    if (const int status = cxr::ParseCommandLine(count, arguments, line); status >= 0) return status;
    const cxr::StopSignal stop;
    KeepFreedMemory();
    const absl::Status status = Run(line, stop);
    if (status.ok()) return 0;
    std::fprintf(stderr, "cxr-train: %s\n", std::string(status.message()).c_str());
    return absl::IsCancelled(status) ? kInterrupted : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "cxr-train: %s\n", error.what());
    return 1;
  }
}
