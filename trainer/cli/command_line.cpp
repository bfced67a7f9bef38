// SPDX-License-Identifier: Apache-2.0
#include "trainer/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "trainer/cli/judging_options.h"
#include "trainer/cli/training_options.h"

namespace cxr {
namespace {

constexpr int kUsageError = 2;
std::string CheckImageSize(const std::string& text) {
  const int size = std::atoi(text.c_str());
  return size >= 32 && size <= 2048 && size % 32 == 0 ? std::string() : "expected a multiple of 32 from 32 to 2048";
}

void AddScheduleOptions(CLI::App& command, TrainOptions& options) {
  command.add_option("--image-size", options.image_size, "Rows and columns of the network's input, a multiple of 32")
      ->check(CheckImageSize)
      ->capture_default_str();
  command.add_option("--batch-size", options.batch_size, "Pictures per step")
      ->check(CLI::Range(2, 4096))
      ->capture_default_str();
  command.add_option("--frozen-epochs", options.frozen_epochs, "Epochs of the head alone, over cached features")
      ->check(CLI::Range(0, 10000))
      ->capture_default_str();
  command
      .add_option("--frozen-views", options.frozen_views,
                  "Views of each picture for these: the plain one, then augmented ones")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  command.add_option("--fine-tune-epochs", options.fine_tune_epochs, "Epochs with all layers unfrozen")
      ->check(CLI::Range(0, 10000))
      ->capture_default_str();
  command.add_option("--head-learning-rate", options.head_learning_rate, "Of the frozen stage")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command.add_option("--learning-rate", options.learning_rate, "Peak of the fine-tuning stage")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command.add_option("--weight-decay", options.weight_decay, "Of AdamW")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
}

void AddRegularisationOptions(CLI::App& command, TrainOptions& options) {
  const CLI::Range unit(0.0, 1.0);
  command.add_option("--label-smoothing", options.label_smoothing, "0 to 1")->check(unit)->capture_default_str();
  command.add_option("--average-decay", options.average_decay, "Of the moving average of the weights; 0 is none")
      ->check(unit)
      ->capture_default_str();
  AddChoice(command, "--class-balance", options.class_balance,
            {{"none", ClassBalance::kNone}, {"square-root", ClassBalance::kSquareRoot}, {"full", ClassBalance::kFull}},
            "Class weights: none, square-root or full");
  AddChoice(command, "--augmentation", options.augmentation,
            {{"none", Augmentation::kNone}, {"geometric", Augmentation::kGeometric}, {"full", Augmentation::kFull}},
            "none, geometric (flip, rotation) or full");
  command.add_option("--dense", options.dense, "Widths of dense ReLU layers in the head; none by default")
      ->check(CLI::Range(1, 65536));
  command.add_flag("--max-pooling", options.max_pooling, "Global max pooling in the head instead of average pooling");
  command.add_option("--dropout", options.dropout, "Before each linear layer")
      ->check(CLI::Range(0.0, 0.95))
      ->capture_default_str();
}

void AddBalanceRecall(CLI::App& command, bool& balance) {
  command.add_flag("--balance-recall", balance,
                   "Shift the model between BACTERIA and VIRUS until validation recalls both alike: where labels are "
                   "noisy, the larger class wins otherwise");
}

void AddRunOptions(CLI::App& command, TrainOptions& options) {
  command.add_option("--validation-fraction", options.validation_fraction, "Share of each class held out, by patient")
      ->check(CLI::Range(0.01, 0.9))
      ->capture_default_str();
  AddBalanceRecall(command, options.balance_recall);
  command
      .add_option("--target-sensitivity", options.target_sensitivity,
                  "For pneumonia, on validation; the operating point is the largest that reaches it")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command.add_option("--seed", options.seed, "Of everything random")->capture_default_str();
  command.add_option("--threads", options.threads, "Of the network")->check(CLI::Range(1, 1024))->capture_default_str();
  command.add_option("--loaders", options.loaders, "Threads that read and augment pictures")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command.add_option("--device", options.device, "cpu, cuda or cuda:N")->capture_default_str();
  command.add_option("--name", options.name, "Of the model")->capture_default_str();
  command.add_option("--model-version", options.version, "Of the model")->capture_default_str();
  command.add_option("--min-age", options.min_age_years, "Youngest patient the model is for, years")
      ->capture_default_str();
  command.add_option("--max-age", options.max_age_years, "Oldest, in completed years")->capture_default_str();
  command.add_option("--population", options.population, "Whom the model is for, in words")->capture_default_str();
}

void AddTrain(CLI::App& command, TrainOptions& options, std::vector<std::string>& about) {
  options.threads = Cores();
  command.add_option("--data", options.data, kDataHelp)->required();
  command
      .add_option("--backbone", options.backbone,
                  "MobileNetV2 weights (safetensors), or none to start from random weights")
      ->required();
  command.add_option("--out", options.out, "Run folder; the model is in its folder model")->required();
  AddScheduleOptions(command, options);
  AddRegularisationOptions(command, options);
  AddRunOptions(command, options);
  AddPictureOptions(command, options);
  AddSelectionOptions(command, options);
  AddPrecisionOption(command, options);
  AddResumeOptions(command, options);
  command.add_option("--about", about,
                     "KEY=TEXT for manifest and model card: sources, licences, citations; may be repeated");
}

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

void ParseAbout(const std::vector<std::string>& about, TrainOptions& options) {
  for (const std::string& entry : about) {
    const std::size_t equals = entry.find('=');
    if (equals == std::string::npos || equals == 0)
      throw CLI::ValidationError("--about", "expected KEY=TEXT, got " + entry);
    options.about[entry.substr(0, equals)] = entry.substr(equals + 1);
  }
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
  CLI::App* compare = app.add_subcommand("compare", "Tell progress from noise: two models on the same pictures");
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

absl::StatusOr<TrainOptions> ParseTrainConfig(const std::string& config) {
  CLI::App app;
  TrainOptions options;
  std::vector<std::string> about;
  AddTrain(*app.add_subcommand("train"), options, about);
  std::istringstream lines(config);
  try {
    app.parse_from_stream(lines);
    ParseAbout(about, options);
  } catch (const CLI::ParseError& error) {
    return absl::InvalidArgumentError(error.what());
  }
  return options;
}

}  // namespace cxr
