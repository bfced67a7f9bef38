// SPDX-License-Identifier: Apache-2.0
#include "trainer/cli/training_flags.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <thread>

namespace cxr {
namespace {

std::string CheckBlock(const std::string& text) {
  const auto block = ParseBlock(text);
  return block.ok() ? std::string() : std::string(block.status().message());
}

std::string CheckImageSize(const std::string& text) {
  const int size = std::atoi(text.c_str());
  return size >= 32 && size <= 2048 && size % 32 == 0 ? std::string() : "expected a multiple of 32 from 32 to 2048";
}

void AddScheduleOptions(CLI::App& command, TrainOptions& options) {
  command.add_option("--image-size", options.image_size, "Rows and columns of the network's input, a multiple of 32")
      ->check(CheckImageSize)
      ->capture_default_str();
  command.add_option("--batch-size", options.batch_size, "Images per step")
      ->check(CLI::Range(2, 4096))
      ->capture_default_str();
  command.add_option("--frozen-epochs", options.frozen_epochs, "Epochs of the head alone, over cached features")
      ->check(CLI::Range(0, 10000))
      ->capture_default_str();
  command
      .add_option("--frozen-views", options.frozen_views,
                  "Views of each image for these: the plain one, then augmented ones")
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
  command
      .add_option("--target-specificity", options.target_specificity,
                  "For pneumonia, on validation; between the operating points of both, decisions are indeterminate")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command.add_option("--seed", options.seed, "Of everything random")->capture_default_str();
  command.add_option("--threads", options.threads, "Of the network")->check(CLI::Range(1, 1024))->capture_default_str();
  command.add_option("--loaders", options.loaders, "Threads that read and augment images")
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

void AddSelectionOptions(CLI::App& command, TrainOptions& options) {
  command
      .add_option("--fine-tune-from", options.fine_tune_from,
                  "First block that fine-tuning changes, features.0 (all) to features.18 (the last)")
      ->check(CheckBlock)
      ->capture_default_str();
  command
      .add_option("--early-stop-patience", options.early_stop_patience,
                  "Fine-tuning ends after so many epochs without progress on validation; 0: never")
      ->check(CLI::Range(0, 10000))
      ->capture_default_str();
  AddChoice(command, "--early-stop-metric", options.early_stop_metric,
            {{"accuracy", SelectionMetric::kAccuracy},
             {"macro-recall", SelectionMetric::kMacroRecall},
             {"macro-f1", SelectionMetric::kMacroF1},
             {"macro-auroc", SelectionMetric::kMacroAuroc},
             {"pneumonia-auroc", SelectionMetric::kPneumoniaAuroc}},
            "What progress is: accuracy, macro-recall, macro-f1, macro-auroc or pneumonia-auroc");
  command.add_flag("--keep-best", options.keep_best,
                   "End with the weights of the best epoch by that metric instead of the last epoch's");
}

void AddImageOptions(CLI::App& command, TrainOptions& options) {
  const CLI::Range unit(0.0, 1.0);
  command
      .add_option("--jpeg-noise", options.jpeg_noise,
                  "Share of training images that are compressed as JPEG of quality 25 to 95 and read again")
      ->check(unit)
      ->capture_default_str();
  command
      .add_option("--min-crop", options.min_crop,
                  "Training images are random crops of at least this share of the area; 1: whole")
      ->check(CLI::Range(0.05, 1.0))
      ->capture_default_str();
  command
      .add_option("--mixup", options.mixup,
                  "Fine-tuning mixes pairs of images by shares from Beta(A, A) with this A, 0.2 say; 0: no mixing")
      ->check(CLI::Range(0.0, 10.0))
      ->capture_default_str();
  command
      .add_option(
          "--batch-norm-batches", options.batch_norm_batches,
          "Batches that measure BatchNorm's statistics anew for the averaged weights; 0: keep the averaged ones")
      ->check(CLI::Range(0, 1000000))
      ->capture_default_str();
}

void AddPrecisionOption(CLI::App& command, TrainOptions& options) {
  AddChoice(
      command, "--precision", options.precision, {{"float32", Precision::kFloat32}, {"bfloat16", Precision::kBfloat16}},
      "What fine-tuning computes in: float32 or bfloat16 (weights stay float32), which is faster where the processor "
      "has instructions for it");
}

void AddResumeOptions(CLI::App& command, TrainOptions& options) {
  command.add_flag("--resume", options.resume,
                   "Go on from OUT/checkpoint.pt, where there is one: gives the model of an uninterrupted run");
  command
      .add_option("--checkpoint-steps", options.checkpoint_steps,
                  "Steps between checkpoints within a fine-tuning epoch; 0: at the end of epochs alone")
      ->check(CLI::Range(0, 1000000))
      ->capture_default_str();
}

}  // namespace

int Cores() {
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

void AddBalanceRecall(CLI::App& command, bool& balance) {
  command.add_flag("--balance-recall", balance,
                   "Shift the model between BACTERIA and VIRUS until validation recalls both alike: where labels are "
                   "noisy, the larger class wins otherwise");
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
  AddImageOptions(command, options);
  AddSelectionOptions(command, options);
  AddPrecisionOption(command, options);
  AddResumeOptions(command, options);
  command.add_option("--about", about,
                     "KEY=TEXT for manifest and model card: sources, licences, citations; may be repeated");
}

void ParseAbout(const std::vector<std::string>& about, TrainOptions& options) {
  for (const std::string& entry : about) {
    const std::size_t equals = entry.find('=');
    if (equals == std::string::npos || equals == 0)
      throw CLI::ValidationError("--about", "expected KEY=TEXT, got " + entry);
    options.about[entry.substr(0, equals)] = entry.substr(equals + 1);
  }
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
