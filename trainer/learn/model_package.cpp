// SPDX-License-Identifier: Apache-2.0
#include "trainer/learn/model_package.h"

#include <exception>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "service/base/file.h"
#include "service/base/sha256.h"
#include "service/model/engine/torchscript_export.h"
#include "service/model/manifest.h"
#include "trainer/judge/inference_pass.h"
#include "trainer/learn/network.h"

namespace cxr {
namespace {

constexpr std::uint64_t kMaxModel = 1U << 30U;

/// Shifts the logits of VIRUS, in the head too.
void ShiftVirus(double shift, const TrainableNetwork& network, std::vector<PatternLogits>& logits) {
  torch::NoGradGuard no_grad;
  const torch::nn::Linear last = network.head->layers().back();
  last->bias[static_cast<int>(Pattern::kVirus)] += shift;
  for (PatternLogits& each : logits) each[static_cast<std::size_t>(Pattern::kVirus)] += shift;
  std::fprintf(stderr, "logit of VIRUS shifted by %.3f: BACTERIA and VIRUS are recalled alike\n", shift);
}

Manifest MakeManifest(const TrainOptions& options, const ModelFigures& figures, const std::string& sha256) {
  Manifest manifest;
  manifest.info.identity = {options.name, options.version, sha256};
  manifest.info.population = {options.min_age_years, options.max_age_years, options.population};
  SetOperatingPoints(manifest, figures.operating_point, figures.specificity_operating_point);
  manifest.rows = manifest.columns = options.image_size;
  manifest.temperature = figures.temperature;
  manifest.training = options.about;
  manifest.training["command"] = options.command;
  manifest.training["seed"] = absl::StrCat(options.seed);
  manifest.training["pictures"] = absl::StrCat(figures.training_images);
  manifest.training["trainer_version"] = CXR_VERSION;
  return manifest;
}

}  // namespace

absl::StatusOr<ModelFigures> CalibrateNetwork(const TrainOptions& options, const Split& split,
                                              const RunContext& context, const TrainableNetwork& network) {
  const auto frozen = FreezeNetwork(network, options);
  if (!frozen.ok()) return frozen.status();
  auto logits = RunLogits(**frozen, split.validation, "calibration", context);
  if (!logits.ok()) return logits.status();
  std::vector<Pattern> labels;
  for (const LabelledImage& image : split.validation) labels.push_back(image.label);
  if (options.balance_recall) ShiftVirus(BalanceVirusLogit(*logits, labels), network, *logits);
  const Calibration fitted = FitCalibration(*logits, labels, {options.target_sensitivity, options.target_specificity});
  ModelFigures figures;
  figures.temperature = fitted.temperature;
  figures.operating_point = fitted.operating_point;
  figures.specificity_operating_point = fitted.specificity_operating_point;
  figures.training_images = split.training.size();
  figures.training_patients = CountPatients(split.training);
  figures.validation_patients = CountPatients(split.validation);
  figures.test_patients = CountPatients(split.test);
  return figures;
}

absl::StatusOr<std::string> WriteModel(const TrainOptions& options, const TrainableNetwork& network,
                                       const ModelFigures& figures, const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const std::string path = absl::StrCat(folder, "/model.pt");
  try {
    SaveTorchScript(network.backbone, network.head, path);
  } catch (const std::exception& failure) {
    return absl::UnavailableError(failure.what());
  }
  const auto bytes = ReadFile(path, kMaxModel);
  if (!bytes.ok()) return bytes.status();
  const std::string sha256 = Sha256Hex(*bytes);
  const std::string manifest = FormatManifest(MakeManifest(options, figures, sha256));
  if (const auto parsed = ParseManifest(manifest); !parsed.ok()) return parsed.status();
  if (absl::Status status = ReplaceFile(absl::StrCat(folder, "/manifest.json"), manifest); !status.ok()) return status;
  return sha256;
}

}  // namespace cxr
