// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/orthanc/orthanc_records.h"

#include <memory>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

namespace cxr::plugin {
namespace {

constexpr int kWriteAttempts = 5;

// Text from files of any character set ends up here: what is not UTF-8 is replaced, never a reason to fail.
std::string MetadataText(const nlohmann::json& document) {
  return document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

absl::StatusOr<absl::optional<std::string>> GlobalProperty::Read() const {
  const auto free_string = [this](char* text) { OrthancPluginFreeString(context_, text); };
  const std::unique_ptr<char, decltype(free_string)> text(OrthancPluginGetGlobalProperty(context_, id_, ""),
                                                          free_string);
  if (text == nullptr) return absl::UnavailableError(absl::StrCat("The global property ", id_, " cannot be read."));
  const std::string value = text.get();
  if (value.empty()) return absl::optional<std::string>();
  return absl::optional<std::string>(value);
}

absl::Status GlobalProperty::Write(const std::string& value) const {
  if (OrthancPluginSetGlobalProperty(context_, id_, value.c_str()) != OrthancPluginErrorCode_Success) {
    return absl::UnavailableError(absl::StrCat("The global property ", id_, " cannot be written."));
  }
  return absl::OkStatus();
}

absl::StatusOr<absl::optional<std::int64_t>> OrthancPositionStore::Load() {
  const absl::StatusOr<absl::optional<std::string>> text = position_.Read();
  if (!text.ok()) return text.status();
  if (!text->has_value()) return absl::optional<std::int64_t>();
  std::int64_t position = 0;
  if (!absl::SimpleAtoi(**text, &position) || position < 0) {
    return absl::DataLossError(
        "CxrTriage.PositionProperty names a global property that holds something other than a position.");
  }
  return absl::optional<std::int64_t>(position);
}

absl::Status OrthancPositionStore::Save(std::int64_t position) {
  return position_.Write(absl::StrCat(position));
}

absl::StatusOr<absl::optional<std::string>> OrthancPositionStore::LoadStart() {
  return start_.Read();
}

absl::Status OrthancPositionStore::SaveStart(const std::string& start) {
  return start_.Write(start);
}

std::string OrthancOutcomeStore::OutcomeUri(const std::string& instance_id) const {
  return absl::StrCat("/instances/", instance_id, "/metadata/", outcome_metadata_);
}

std::string OrthancOutcomeStore::SummaryUri(const std::string& study_id) const {
  return absl::StrCat("/studies/", study_id, "/metadata/", summary_metadata_);
}

absl::StatusOr<absl::optional<Outcome>> OrthancOutcomeStore::ReadOutcome(const std::string& instance_id) {
  const absl::StatusOr<RestAnswer> answer = rest_.Get(OutcomeUri(instance_id));
  if (absl::IsNotFound(answer.status())) return absl::optional<Outcome>();
  if (!answer.ok()) return answer.status();
  absl::StatusOr<Outcome> outcome = OutcomeFromJson(answer->body);
  // What somebody else wrote there is no outcome: the instance is analysed and the metadata replaced.
  if (!outcome.ok()) return absl::optional<Outcome>();
  return absl::optional<Outcome>(*std::move(outcome));
}

absl::Status OrthancOutcomeStore::WriteOutcome(const std::string& instance_id, const Outcome& outcome) {
  return WriteMetadata(OutcomeUri(instance_id), MetadataText(OutcomeToJson(outcome)));
}

absl::StatusOr<absl::optional<StudySummary>> OrthancOutcomeStore::ReadSummary(const std::string& study_id) {
  const absl::StatusOr<RestAnswer> answer = rest_.Get(SummaryUri(study_id));
  if (absl::IsNotFound(answer.status())) return absl::optional<StudySummary>();
  if (!answer.ok()) return answer.status();
  absl::StatusOr<StudySummary> summary = StudySummary::FromJson(answer->body);
  if (!summary.ok()) return absl::optional<StudySummary>();
  return absl::optional<StudySummary>(*std::move(summary));
}

absl::Status OrthancOutcomeStore::WriteSummary(const std::string& study_id, const StudySummary& summary) {
  return WriteMetadata(SummaryUri(study_id), MetadataText(summary.ToJson()));
}

absl::StatusOr<std::vector<std::string>> OrthancOutcomeStore::ReadRecentStudies() {
  const absl::StatusOr<absl::optional<std::string>> text = recent_studies_.Read();
  if (!text.ok()) return text.status();
  std::vector<std::string> studies;
  const nlohmann::json document = nlohmann::json::parse(text->value_or("[]"), nullptr, false);
  if (!document.is_array()) return studies;
  for (const nlohmann::json& study : document) {
    if (study.is_string()) studies.push_back(study.get<std::string>());
  }
  return studies;
}

absl::Status OrthancOutcomeStore::WriteRecentStudies(const std::vector<std::string>& studies) {
  return recent_studies_.Write(nlohmann::json(studies).dump());
}

absl::Status OrthancOutcomeStore::WriteMetadata(const std::string& uri, const std::string& text) const {
  absl::Status status;
  for (int attempt = 0; attempt < kWriteAttempts; ++attempt) {
    const absl::StatusOr<RestAnswer> current = rest_.Get(uri);
    if (!current.ok() && !absl::IsNotFound(current.status())) return current.status();
    status = rest_.Put(uri, text, current.ok() ? current->etag : std::string());
    if (!absl::IsAborted(status)) return status;  // otherwise somebody wrote between our two calls
  }
  return status;
}

}  // namespace cxr::plugin
