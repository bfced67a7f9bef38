// SPDX-License-Identifier: Apache-2.0
#include "trainer/cli/training_options.h"

#include <string>

#include "trainer/learn/block_name.h"

namespace cxr {
namespace {

std::string CheckBlock(const std::string& text) {
  const auto block = ParseBlock(text);
  return block.ok() ? std::string() : std::string(block.status().message());
}

}  // namespace

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

void AddPictureOptions(CLI::App& command, TrainOptions& options) {
  const CLI::Range unit(0.0, 1.0);
  command
      .add_option("--jpeg-noise", options.jpeg_noise,
                  "Share of training pictures that are compressed as JPEG of quality 25 to 95 and read again")
      ->check(unit)
      ->capture_default_str();
  command
      .add_option("--min-crop", options.min_crop,
                  "Training pictures are random crops of at least this share of the area; 1: whole")
      ->check(CLI::Range(0.05, 1.0))
      ->capture_default_str();
  command
      .add_option("--mixup", options.mixup,
                  "Fine-tuning mixes pairs of pictures by shares from Beta(A, A) with this A, 0.2 say; 0: no mixing")
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

}  // namespace cxr
