// SPDX-License-Identifier: Apache-2.0
#include "trainer/judge/comparison.h"

#include <filesystem>
#include <map>
#include <vector>

#include "absl/strings/str_cat.h"
#include "trainer/data/dataset.h"
#include "trainer/judge/prediction_table.h"

namespace cxr {
namespace {

absl::StatusOr<std::map<std::string, std::string>> PatientsOf(const ComparisonFiles& files,
                                                              const std::map<std::string, Prediction>& predictions) {
  std::map<std::string, std::string> patients;
  if (files.data.empty()) {
    for (const auto& [file, prediction] : predictions)
      patients[file] = PatientKey(std::filesystem::path(file).filename().string());
    return patients;
  }
  const auto images = ListImages(files.data);
  if (!images.ok()) return images.status();
  for (const LabelledImage& image : *images) patients[image.name] = image.patient;
  return patients;
}

/// The two models' predictions of the same images, in the same order.
struct PairedPredictions {
  std::vector<Prediction> baseline;
  std::vector<Prediction> model;
  std::vector<std::string> patients;
};

absl::StatusOr<PairedPredictions> PairPredictions(const ComparisonFiles& files) {
  const auto baseline = ReadPredictions(files.baseline);
  if (!baseline.ok()) return baseline.status();
  const auto model = ReadPredictions(files.model);
  if (!model.ok()) return model.status();
  const auto patients = PatientsOf(files, *baseline);
  if (!patients.ok()) return patients.status();
  if (baseline->size() != model->size()) {
    return absl::InvalidArgumentError(absl::StrCat(files.baseline, " judges ", baseline->size(), " images, ",
                                                   files.model, " ", model->size(), ": expected the same"));
  }
  PairedPredictions pairs;
  for (const auto& [file, prediction] : *baseline) {
    const auto other = model->find(file);
    if (other == model->end() || other->second.label != prediction.label)
      return absl::InvalidArgumentError(absl::StrCat(files.model, " lacks ", file, " with the same label"));
    const auto patient = patients->find(file);
    if (patient == patients->end()) return absl::NotFoundError(absl::StrCat(files.data, " does not name ", file));
    pairs.baseline.push_back(prediction);
    pairs.model.push_back(other->second);
    pairs.patients.push_back(patient->second);
  }
  return pairs;
}

}  // namespace

absl::StatusOr<Comparison> CompareModels(const ComparisonFiles& files, int resamples) {
  const auto pairs = PairPredictions(files);
  if (!pairs.ok()) return pairs.status();
  BootstrapOptions bootstrap;
  bootstrap.resamples = resamples;
  return Comparison{ComputeMetrics(pairs->baseline), ComputeMetrics(pairs->model),
                    BootstrapDifference(pairs->baseline, pairs->model, pairs->patients, bootstrap)};
}

}  // namespace cxr
