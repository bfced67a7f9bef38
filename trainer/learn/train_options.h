// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "trainer/data/augmentation.h"

namespace cxr {

/// How classes of different size are weighed in the loss: not at all, by the inverse square root of their share, or by
/// the inverse of their share.
enum class ClassBalance { kNone, kSquareRoot, kFull };

/// What fine-tuning computes in; weights and statistics are float32 in any case.
enum class Precision { kFloat32, kBfloat16 };

/// The figure of validation that early stopping and the choice of the best epoch go by; more is better.
enum class SelectionMetric { kAccuracy, kMacroRecall, kMacroF1, kMacroAuroc, kPneumoniaAuroc };

/// Everything that decides how a model is trained. The defaults train on any machine in reasonable time; the shipped
/// model was trained with those of trainer/recipes/cxr-mobilenetv2.toml, which differ.
struct TrainOptions {
  std::string data;      ///< folder with one folder per class, or CSV file
  std::string backbone;  ///< safetensors file, or "none": random weights
  std::string out;       ///< run folder, created

  int image_size = 224;  ///< rows and columns of the input; a multiple of 32
  int batch_size = 32;
  int frozen_epochs = 15;    ///< over cached features
  int frozen_views = 2;      ///< the plain image and frozen_views - 1 augmented ones
  int fine_tune_epochs = 2;  ///< all layers
  double head_learning_rate = 2e-3;
  double learning_rate = 5e-4;  ///< peak of warm-up and cosine
  double weight_decay = 0.02;
  double label_smoothing = 0.1;
  double average_decay = 0.99;  ///< of the exponential moving average of the weights, which is what is shipped
  ClassBalance class_balance = ClassBalance::kFull;
  Augmentation augmentation = Augmentation::kFull;
  double jpeg_noise = 0;       ///< see AugmentOptions
  double min_crop = 1;         ///< see AugmentOptions
  double mixup = 0;            ///< alpha of Beta(alpha, alpha) that images of a batch are mixed by; 0: not mixed
  int batch_norm_batches = 0;  ///< that re-estimate BatchNorm's statistics for the averaged weights; 0: as averaged

  std::string fine_tune_from = "features.0";  ///< first block that fine-tuning changes; those before stay as they are
  int early_stop_patience = 0;  ///< fine-tuning epochs without a better early_stop_metric before it ends; 0: never ends
  SelectionMetric early_stop_metric = SelectionMetric::kMacroAuroc;
  bool keep_best = false;  ///< end with the weights of the best epoch by that metric rather than of the last

  bool max_pooling = false;
  std::vector<int> dense;  ///< widths of ReLU layers in the head
  double dropout = 0.2;

  double validation_fraction = 0.15;
  bool balance_recall = false;       ///< BalanceVirusLogit on validation, put into the head before it is shipped
  double target_sensitivity = 0.97;  ///< for pneumonia, on validation: chooses the operating point
  double target_specificity = 0.95;  ///< for pneumonia, on validation: chooses the second operating point
  std::uint64_t seed = 1;
  Precision precision = Precision::kFloat32;
  int threads = 2;  ///< of the network
  int loaders = 2;  ///< threads that read and augment images
  std::string device = "cpu";
  bool resume = false;        ///< go on from OUT/checkpoint.pt where there is one
  int checkpoint_steps = 50;  ///< batches between checkpoints within an epoch; 0: at the end of epochs alone

  std::string name = "cxr-mobilenetv2";
  std::string version = "0.1.0";
  double min_age_years = 1;
  double max_age_years = 5;
  std::string population = "children of one to five years";
  std::map<std::string, std::string> about;  ///< sources, licences, citations: go into manifest and card
  std::string cross_validation;              ///< table of a cross-validation for the card, or empty
  std::string command;                       ///< the command line, for the record
  std::string config;                        ///< every option as text, for the record
};

/// 7 of "features.7", a block of the backbone; 0 to 18. The error says what was expected.
[[nodiscard]] absl::StatusOr<int> ParseBlock(const std::string& name);

}  // namespace cxr
