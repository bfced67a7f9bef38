// SPDX-License-Identifier: Apache-2.0
#include "trainer/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace cxr {
namespace {

constexpr int kUsageError = 2;

int Cores() {
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

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
  command.add_option("--class-balance", options.class_balance, "Class weights: none, square-root or full")
      ->default_str("full")
      ->transform(CLI::CheckedTransformer(std::map<std::string, ClassBalance>{
          {"none", ClassBalance::kNone}, {"square-root", ClassBalance::kSquareRoot}, {"full", ClassBalance::kFull}}));
  command.add_option("--augmentation", options.augmentation, "none, geometric (flip, rotation) or full")
      ->default_str("full")
      ->transform(CLI::CheckedTransformer(std::map<std::string, Augmentation>{
          {"none", Augmentation::kNone}, {"geometric", Augmentation::kGeometric}, {"full", Augmentation::kFull}}));
  command.add_option("--dense", options.dense, "Widths of dense ReLU layers in the head; none by default")
      ->check(CLI::Range(1, 65536));
  command.add_flag("--max-pooling", options.max_pooling, "Global max pooling in the head instead of average pooling");
  command.add_option("--dropout", options.dropout, "Before each linear layer")
      ->check(CLI::Range(0.0, 0.95))
      ->capture_default_str();
}

void AddRunOptions(CLI::App& command, TrainOptions& options) {
  command.add_option("--validation-fraction", options.validation_fraction, "Share of each class held out, by patient")
      ->check(CLI::Range(0.01, 0.9))
      ->capture_default_str();
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
  command
      .add_option("--data", options.data, "Folder with the folders BACTERIA, NORMAL and VIRUS (or train/ with these)")
      ->required();
  command
      .add_option("--backbone", options.backbone,
                  "MobileNetV2 weights (safetensors), or none to start from random weights")
      ->required();
  command.add_option("--out", options.out, "Run folder; the model is in its folder model")->required();
  AddScheduleOptions(command, options);
  AddRegularisationOptions(command, options);
  AddRunOptions(command, options);
  command.add_option("--about", about,
                     "KEY=TEXT for manifest and model card: sources, licences, citations; may be repeated");
}

void AddModelAndData(CLI::App& command, std::string& model, std::string& data) {
  command.add_option("--model", model, "Folder with manifest.json and model.pt")->required();
  command.add_option("--data", data, "Folder with the folders BACTERIA, NORMAL and VIRUS (or train/ with these)")
      ->required();
}

void AddMachine(CLI::App& command, int& threads, std::string& device) {
  threads = Cores();
  command.add_option("--threads", threads, "Pictures judged at once")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command.add_option("--device", device, "cpu, cuda or cuda:N")->capture_default_str();
}

void AddEvaluate(CLI::App& command, EvaluateOptions& options) {
  AddModelAndData(command, options.model, options.data);
  command.add_option("--out", options.out, "Receives metrics.json, predictions.csv, plots and report.html")->required();
  command.add_option("--resamples", options.resamples, "Of the bootstrap of the 95 % intervals; 0 leaves them out")
      ->check(CLI::Range(0, 100000))
      ->capture_default_str();
  command.add_option("--folds", options.folds, "Of patients, for the cross-fitted calibration error")
      ->check(CLI::Range(2, 1000))
      ->capture_default_str();
  AddMachine(command, options.threads, options.device);
}

void AddExplain(CLI::App& command, ExplainOptions& options) {
  AddModelAndData(command, options.model, options.data);
  command.add_option("--out", options.out, "Receives sheets/, overlays/ and explain.json")->required();
  command.add_option("--pictures-per-sheet", options.pictures_per_sheet, "At most; others are skipped evenly")
      ->check(CLI::Range(1, 400))
      ->capture_default_str();
  command.add_option("--overlays", options.overlays, "Single overlays for each class, at most")
      ->check(CLI::Range(0, 1000000))
      ->capture_default_str();
  AddMachine(command, options.threads, options.device);
}

void AddFitOod(CLI::App& command, FitOodOptions& options) {
  AddModelAndData(command, options.fit.model, options.data);
  command
      .add_option("--accepted", options.fit.accepted, "Share of the held-out pictures that the threshold shall accept")
      ->check(CLI::Range(0.5, 1.0))
      ->capture_default_str();
  command.add_option("--axes", options.fit.axes, "Principal axes of the features")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command
      .add_option("--validation-fraction", options.validation_fraction,
                  "Share of each class held out for the threshold, by patient; as in training, with its seed")
      ->check(CLI::Range(0.01, 0.9))
      ->capture_default_str();
  command.add_option("--seed", options.seed, "Of the split")->capture_default_str();
  AddMachine(command, options.threads, options.fit.device);
}

/// Every option that has a value, as a configuration file that starts the same run again.
std::string WrittenConfig(const CLI::App& app) {
  std::istringstream lines(app.config_to_str(/*default_also=*/true, /*write_description=*/false));
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    const bool of_train = line.rfind("train.", 0) == 0;
    const bool empty = line.size() >= 3 && line.compare(line.size() - 3, 3, "=\"\"") == 0;
    if (of_train && !empty) text += line + "\n";
  }
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
                 "Reads options from a TOML or INI file; those of a command stand in its section, for example [train]");
  app.require_subcommand(1);
  app.fallthrough();
  CLI::App* train = app.add_subcommand("train", "Train a model on labelled radiographs");
  CLI::App* evaluate = app.add_subcommand("evaluate", "Judge a model on labelled radiographs");
  CLI::App* explain = app.add_subcommand("explain", "Draw what a model looks at");
  CLI::App* fit_ood =
      app.add_subcommand("fit-ood", "Give a model an out-of-distribution score, fitted on training data");
  std::vector<std::string> about;
  AddTrain(*train, parsed.train, about);
  AddEvaluate(*evaluate, parsed.evaluate);
  AddExplain(*explain, parsed.explain);
  AddFitOod(*fit_ood, parsed.fit_ood);
  try {
    app.parse(count, arguments);
    for (const std::string& entry : about) {
      const std::size_t equals = entry.find('=');
      if (equals == std::string::npos || equals == 0)
        throw CLI::ValidationError("--about", "expected KEY=TEXT, got " + entry);
      parsed.train.about[entry.substr(0, equals)] = entry.substr(equals + 1);
    }
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsageError;
  }
  if (evaluate->parsed()) parsed.command = CommandLine::Command::kEvaluate;
  if (explain->parsed()) parsed.command = CommandLine::Command::kExplain;
  if (fit_ood->parsed()) parsed.command = CommandLine::Command::kFitOod;
  parsed.train.command = QuotedCommand(count, arguments);
  parsed.train.config = WrittenConfig(app);
  return -1;
}

}  // namespace cxr
