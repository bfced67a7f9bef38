// SPDX-License-Identifier: Apache-2.0
#include "service/core/analyze_radiograph.h"

#include <memory>
#include <utility>

namespace cxr {
namespace {

absl::Status Explain(const Radiograph& radiograph, const GrayImage& film, const AnalysisTools& tools,
                     Stopwatch& stopwatch, Analysis& analysis) {
  absl::StatusOr<Classification> classification = tools.classifier->Classify(film, stopwatch);
  if (!classification.ok()) return classification.status();
  if (classification->decision.positive) {
    stopwatch.Begin("render");
    absl::StatusOr<std::vector<Polygon>> regions =
        tools.renderer->SalientRegions(classification->map, radiograph.facts().rows, radiograph.facts().columns);
    if (!regions.ok()) return regions.status();
    analysis.salient_regions = *std::move(regions);
  }
  analysis.classification = *std::move(classification);
  return absl::OkStatus();
}

absl::Status WriteCapture(const Radiograph& radiograph, const GrayImage& film, const OverlayRenderer& renderer,
                          Stopwatch& stopwatch, AnalysisResult& result) {
  stopwatch.Begin("render");
  absl::StatusOr<RgbImage> picture = renderer.Render(film, result.analysis);
  if (!picture.ok()) return picture.status();
  stopwatch.Begin("capture");
  absl::StatusOr<DicomObject> capture = radiograph.WriteCapture(result.analysis, *picture);
  if (!capture.ok()) return capture.status();
  result.objects.push_back(*std::move(capture));
  return absl::OkStatus();
}

absl::Status WriteReport(const Radiograph& radiograph, Stopwatch& stopwatch, AnalysisResult& result) {
  stopwatch.Begin("report");
  const DicomObject* capture = result.objects.empty() ? nullptr : &result.objects.front();
  absl::StatusOr<DicomObject> report = radiograph.WriteReport(result.analysis, capture);
  if (!report.ok()) return report.status();
  result.objects.push_back(*std::move(report));
  return absl::OkStatus();
}

/// The forms that few ask for: the same findings again, for other viewers.
absl::Status WriteFurtherForms(const Radiograph& radiograph, WantedObjects wanted, Stopwatch& stopwatch,
                               AnalysisResult& result) {
  if (!result.analysis.classification.has_value()) return absl::OkStatus();
  if (wanted.presentation_state) {
    stopwatch.Begin("presentation");
    absl::StatusOr<DicomObject> state = radiograph.WritePresentationState(result.analysis);
    if (!state.ok()) return state.status();
    result.objects.push_back(*std::move(state));
  }
  if (wanted.parametric_map && ShowsMap(result.analysis)) {
    stopwatch.Begin("map");
    absl::StatusOr<DicomObject> map = radiograph.WriteParametricMap(result.analysis);
    if (!map.ok()) return map.status();
    result.objects.push_back(*std::move(map));
  }
  return absl::OkStatus();
}

absl::Status AnalyzeFilm(const Radiograph& radiograph, const AnalysisTools& tools, WantedObjects wanted,
                         Stopwatch& stopwatch, AnalysisResult& result) {
  stopwatch.Begin("decode");
  absl::StatusOr<GrayImage> film = radiograph.DisplayImage();
  if (!film.ok()) return film.status();
  absl::Status explained = Explain(radiograph, *film, tools, stopwatch, result.analysis);
  if (!explained.ok() || !wanted.capture) return explained;
  return WriteCapture(radiograph, *film, *tools.renderer, stopwatch, result);
}

}  // namespace

absl::StatusOr<AnalysisResult> AnalyzeRadiograph(absl::string_view dicom, const AnalysisTools& tools,
                                                 const AnalysisSettings& settings, WantedObjects wanted,
                                                 Stopwatch& stopwatch) {
  stopwatch.Begin("parse");
  absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = tools.reader->Read(dicom);
  if (!radiograph.ok()) return radiograph.status();

  AnalysisResult result;
  result.source = (*radiograph)->facts().identity;
  result.analysis.model = tools.classifier->info();
  result.analysis.settings_digest = settings.digest;
  result.analysis.map_of_normal = settings.map_of_normal;
  Applicability applicability =
      AssessApplicability((*radiograph)->facts(), result.analysis.model.population, settings.population);
  result.analysis.outcome = applicability.outcome;
  result.analysis.reasons = std::move(applicability.reasons);

  if (result.analysis.outcome != Outcome::kNotApplicable) {
    absl::Status analyzed = AnalyzeFilm(**radiograph, tools, wanted, stopwatch, result);
    if (!analyzed.ok()) return analyzed;
  }
  if (wanted.report) {
    absl::Status written = WriteReport(**radiograph, stopwatch, result);
    if (!written.ok()) return written;
  }
  absl::Status written = WriteFurtherForms(**radiograph, wanted, stopwatch, result);
  if (!written.ok()) return written;
  stopwatch.End();
  return result;
}

}  // namespace cxr
