// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/dicom/analysis_samples.h"

#include "service/dicom/dicom_reader.h"

namespace cxr::test {
namespace {

ModelInfo Model() {
  return {{"cxr-test", "1.2.3", std::string(64, 'a')}, {1, 5, "children of one to five years"}, 0.5};
}

}  // namespace

Analysis AnalysisOf(double bacteria, double virus) {
  Analysis analysis;
  analysis.outcome = Outcome::kAnalysed;
  analysis.model = Model();
  analysis.settings_digest = "settings-1";
  Classification classification;
  classification.calibrated = {bacteria, 1 - bacteria - virus, virus};
  classification.raw = classification.calibrated;
  classification.pneumonia_score = PneumoniaScore(classification.calibrated);
  classification.decision = Decide(classification.calibrated, analysis.model.operating_point);
  classification.map = {7, 7, std::vector<float>(49, 0.5f), {0, 0, 48, 60}, classification.decision.finding};
  if (classification.decision.positive) {
    analysis.salient_regions = {{{5, 6}, {30, 6}, {30, 40}, {5, 40}}, {{40, 50}, {48, 50}, {48, 60}}};
  }
  analysis.classification = classification;
  return analysis;
}

Analysis NotApplicable() {
  Analysis analysis;
  analysis.outcome = Outcome::kNotApplicable;
  analysis.reasons = {
      {ReasonCode::kAgeOutsidePopulation, "The patient is 62 years old; the model applies to ages of 1 to 5."},
      {ReasonCode::kViewNotSupported, "View is LL; this analysis reads frontal views (AP or PA)."}};
  analysis.model = Model();
  analysis.settings_digest = "settings-1";
  return analysis;
}

RgbImage Overlay(int rows, int columns) {
  RgbImage picture{rows, columns, std::vector<std::uint8_t>(std::size_t{3} * rows * columns)};
  for (std::size_t i = 0; i < picture.pixels.size(); ++i) picture.pixels[i] = static_cast<std::uint8_t>(i / columns);
  return picture;
}

DicomSettings FixedSettings() {
  DicomSettings settings;
  settings.service_version = "0.1.0";
  settings.clock = [] { return DateTime{"20240102", "030405"}; };
  return settings;
}

std::unique_ptr<RadiographReader> Reader(DicomSettings settings) {
  return *MakeDicomReader(std::move(settings));
}

}  // namespace cxr::test
