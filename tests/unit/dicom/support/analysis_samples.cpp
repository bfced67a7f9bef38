// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/dicom/support/analysis_samples.h"

#include "service/dicom/dicom_reader.h"

namespace cxr::test {
namespace {

ModelInfo Model() {
  return {{"cxr-test", "1.2.3", std::string(64, 'a')}, {1, 5, "children of one to five years"}, {0.5, 0.5}};
}

}  // namespace

Analysis AnalysisOf(double bacteria, double virus) {
  Analysis analysis;
  analysis.outcome = Outcome::kAnalysed;
  analysis.model = Model();
  Classification classification;
  classification.calibrated = {bacteria, 1 - bacteria - virus, virus};
  classification.raw = classification.calibrated;
  classification.pneumonia_score = PneumoniaScore(classification.calibrated);
  classification.decision = Decide(classification.calibrated, analysis.model.points);
  classification.map = {7, 7, std::vector<float>(49, 0.5f), {0, 0, 48, 60}, classification.decision.finding};
  if (classification.decision.positive()) {
    analysis.salient_regions = {{{5, 6}, {30, 6}, {30, 40}, {5, 40}}, {{40, 50}, {48, 50}, {48, 60}}};
  }
  analysis.classification = classification;
  return analysis;
}

Analysis Indeterminate() {
  Analysis analysis = AnalysisOf(0.3, 0.25);
  analysis.model.points = {0.3, 0.7};
  analysis.classification->decision = Decide(analysis.classification->calibrated, analysis.model.points);
  analysis.salient_regions = {{{5, 6}, {30, 6}, {30, 40}, {5, 40}}};
  return analysis;
}

Analysis NotApplicable() {
  Analysis analysis;
  analysis.outcome = Outcome::kNotApplicable;
  analysis.reasons = {
      {ReasonCode::kAgeOutsidePopulation, "The patient is 62 years old; the model applies to ages of 1 to 5."},
      {ReasonCode::kViewNotSupported, "View is LL; this analysis reads frontal views (AP or PA)."}};
  analysis.model = Model();
  return analysis;
}

RgbImage Overlay(int rows, int columns) {
  RgbImage image{rows, columns, std::vector<std::uint8_t>(std::size_t{3} * rows * columns)};
  for (std::size_t i = 0; i < image.pixels.size(); ++i) image.pixels[i] = static_cast<std::uint8_t>(i / columns);
  return image;
}

absl::StatusOr<DicomObject> WriteCapture(const Radiograph& radiograph, const Analysis& analysis,
                                         const RgbImage& image) {
  return radiograph.Write(ObjectKind::kSecondaryCapture, {analysis, &image});
}

DicomSettings FixedSettings() {
  DicomSettings settings;
  settings.write.digest = "settings-1";
  settings.write.service_version = "0.1.0";
  settings.write.clock = [] { return DateTime{"20240102", "030405"}; };
  return settings;
}

std::unique_ptr<RadiographReader> Reader(DicomSettings settings) {
  return *MakeDicomReader(std::move(settings));
}

std::vector<NamedFixture> GreyscaleSources() {
  std::vector<NamedFixture> sources(7);
  sources[0].name = "window and rescale";
  sources[0].fixture.window = {100.25, 333.5};
  sources[0].fixture.rescale = {0.0123456789012, -1e-7};
  sources[1].name = "sigmoid, MONOCHROME1";
  sources[1].fixture.window = {2000, 1000};
  sources[1].fixture.voi_function = "SIGMOID";
  sources[1].fixture.photometric = "MONOCHROME1";
  sources[2].name = "linear exact";
  sources[2].fixture.window = {2000, 0.5};
  sources[2].fixture.voi_function = "LINEAR_EXACT";
  sources[3].name = "both tables";
  sources[3].fixture.modality_lut = LookupTable{std::vector<std::uint16_t>(4096, 900), 0, 10};
  sources[3].fixture.voi_lut = LookupTable{{0, 100, 1000, 4095}, 800, 12};
  sources[4].name = "a table of signed values and few bits";
  sources[4].fixture.is_signed = true;
  sources[4].fixture.voi_lut = LookupTable{{0, 3, 7}, -5, 3};
  sources[5].name = "the range of the data";
  sources[5].fixture.pixels.assign(60 * 48, 700);
  sources[5].fixture.pixels[5] = 900;
  sources[6].name = "an image of one value";
  sources[6].fixture.pixels.assign(60 * 48, 700);
  return sources;
}

}  // namespace cxr::test
