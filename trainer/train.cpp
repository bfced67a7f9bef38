// SPDX-License-Identifier: Apache-2.0
#include "trainer/train.h"

#include <cstdio>
#include <exception>
#include <filesystem>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "service/core/classification.h"
#include "service/model/engine/device.h"
#include "trainer/fine_tuning.h"
#include "trainer/frozen_stage.h"
#include "trainer/inference_pass.h"
#include "trainer/model_package.h"
#include "trainer/outlier_fit.h"
#include "trainer/patient_split.h"
#include "trainer/report.h"
#include "trainer/run_context.h"
#include "trainer/run_report.h"

namespace cxr {
namespace {

std::size_t CountPatients(const std::vector<Sample>& samples) {
  std::set<std::string> patients;
  for (const Sample& sample : samples) patients.insert(sample.patient);
  return patients.size();
}

absl::Status WriteSplit(const Split& split, const std::string& path) {
  std::string text = "file,label,patient,used_for\n";
  for (const Sample& sample : split.training)
    absl::StrAppend(&text, sample.name, ",", PatternName(sample.label), ",", sample.patient, ",training\n");
  for (const Sample& sample : split.validation)
    absl::StrAppend(&text, sample.name, ",", PatternName(sample.label), ",", sample.patient, ",validation\n");
  return WriteFile(path, text);
}

absl::StatusOr<Split> MakeSplit(const TrainOptions& options) {
  const auto samples = ListSamples(options.data);
  if (!samples.ok()) return samples.status();
  Split split = SplitByPatient(*samples, options.validation_fraction, options.seed);
  if (split.validation.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(options.data, " has too few patients to hold some out for validation"));
  }
  std::fprintf(stderr, "%zu pictures of %zu patients for training, %zu of %zu for validation\n", split.training.size(),
               CountPatients(split.training), split.validation.size(), CountPatients(split.validation));
  return split;
}

/// Calibrates on the validation patients and judges there; writes predictions and metrics.
absl::StatusOr<ModelFigures> Judge(const TrainOptions& options, const Split& split, const RunContext& context,
                                   const TrainableNetwork& network) {
  const auto frozen = FreezeNetwork(network, options);
  if (!frozen.ok()) return frozen.status();
  const auto logits = RunLogits(**frozen, split.validation, "calibration", context);
  if (!logits.ok()) return logits.status();
  std::vector<Pattern> labels;
  for (const Sample& sample : split.validation) labels.push_back(sample.label);
  ModelFigures figures;
  figures.temperature = FitTemperature(*logits, labels);
  std::vector<Prediction> predictions;
  std::vector<double> scores;
  std::vector<bool> pneumonias;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    predictions.push_back({labels[i], SoftmaxAt((*logits)[i], figures.temperature), Pattern::kNormal});
    scores.push_back(PneumoniaScore(predictions.back().probabilities));
    pneumonias.push_back(labels[i] != Pattern::kNormal);
  }
  figures.operating_point = ChooseOperatingPoint(scores, pneumonias, options.target_sensitivity);
  for (Prediction& each : predictions) each.predicted = Decide(each.probabilities, figures.operating_point).finding;
  figures.validation = ComputeMetrics(predictions);
  figures.training_pictures = split.training.size();
  figures.training_patients = CountPatients(split.training);
  figures.validation_patients = CountPatients(split.validation);
  absl::Status status = WriteFile(options.out + "/predictions.csv", FormatPredictions(split.validation, predictions));
  status.Update(WriteRunReport(options, split, predictions, *logits));
  if (!status.ok()) return status;
  return figures;
}

absl::Status PrepareFolder(const TrainOptions& options) {
  std::error_code error;
  std::filesystem::create_directories(options.out, error);
  if (error) return absl::UnavailableError(absl::StrCat("cannot create ", options.out, ": ", error.message()));
  return WriteFile(options.out + "/config.toml", options.config);
}

absl::Status TrainOrThrow(const TrainOptions& options, const StopSignal& stop) {
  CheckDevice(options.device);
  if (absl::Status status = PrepareFolder(options); !status.ok()) return status;
  const auto pictures = PictureReader::Create();
  if (!pictures.ok()) return pictures.status();
  const RunContext context{**pictures, stop, options.threads};
  const auto split = MakeSplit(options);
  if (!split.ok()) return split.status();
  if (absl::Status status = WriteSplit(*split, options.out + "/split.csv"); !status.ok()) return status;
  SeedTorch(options.seed);
  SetIntraOpThreads(options.threads);
  auto network = BuildNetwork(options);
  if (!network.ok()) return network.status();
  const Loss loss(ClassWeights(split->training, options.class_balance), options.label_smoothing,
                  torch::Device(options.device));
  Curves curves(options.out + "/curves.csv");
  if (options.frozen_epochs > 0) {
    if (absl::Status status = TrainFrozen(options, split->training, loss, context, *network, curves); !status.ok())
      return status;
  }
  if (absl::Status status = FineTune(options, *split, loss, context, *network, curves); !status.ok()) return status;
  const auto figures = Judge(options, *split, context, *network);
  if (!figures.ok()) return figures.status();
  std::printf("%s\ntemperature %.4f   operating point %.4f\n", FormatTable(figures->validation).c_str(),
              figures->temperature, figures->operating_point);
  const std::string model = options.out + "/model";
  if (absl::Status status = WriteModel(options, *network, *figures, model); !status.ok()) return status;
  OutlierFitOptions outliers;
  outliers.model = model;
  outliers.device = options.device;
  return FitOutlierScore(outliers, *split, context);
}

}  // namespace

absl::Status Train(const TrainOptions& options, const StopSignal& stop) {
  try {
    return TrainOrThrow(options, stop);
  } catch (const std::exception& error) {  // LibTorch: no memory left, a device that fails
    const std::string text = error.what();
    return absl::InternalError(text.substr(0, text.find('\n')));
  }
}

}  // namespace cxr
