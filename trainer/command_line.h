// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "trainer/evaluate.h"
#include "trainer/explain.h"
#include "trainer/fit_ood.h"
#include "trainer/train_options.h"

namespace cxr {

struct CommandLine {
  enum class Command { kTrain, kEvaluate, kExplain, kFitOod } command = Command::kTrain;
  TrainOptions train;
  EvaluateOptions evaluate;
  ExplainOptions explain;
  FitOodOptions fit_ood;
};

/// Parses the command line and the file named by --config. Returns -1 to go on, otherwise the exit status: 0 after
/// --help or
/// --version, 2 after a usage error, which it has printed.
[[nodiscard]] int ParseCommandLine(int count, char** arguments, CommandLine& parsed);

}  // namespace cxr
