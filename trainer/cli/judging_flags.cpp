// SPDX-License-Identifier: Apache-2.0
#include "trainer/cli/judging_flags.h"

#include <string>

#include "trainer/cli/training_flags.h"

namespace cxr {
namespace {

void AddSplitChoice(CLI::App& command, SplitName& split) {
  AddChoice(command, "--split", split,
            {{"all", SplitName::kNone},
             {"train", SplitName::kTrain},
             {"validation", SplitName::kValidation},
             {"test", SplitName::kTest}},
            "Judge these images of a CSV file alone: all, train, validation or test");
}

void AddModelAndData(CLI::App& command, std::string& model, std::string& data) {
  command.add_option("--model", model, "Folder with manifest.json and model.pt")->required();
  command.add_option("--data", data, kDataHelp)->required();
}

void AddMachine(CLI::App& command, int& threads, std::string& device) {
  threads = Cores();
  command.add_option("--threads", threads, "Images judged at once")->check(CLI::Range(1, 1024))->capture_default_str();
  command.add_option("--device", device, "cpu, cuda or cuda:N")->capture_default_str();
}

}  // namespace

void AddSplit(CLI::App& command, SplitDataOptions& options) {
  const CLI::Range share(0.0, 0.45);
  command.add_option("--data", options.data, kDataHelp)->required();
  command.add_option("--out", options.out, "CSV file that every command takes as --data")->required();
  command
      .add_option("--validation-fraction", options.hold_out.validation_fraction, "Share of the images, whole patients")
      ->check(share)
      ->capture_default_str();
  command.add_option("--test-fraction", options.hold_out.test_fraction, "Likewise; no training ever looks at these")
      ->check(share)
      ->capture_default_str();
  AddChoice(command, "--hold-out", options.hold_out.patients,
            {{"random", HoldOut::kRandom}, {"first-numbers", HoldOut::kFirstNumbers}},
            "Which patients: random, or first-numbers (those with the lowest numbers of each series, who differ more "
            "from the rest)");
  command.add_option("--seed", options.hold_out.seed, "Of random")->capture_default_str();
  command
      .add_option(
          "--never-train", options.hold_out.never_train,
          "Patients (as the table names them, separated by commas) who go to test where they would be trained on")
      ->delimiter(',');
}

void AddCompare(CLI::App& command, CompareOptions& options) {
  command.add_option("--baseline", options.files.baseline, "predictions.csv of one evaluation")->required();
  command.add_option("--model", options.files.model, "predictions.csv of another one on the same images")->required();
  command.add_option("--data", options.files.data,
                     "Data that name the patients; without it they follow from the file names");
  command.add_option("--resamples", options.resamples, "Of the bootstrap")
      ->check(CLI::Range(10, 100000))
      ->capture_default_str();
}

void AddEvaluate(CLI::App& command, EvaluateOptions& options) {
  AddModelAndData(command, options.model, options.data);
  AddSplitChoice(command, options.split);
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
  AddSplitChoice(command, options.split);
  command.add_option("--out", options.sheets.folder, "Receives sheets/, overlays/ and explain.json")->required();
  command.add_option("--pictures-per-sheet", options.sheets.images_per_sheet, "At most; others are skipped evenly")
      ->check(CLI::Range(1, 400))
      ->capture_default_str();
  command.add_option("--overlays", options.sheets.overlays, "Single overlays for each class, at most")
      ->check(CLI::Range(0, 1000000))
      ->capture_default_str();
  AddMachine(command, options.threads, options.device);
}

void AddFitOod(CLI::App& command, FitOodOptions& options) {
  AddModelAndData(command, options.fit.model, options.data);
  command
      .add_option("--accepted", options.fit.accepted, "Share of the held-out images that the threshold shall accept")
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

}  // namespace cxr
