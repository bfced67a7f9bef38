// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/convert.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "service/base/failure.h"
#include "service/rpc/wire_text.h"

namespace cxr {
namespace {

v1::Outcome ToProto(Outcome outcome) {
  switch (outcome) {
    case Outcome::kAnalysed:
      return v1::OUTCOME_ANALYSED;
    case Outcome::kAnalysedWithWarnings:
      return v1::OUTCOME_ANALYSED_WITH_WARNINGS;
    case Outcome::kNotApplicable:
      return v1::OUTCOME_NOT_APPLICABLE;
  }
  return v1::OUTCOME_UNSPECIFIED;
}

v1::ReasonCode ToProto(ReasonCode code) {
  switch (code) {
    case ReasonCode::kModalityNotSupported:
      return v1::REASON_CODE_MODALITY_NOT_SUPPORTED;
    case ReasonCode::kBodyPartNotSupported:
      return v1::REASON_CODE_BODY_PART_NOT_SUPPORTED;
    case ReasonCode::kViewNotSupported:
      return v1::REASON_CODE_VIEW_NOT_SUPPORTED;
    case ReasonCode::kColorImage:
      return v1::REASON_CODE_COLOR_IMAGE;
    case ReasonCode::kMultiFrame:
      return v1::REASON_CODE_MULTI_FRAME;
    case ReasonCode::kAgeOutsidePopulation:
      return v1::REASON_CODE_AGE_OUTSIDE_POPULATION;
    case ReasonCode::kAgeUnknown:
      return v1::REASON_CODE_AGE_UNKNOWN;
    case ReasonCode::kForProcessing:
      return v1::REASON_CODE_FOR_PROCESSING;
    case ReasonCode::kSpeciesNotSupported:
      return v1::REASON_CODE_SPECIES_NOT_SUPPORTED;
    case ReasonCode::kViewUnknown:
      return v1::REASON_CODE_VIEW_UNKNOWN;
    case ReasonCode::kPhotometricUnknown:
      return v1::REASON_CODE_PHOTOMETRIC_UNKNOWN;
    case ReasonCode::kUnlikeTrainingData:
      return v1::REASON_CODE_UNLIKE_TRAINING_DATA;
    case ReasonCode::kNoContrast:
      return v1::REASON_CODE_NO_CONTRAST;
    case ReasonCode::kMostlyPadding:
      return v1::REASON_CODE_MOSTLY_PADDING;
    case ReasonCode::kTextPage:
      return v1::REASON_CODE_TEXT_PAGE;
  }
  return v1::REASON_CODE_UNSPECIFIED;
}

v1::Pattern ToProto(Pattern pattern) {
  switch (pattern) {
    case Pattern::kBacteria:
      return v1::PATTERN_BACTERIA;
    case Pattern::kNormal:
      return v1::PATTERN_NORMAL;
    case Pattern::kVirus:
      return v1::PATTERN_VIRUS;
  }
  return v1::PATTERN_UNSPECIFIED;
}

v1::Conclusion ToProto(Conclusion conclusion) {
  switch (conclusion) {
    case Conclusion::kNegative:
      return v1::CONCLUSION_NEGATIVE;
    case Conclusion::kIndeterminate:
      return v1::CONCLUSION_INDETERMINATE;
    case Conclusion::kPositive:
      return v1::CONCLUSION_POSITIVE;
  }
  return v1::CONCLUSION_UNSPECIFIED;
}

void Fill(const ModelIdentity& identity, v1::ModelIdentity& out) {
  out.set_name(WireText(identity.name));
  out.set_version(WireText(identity.version));
  out.set_sha256(WireText(identity.sha256));
}

void Fill(const Classification& classification, v1::Classification& out) {
  for (const Pattern pattern : kPatterns) {
    const auto index = static_cast<std::size_t>(pattern);
    v1::PatternProbability& probability = *out.add_probabilities();
    probability.set_pattern(ToProto(pattern));
    probability.set_raw(classification.raw[index]);
    probability.set_calibrated(classification.calibrated[index]);
  }
  out.set_pneumonia_score(classification.pneumonia_score);
  const Decision& decision = classification.decision;
  out.mutable_decision()->set_positive(decision.positive());
  out.mutable_decision()->set_finding(ToProto(decision.finding));
  out.mutable_decision()->set_operating_point(decision.points.positive_from);
  out.mutable_decision()->set_conclusion(ToProto(decision.conclusion));
  out.mutable_decision()->set_indeterminate_from(decision.points.indeterminate_from);
}

void Fill(const ActivationMap& map, v1::ActivationMap& out) {
  out.set_rows(static_cast<std::uint32_t>(map.rows));
  out.set_columns(static_cast<std::uint32_t>(map.columns));
  out.mutable_values()->Add(map.values.begin(), map.values.end());
  out.mutable_source_box()->set_left(map.source_box.left);
  out.mutable_source_box()->set_top(map.source_box.top);
  out.mutable_source_box()->set_width(map.source_box.width);
  out.mutable_source_box()->set_height(map.source_box.height);
  out.set_pattern(ToProto(map.pattern));
}

void Fill(DicomObject&& object, v1::DicomObject& out) {
  out.set_kind(static_cast<v1::ObjectKind>(object.kind));
  out.set_sop_class_uid(WireText(object.sop_class_uid));
  out.set_sop_instance_uid(WireText(object.sop_instance_uid));
  out.set_series_instance_uid(WireText(object.series_instance_uid));
  out.set_content(std::move(object.content));
}

/// "A, B or C".
std::string KnownKinds() {
  std::string kinds;
  for (const ResultForm& form : ResultForms()) {
    const bool last = &form == &ResultForms().back();
    absl::StrAppend(&kinds,
                    kinds.empty() ? ""
                    : last        ? " or "
                                  : ", ",
                    v1::ObjectKind_Name(static_cast<int>(form.kind)));
  }
  return kinds;
}

}  // namespace

absl::StatusOr<ObjectKinds> WantedOf(const v1::AnalyzeRequest& request, ObjectKinds configured) {
  if (request.produce().empty()) return configured;
  ObjectKinds wanted;
  for (const int kind : request.produce()) {
    const ResultForm* form = FindForm(kind);
    if (form == nullptr) {
      return Failure(FailureReason::kInvalidRequest,
                     absl::StrCat("`produce` holds ", kind,
                                  ", which is no kind of object this service knows; expected ", KnownKinds(), "."));
    }
    wanted.Add(form->kind);
  }
  return wanted;
}

void FillResponse(AnalysisResult&& result, const Stopwatch& stopwatch, v1::AnalyzeResponse& response) {
  const Analysis& analysis = result.analysis;
  response.set_outcome(ToProto(analysis.outcome));
  for (const Reason& reason : analysis.reasons) {
    v1::Reason& out = *response.add_reasons();
    out.set_code(ToProto(reason.code));
    out.set_message(WireText(reason.message));
  }
  if (analysis.classification.has_value()) {
    Fill(*analysis.classification, *response.mutable_classification());
    Fill(analysis.classification->map, *response.mutable_activation_map());
  }
  if (analysis.ood_score.has_value() && analysis.model.ood.has_value()) {
    response.mutable_out_of_distribution()->set_score(*analysis.ood_score);
    response.mutable_out_of_distribution()->set_warning_threshold(analysis.model.ood->warning);
    response.mutable_out_of_distribution()->set_refusal_threshold(analysis.model.ood->refusal);
  }
  Fill(analysis.model.identity, *response.mutable_model());
  for (DicomObject& object : result.objects) Fill(std::move(object), *response.add_objects());
  for (const StageTime& stage : stopwatch.stages()) {
    v1::StageTime& out = *response.add_stages();
    out.set_stage(stage.stage);
    out.set_microseconds(static_cast<std::uint64_t>(std::max<std::int64_t>(0, stage.duration.count())));
  }
  response.mutable_source()->set_study_instance_uid(WireText(result.source.study_instance_uid));
  response.mutable_source()->set_series_instance_uid(WireText(result.source.series_instance_uid));
  response.mutable_source()->set_sop_instance_uid(WireText(result.source.sop_instance_uid));
}

void FillModelDescription(const ModelInfo& model, PopulationPolicy policy, v1::DescribeModelResponse& response) {
  Fill(model.identity, *response.mutable_model());
  response.set_operating_point(model.points.positive_from);
  response.set_indeterminate_from(model.points.indeterminate_from);
  response.mutable_population()->set_min_age_years(model.population.min_age_years);
  response.mutable_population()->set_max_age_years(model.population.max_age_years);
  response.mutable_population()->set_description(WireText(model.population.description));
  response.set_population_enforced(policy == PopulationPolicy::kEnforce);
  response.set_service_version(CXR_VERSION);
}

}  // namespace cxr
