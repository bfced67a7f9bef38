// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>

#include "trainer/cli/compare.h"
#include "trainer/cli/evaluate.h"
#include "trainer/cli/explain.h"
#include "trainer/cli/fit_ood.h"
#include "trainer/cli/split.h"

namespace cxr {

/// Options of the commands that divide data and judge models. `options` must outlive `command`.
void AddSplit(CLI::App& command, SplitDataOptions& options);
void AddCompare(CLI::App& command, CompareOptions& options);
void AddEvaluate(CLI::App& command, EvaluateOptions& options);
void AddExplain(CLI::App& command, ExplainOptions& options);
void AddFitOod(CLI::App& command, FitOodOptions& options);

}  // namespace cxr
