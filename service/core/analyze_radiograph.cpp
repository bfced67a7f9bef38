// SPDX-License-Identifier: Apache-2.0
#include "service/core/analyze_radiograph.h"

#include <memory>
#include <utility>

#include "service/core/image_check.h"
#include "service/core/orientation.h"

namespace cxr {
namespace {

/// What every step works with.
struct Work {
  const Radiograph& radiograph;
  const AnalysisTools& tools;
  const AnalysisSettings& settings;
  Stopwatch& stopwatch;
};

void Judge(Applicability judged, Analysis& analysis) {
  judged = Combine({analysis.outcome, std::move(analysis.reasons)}, std::move(judged));
  analysis.outcome = judged.outcome;
  analysis.reasons = std::move(judged.reasons);
}

/// Classifies the image upright; the map is that of the image as it lies.
absl::StatusOr<Classification> ClassifyUpright(const Work& work, const GrayImage& image) {
  const Turn& turn = work.radiograph.facts().orientation.turn;
  const Classifier& classifier = *work.tools.classifier;
  if (turn == Turn{}) return classifier.Classify(image, work.stopwatch);
  absl::StatusOr<Classification> classification = classifier.Classify(Upright(image, turn), work.stopwatch);
  if (classification.ok())
    classification->map = InSource(std::move(classification->map), turn, image.rows, image.columns);
  return classification;
}

/// Decodes, judges the image, classifies, judges whether the image is like what the model knows, and explains; returns
/// the decoded image.
absl::StatusOr<GrayImage> Classify(const Work& work, Analysis& analysis) {
  work.stopwatch.Begin("decode");
  absl::StatusOr<GrayImage> image = work.radiograph.DisplayImage();
  if (!image.ok()) return image.status();
  Judge(AssessImage(*image), analysis);
  if (analysis.outcome == Outcome::kNotApplicable) return image;
  absl::StatusOr<Classification> classification = ClassifyUpright(work, *image);
  if (!classification.ok()) return classification.status();
  analysis.ood_score = classification->ood_score;
  if (analysis.ood_score.has_value() && analysis.model.ood.has_value())
    Judge(AssessLikeness(*analysis.ood_score, *analysis.model.ood, work.settings.unlike), analysis);
  if (analysis.outcome == Outcome::kNotApplicable) return image;
  if (!classification->decision.negative()) {
    work.stopwatch.Begin("render");
    const RadiographFacts& facts = work.radiograph.facts();
    absl::StatusOr<std::vector<Polygon>> regions =
        work.tools.renderer->SalientRegions(classification->map, facts.rows, facts.columns);
    if (!regions.ok()) return regions.status();
    analysis.salient_regions = *std::move(regions);
  }
  analysis.classification = *std::move(classification);
  return image;
}

/// The map is always shown unless the decision is negative.
MapDisplay DisplayOf(const Analysis& analysis, const AnalysisSettings& settings) {
  const bool shown =
      analysis.classification.has_value() && (!analysis.classification->decision.negative() || settings.map_of_normal);
  return shown ? MapDisplay::kShown : MapDisplay::kHidden;
}

bool Exists(const ResultForm& form, const Analysis& analysis, MapDisplay map) {
  switch (form.needs) {
    case ResultNeeds::kNothing:
      return true;
    case ResultNeeds::kClassification:
      return analysis.classification.has_value();
    case ResultNeeds::kShownMap:
      return map == MapDisplay::kShown;
  }
  return false;
}

absl::StatusOr<DicomObject> Write(const ResultForm& form, const Work& work, const GrayImage& image, MapDisplay map,
                                  const AnalysisResult& result) {
  ResultContent content{result.analysis};
  RgbImage drawn;
  if (form.kind == ObjectKind::kSecondaryCapture) {
    work.stopwatch.Begin("render");
    absl::StatusOr<RgbImage> rendered = work.tools.renderer->Render(image, result.analysis, map);
    if (!rendered.ok()) return rendered.status();
    drawn = *std::move(rendered);
    content.image = &drawn;
  }
  const bool has_capture = !result.objects.empty() && result.objects.front().kind == ObjectKind::kSecondaryCapture;
  if (has_capture) content.capture = &result.objects.front();
  work.stopwatch.Begin(std::string(form.stage));
  return work.radiograph.Write(form.kind, content);
}

absl::Status WriteObjects(const Work& work, const GrayImage& image, ObjectKinds wanted, AnalysisResult& result) {
  const MapDisplay map = DisplayOf(result.analysis, work.settings);
  for (const ResultForm& form : ResultForms()) {
    if (!wanted.Has(form.kind) || !Exists(form, result.analysis, map)) continue;
    absl::StatusOr<DicomObject> object = Write(form, work, image, map, result);
    if (!object.ok()) return object.status();
    result.objects.push_back(*std::move(object));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<AnalysisResult> AnalyzeRadiograph(absl::string_view dicom, const AnalysisTools& tools,
                                                 const AnalysisSettings& settings, ObjectKinds wanted,
                                                 Stopwatch& stopwatch) {
  stopwatch.Begin("parse");
  const absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = tools.reader->Read(dicom);
  if (!radiograph.ok()) return radiograph.status();
  const Work work{**radiograph, tools, settings, stopwatch};

  AnalysisResult result;
  result.source = work.radiograph.facts().identity;
  result.analysis.model = tools.classifier->info();
  result.analysis.outcome = Outcome::kAnalysed;
  Judge(AssessApplicability(work.radiograph.facts(), result.analysis.model.population, settings.population),
        result.analysis);

  GrayImage image;
  if (result.analysis.outcome != Outcome::kNotApplicable) {
    absl::StatusOr<GrayImage> classified = Classify(work, result.analysis);
    if (!classified.ok()) return classified.status();
    image = *std::move(classified);
  }
  absl::Status written = WriteObjects(work, image, wanted, result);
  if (!written.ok()) return written;
  stopwatch.End();
  return result;
}

}  // namespace cxr
