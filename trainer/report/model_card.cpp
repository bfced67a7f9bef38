// SPDX-License-Identifier: Apache-2.0
#include "trainer/report/model_card.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/substitute.h"
#include "trainer/report/judgement_text.h"

namespace cxr {
namespace {

constexpr char kCard[] = R"(# Model card: $0 $1

**Research use only. Not a medical device, not for diagnosis.** An image cannot prove what caused a pneumonia: the classes mean
"pattern suggestive of bacterial pneumonia", "no pattern of pneumonia found" and "pattern suggestive of viral pneumonia".

| | |
|---|---|
| network | MobileNetV2 1.0, $2 x $2 input, $3 pooling, $4 |
| file | model.pt, TorchScript with the methods `features` and `head`, SHA-256 `$5` |
| output | logits of BACTERIA, NORMAL, VIRUS; probability = softmax(logits / $6) |
| operating points | pneumonia score P(BACTERIA) + P(VIRUS) at or above $7; all else is indeterminate |
| population | $8 ($9 years) |
)";

constexpr char kTraining[] = R"(
## How it was trained

First the head alone on the frozen backbone ($0 epochs over cached features), then all layers ($1 epochs): AdamW, warm-up and
cosine decay, label smoothing $2, class weights $3, $4 augmentation (training time only), and an exponential moving average of the
weights, which is what the file holds. Seed $5. $6 images of $7 patients for training; $8 images of $9 other patients for
validation.
)";

constexpr char kTested[] = R"(
## Figures on held-out patients

$0 images of $1 patients who had no part in training or calibration; with 95 % intervals (bootstrap over patients):

```
$2```

`cxr-train evaluate --model . --data split.csv --split test --out OUT` prints this table; `cxr-train split` makes split.csv (see the
recipe).
)";

constexpr char kJudged[] = R"(
## Figures on the validation patients

None of them is in training, but they chose the temperature (smallest negative log-likelihood) and the operating points (the largest
at which $1 % of the pneumonias are found, and the smallest below which $2 % of the normals lie), so accuracy and recall flatter. The
last line of calibration does not: each patient's temperature is fitted on others.

```
$0```
)";

constexpr char kCrossValidated[] = R"(
## Cross-validation

```
$0```
)";

constexpr char kLimits[] = R"(
## Limits

- Trained on $0 alone. It does not apply to other ages; the service refuses patients known to be outside.
- One hospital, one projection, images that were already exported as JPEG, so expect less elsewhere. The labels of bacteria and
  virus are noisy: the cause of a pneumonia cannot be seen with certainty.
- Whatever is shown to it gets one of three classes: other diseases are not recognised as such. The out-of-distribution score
  (ood.safetensors: class-conditional Mahalanobis distance of the pooled features) tells images that are unlike the training
  images; it does not tell every one.
- The activation map shows what moved the score, not where a disease is.
)";

/// From the sentence's second word on: "0.7545 is positive, ...".
std::string PointsText(const ModelFigures& figures) {
  const auto [low, high] = std::minmax(figures.operating_point, figures.specificity_operating_point);
  return absl::StrFormat("%.4f is positive, below %.4f negative where NORMAL is the likeliest class too", high, low);
}

std::string CardHead(const TrainOptions& options, const ModelFigures& figures, const std::string& sha256) {
  std::string layers = "one linear layer";
  if (!options.dense.empty()) layers = absl::StrCat(options.dense.size(), " dense ReLU layers and one linear layer");
  const std::string ages = absl::StrCat(options.min_age_years, " to ", options.max_age_years);
  return absl::Substitute(kCard, options.name, options.version, options.image_size,
                          options.max_pooling ? "max" : "average", layers, sha256,
                          absl::StrFormat("%.4f", figures.temperature), PointsText(figures), options.population, ages);
}

const char* BalanceName(ClassBalance balance) {
  if (balance == ClassBalance::kNone) return "equal";
  return balance == ClassBalance::kSquareRoot ? "by the inverse square root of the class's share"
                                              : "by the inverse of the class's share";
}

const char* AugmentationName(Augmentation augmentation) {
  if (augmentation == Augmentation::kNone) return "no";
  return augmentation == Augmentation::kGeometric
             ? "geometric (flip, rotation)"
             : "full (flip, rotation, scale, shift, intensity, resolution, sharpness, noise, erasing)";
}

/// What the paragraph on training does not say, in sentences: the options that most runs leave alone.
std::string UnusualOptions(const TrainOptions& options) {
  std::string text;
  if (options.fine_tune_from != "features.0")
    absl::StrAppend(&text, "Fine-tuning left the blocks before ", options.fine_tune_from, " as they were. ");
  if (options.jpeg_noise > 0)
    absl::StrAppend(&text, options.jpeg_noise * 100, " % of the training images were compressed as JPEG again. ");
  if (options.min_crop < 1)
    absl::StrAppend(&text, "Training images were crops of at least ", options.min_crop * 100, " % of the area. ");
  if (options.mixup > 0) absl::StrAppend(&text, "Pairs of images were mixed (mixup, alpha ", options.mixup, "). ");
  if (options.batch_norm_batches > 0)
    absl::StrAppend(&text, "BatchNorm's statistics were measured anew for the averaged weights. ");
  if (options.early_stop_patience > 0)
    absl::StrAppend(&text, "Training would end early after ", options.early_stop_patience,
                    " epochs without progress on validation. ");
  if (options.keep_best)
    text += "The weights are those of the epoch that was best on validation, which flatters the figures below. ";
  if (options.balance_recall)
    text += "The logit of VIRUS was shifted until validation recalled BACTERIA and VIRUS alike. ";
  if (options.precision == Precision::kBfloat16)
    text += "Fine-tuning computed in bfloat16 with float32 weights; the model computes in float32. ";
  return text.empty() ? text : absl::StrCat("\n", absl::StripTrailingAsciiWhitespace(text), "\n");
}

}  // namespace

std::string FormatModelCard(const TrainOptions& options, const ModelFigures& figures, const CardFigures& judged,
                            const std::string& sha256, const std::string& cross_validation) {
  std::string card = CardHead(options, figures, sha256);
  absl::StrAppend(&card, "\n## Sources\n\n");
  for (const auto& [key, text] : options.about) absl::StrAppend(&card, "- **", key, "**: ", text, "\n");
  if (options.about.empty()) absl::StrAppend(&card, "Not stated when the model was trained (`--about KEY=TEXT`).\n");
  absl::StrAppend(
      &card, absl::Substitute(kTraining, options.frozen_epochs, options.fine_tune_epochs, options.label_smoothing,
                              BalanceName(options.class_balance), AugmentationName(options.augmentation), options.seed,
                              figures.training_images, figures.training_patients, judged.validation.metrics.count,
                              figures.validation_patients));
  absl::StrAppend(&card, UnusualOptions(options), "\n```\n", options.command, "\n```\n");
  if (judged.test.has_value()) {
    absl::StrAppend(
        &card, absl::Substitute(kTested, judged.test->metrics.count, figures.test_patients, FormatTable(*judged.test)));
  }
  absl::StrAppend(&card, absl::Substitute(kJudged, FormatTable(judged.validation), options.target_sensitivity * 100,
                                          options.target_specificity * 100));
  if (!cross_validation.empty()) absl::StrAppend(&card, absl::Substitute(kCrossValidated, cross_validation));
  return card + absl::Substitute(kLimits, options.population);
}

}  // namespace cxr
