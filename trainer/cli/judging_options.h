// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>

#include "trainer/cli/compare.h"
#include "trainer/cli/evaluate.h"
#include "trainer/cli/explain.h"
#include "trainer/cli/fit_ood.h"
#include "trainer/cli/split_data.h"

namespace cxr {

/// What --data may be.
inline constexpr char kDataHelp[] =
    "Folder with the folders BACTERIA, NORMAL and VIRUS (or train/ with these), or a .csv file with the columns "
    "file,label,patient[,split]";

/// Of this machine, one at least.
[[nodiscard]] int Cores();

/// Options of the commands that divide data and judge models. `options` must outlive `command`.
void AddSplit(CLI::App& command, SplitDataOptions& options);
void AddCompare(CLI::App& command, CompareOptions& options);
void AddEvaluate(CLI::App& command, EvaluateOptions& options);
void AddExplain(CLI::App& command, ExplainOptions& options);
void AddFitOod(CLI::App& command, FitOodOptions& options);

}  // namespace cxr
