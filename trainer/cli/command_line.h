// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "trainer/cli/compare.h"
#include "trainer/cli/cross_validate.h"
#include "trainer/cli/evaluate.h"
#include "trainer/cli/explain.h"
#include "trainer/cli/export.h"
#include "trainer/cli/fit_ood.h"
#include "trainer/cli/split.h"
#include "trainer/learn/train_options.h"

namespace cxr {

struct CommandLine {
  enum class Command {
    kTrain,
    kEvaluate,
    kCrossValidate,
    kExport,
    kExplain,
    kFitOod,
    kSplit,
    kCompare
  } command = Command::kTrain;
  TrainOptions train;
  EvaluateOptions evaluate;
  CrossValidationOptions cross_validation;  ///< for kCrossValidate
  ExportOptions exported;
  ExplainOptions explain;
  FitOodOptions fit_ood;
  SplitDataOptions split;
  CompareOptions compare;
};

/// Parses the command line and the file named by --config. Returns -1 to go on, otherwise the exit status: 0 after
/// --help or --version, 2 after a usage error, which it has printed.
[[nodiscard]] int ParseCommandLine(int count, char** arguments, CommandLine& parsed);

}  // namespace cxr
