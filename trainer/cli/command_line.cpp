// SPDX-License-Identifier: Apache-2.0
#include "trainer/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "trainer/cli/judging_flags.h"
#include "trainer/cli/training_flags.h"

namespace cxr {
namespace {

constexpr int kUsageError = 2;
/// Takes the same options as training; those of a section [train] are its defaults.
void AddCrossValidation(CLI::App& command, CommandLine& parsed, std::vector<std::string>& about) {
  AddTrain(command, parsed.train, about);
  command.add_option("--folds", parsed.cross_validation.folds, "Parts of the patients, each judged by the others")
      ->check(CLI::Range(2, 100))
      ->capture_default_str();
  command.add_flag("--frozen-only", parsed.cross_validation.frozen_only,
                   "The head alone, on features that are extracted once for all folds: minutes instead of hours");
}

void AddExport(CLI::App& command, ExportOptions& options) {
  options.threads = Cores();
  command.add_option("--checkpoint", options.checkpoint, "checkpoint.pt of a run")->required();
  command.add_option("--out", options.out, "Receives model.pt, manifest.json, MODEL_CARD.md and figures")->required();
  command.add_option("--cross-validation", options.cross_validation,
                     "table.txt of a cross-validation of the recipe, for the model card");
  AddBalanceRecall(command, options.balance_recall);
  command.add_option("--data", options.data, "The run's data, where they are no longer where the run had them");
  command.add_option("--threads", options.threads, "Of the network")->check(CLI::Range(1, 1024))->capture_default_str();
  command.add_option("--device", options.device, "cpu, cuda or cuda:N")->capture_default_str();
}

/// The lines of a command's section, without empty ones and what concerns this start alone.
std::string Section(const std::string& config, const std::string& command) {
  std::istringstream lines(config);
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    const bool own = line.rfind(command + ".", 0) == 0;
    const bool empty = line.size() >= 3 && line.compare(line.size() - 3, 3, "=\"\"") == 0;
    const bool of_this_start = line.rfind(command + ".resume", 0) == 0;
    if (own && !empty && !of_this_start) text += line + "\n";
  }
  return text;
}

/// Every option that has a value, as a configuration file that starts the same run again.
std::string WrittenConfig(const CLI::App& app, bool cross_validation) {
  std::string text = Section(app.config_to_str(/*default_also=*/true, /*write_description=*/false), "train");
  // Its options fall back on those of [train], so defaults of its own would say something else.
  if (cross_validation) text += Section(app.config_to_str(false, false), "crossvalidate");
  return text;
}

/// The command as one could type it: an argument with spaces is quoted.
std::string QuotedCommand(int count, char** arguments) {
  std::string text = "cxr-train";
  for (int i = 1; i < count; ++i) {
    const std::string argument = arguments[i];
    const bool plain = argument.find_first_of(" \t\n'\"$&|;<>()*?\\") == std::string::npos && !argument.empty();
    std::string quoted = "'";
    for (const char c : argument) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    text += " " + (plain ? argument : quoted + "'");
  }
  return text;
}

}  // namespace

int ParseCommandLine(int count, char** arguments, CommandLine& parsed) {
  CLI::App app("Trains and judges the pneumonia classifier of cxr-triage. Research use only.", "cxr-train");
  app.set_version_flag("--version", std::string("cxr-train ") + CXR_VERSION);
  app.set_config("--config", "",
                 "Reads options from a TOML or INI file; those of a command stand in its section, [train] say");
  app.require_subcommand(1);
  app.fallthrough();
  CLI::App* train = app.add_subcommand("train", "Train a model on labelled radiographs");
  CLI::App* split = app.add_subcommand("split", "Divide labelled radiographs by patient: training, validation, test");
  CLI::App* evaluate = app.add_subcommand("evaluate", "Judge a model on labelled radiographs");
  CLI::App* cross_validation =
      app.add_subcommand("crossvalidate", "Judge a recipe on every patient: k-fold cross-validation by patient");
  CLI::App* exported = app.add_subcommand("export", "Make a model of a checkpoint");
  CLI::App* compare = app.add_subcommand("compare", "Tell progress from noise: two models on the same images");
  CLI::App* explain = app.add_subcommand("explain", "Draw what a model looks at");
  CLI::App* fit_ood =
      app.add_subcommand("fit-ood", "Give a model an out-of-distribution score, fitted on training data");
  std::vector<std::string> about;
  AddTrain(*train, parsed.train, about);
  AddCrossValidation(*cross_validation, parsed, about);
  AddExport(*exported, parsed.exported);
  AddSplit(*split, parsed.split);
  AddEvaluate(*evaluate, parsed.evaluate);
  AddCompare(*compare, parsed.compare);
  AddExplain(*explain, parsed.explain);
  AddFitOod(*fit_ood, parsed.fit_ood);
  try {
    app.parse(count, arguments);
    ParseAbout(about, parsed.train);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsageError;
  }
  if (compare->parsed()) parsed.command = CommandLine::Command::kCompare;
  if (split->parsed()) parsed.command = CommandLine::Command::kSplit;
  if (evaluate->parsed()) parsed.command = CommandLine::Command::kEvaluate;
  if (cross_validation->parsed()) parsed.command = CommandLine::Command::kCrossValidate;
  if (exported->parsed()) parsed.command = CommandLine::Command::kExport;
  if (explain->parsed()) parsed.command = CommandLine::Command::kExplain;
  if (fit_ood->parsed()) parsed.command = CommandLine::Command::kFitOod;
  parsed.train.command = QuotedCommand(count, arguments);
  parsed.train.config = WrittenConfig(app, cross_validation->parsed());
  parsed.cross_validation.train = parsed.train;
  return -1;
}

}  // namespace cxr
