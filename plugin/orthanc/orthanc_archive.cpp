// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/orthanc/orthanc_archive.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "plugin/core/service_error.h"

namespace cxr::plugin {
namespace {

using nlohmann::json;

absl::StatusOr<ChangePage> ParsePage(const std::string& text, std::int64_t since) {
  ChangePage page;
  try {
    const json document = json::parse(text);
    const auto last = document.at("Last").get<std::int64_t>();
    page.last = std::max(since, last);
    page.renumbered = last > 0 && last < since;
    page.done = document.at("Done").get<bool>();
    for (const json& change : document.at("Changes")) {
      const auto sequence = change.at("Seq").get<std::int64_t>();
      if (change.at("ChangeType") != "NewInstance" || sequence <= since) continue;
      page.instances.push_back({sequence, change.at("ID").get<std::string>(), change.at("Date").get<std::string>()});
    }
  } catch (const json::exception&) {
    return absl::InternalError("Orthanc's change log is not in the form known to this plugin.");
  }
  return page;
}

absl::StatusOr<json> GetObject(const RestApi& rest, const std::string& uri) {
  const absl::StatusOr<RestAnswer> answer = rest.Get(uri);
  if (!answer.ok()) return answer.status();
  json document = json::parse(answer->body, nullptr, false);
  if (!document.is_object())
    return absl::InternalError(absl::StrCat("Orthanc's answer to ", uri, " is not an object."));
  return document;
}

std::string Text(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

json Member(const json& object, const char* key) {
  return object.value(key, json::object());
}

SeriesFacts FactsOf(const json& series) {
  const json tags = Member(series, "MainDicomTags");
  return {Text(series, "ParentStudy"), Text(tags, "Modality"), Text(tags, "Manufacturer")};
}

}  // namespace

absl::StatusOr<ChangePage> OrthancChangeLog::Read(std::int64_t since, int limit) {
  const absl::StatusOr<RestAnswer> answer = rest_.Get(absl::StrCat("/changes?since=", since, "&limit=", limit));
  if (!answer.ok()) return answer.status();
  return ParsePage(answer->body, since);
}

absl::StatusOr<std::int64_t> OrthancChangeLog::Last() {
  const absl::StatusOr<RestAnswer> answer = rest_.Get("/changes?last");
  if (!answer.ok()) return answer.status();
  const json document = json::parse(answer->body, nullptr, false);
  const auto last = document.find("Last");
  if (!document.is_object() || last == document.end() || !last->is_number_integer()) {
    return absl::InternalError("Orthanc's change log is not in the form known to this plugin.");
  }
  return last->get<std::int64_t>();
}

absl::StatusOr<absl::optional<std::int64_t>> OrthancChangeLog::Oldest() {
  const absl::StatusOr<RestAnswer> answer = rest_.Get("/changes?since=0&limit=1");
  if (!answer.ok()) return answer.status();
  try {
    const json document = json::parse(answer->body);
    const json& changes = document.at("Changes");
    if (changes.empty()) return absl::optional<std::int64_t>();
    return absl::optional<std::int64_t>(changes.at(0).at("Seq").get<std::int64_t>());
  } catch (const json::exception&) {
    return absl::InternalError("Orthanc's change log is not in the form known to this plugin.");
  }
}

absl::StatusOr<SeriesFacts> OrthancArchive::ReadSeries(const std::string& instance_id) {
  const absl::StatusOr<json> series = GetObject(rest_, absl::StrCat("/instances/", instance_id, "/series"));
  if (!series.ok()) return series.status();
  return FactsOf(*series);
}

absl::StatusOr<InstanceFacts> OrthancArchive::ReadInstance(const std::string& instance_id) {
  const absl::StatusOr<json> tags = GetObject(rest_, absl::StrCat("/instances/", instance_id, "/tags?short"));
  if (!tags.ok()) return tags.status();
  return InstanceFacts{Text(*tags, "0008,0060"), Text(*tags, "0008,0070"), Text(*tags, "0018,0015")};
}

absl::StatusOr<bool> OrthancArchive::StoredByPlugin(const std::string& instance_id) {
  const absl::StatusOr<RestAnswer> origin = rest_.Get(absl::StrCat("/instances/", instance_id, "/metadata/Origin"));
  if (absl::IsNotFound(origin.status())) return false;
  if (!origin.ok()) return origin.status();
  return origin->body == "Plugins";
}

absl::StatusOr<std::string> OrthancArchive::ReceivedAt(const std::string& instance_id) {
  absl::StatusOr<RestAnswer> date = rest_.Get(absl::StrCat("/instances/", instance_id, "/metadata/ReceptionDate"));
  if (absl::IsNotFound(date.status())) return std::string();
  if (!date.ok()) return date.status();
  return std::move(date->body);
}

absl::StatusOr<std::string> OrthancArchive::ReadStorageId(const std::string& instance_id) {
  const absl::StatusOr<json> instance = GetObject(rest_, absl::StrCat("/instances/", instance_id));
  if (!instance.ok()) return instance.status();
  return Text(*instance, "FileUuid");
}

absl::StatusOr<SourceFile> OrthancArchive::ReadFile(const std::string& instance_id, std::int64_t max_bytes) {
  const std::string uri = absl::StrCat("/instances/", instance_id);
  const absl::StatusOr<json> instance = GetObject(rest_, uri);
  if (!instance.ok()) return instance.status();
  const json size = instance->value("FileSize", json(0));
  if (size.is_number() && size.get<std::int64_t>() > max_bytes) {
    return ServiceError(absl::StatusCode::kResourceExhausted, kMessageTooLarge,
                        absl::StrCat("The file has ", size.get<std::int64_t>(),
                                     " bytes; CxrTriage.MaxMessageMiB allows ", max_bytes, "."));
  }
  absl::StatusOr<RestAnswer> file = rest_.Get(absl::StrCat(uri, "/file"));
  if (!file.ok()) return file.status();
  return SourceFile{std::move(file->body), Text(*instance, "FileUuid")};
}

absl::StatusOr<StudyFacts> OrthancArchive::ReadStudy(const std::string& study_id) {
  const absl::StatusOr<json> study = GetObject(rest_, absl::StrCat("/studies/", study_id));
  if (!study.ok()) return study.status();
  const json tags = Member(*study, "MainDicomTags");
  const json patient = Member(*study, "PatientMainDicomTags");
  return StudyFacts{Text(tags, "StudyInstanceUID"), Text(tags, "AccessionNumber"), Text(tags, "StudyDate"),
                    Text(patient, "PatientID")};
}

absl::StatusOr<std::vector<SeriesListing>> OrthancArchive::ListSeries(std::size_t since, std::size_t limit) {
  const absl::StatusOr<RestAnswer> answer = rest_.Get(absl::StrCat("/series?expand&since=", since, "&limit=", limit));
  if (!answer.ok()) return answer.status();
  std::vector<SeriesListing> list;
  try {
    const json document = json::parse(answer->body);
    for (const json& series : document) {
      list.push_back({series.at("ID").get<std::string>(), FactsOf(series),
                      series.at("Instances").get<std::vector<std::string>>()});
    }
  } catch (const json::exception&) {
    return absl::InternalError("Orthanc's list of series is not in the form known to this plugin.");
  }
  return list;
}

absl::StatusOr<StoreReceipt> OrthancArchive::Store(const std::string& content) {
  const absl::StatusOr<RestAnswer> answer = rest_.Post("/instances", content);
  if (absl::IsInvalidArgument(answer.status())) {
    return ServiceError(absl::StatusCode::kFailedPrecondition, "RESULT_REFUSED", answer.status().message());
  }
  if (!answer.ok()) {
    return ServiceError(absl::StatusCode::kUnavailable, "RESULT_NOT_STORED", answer.status().message());
  }
  const json document = json::parse(answer->body, nullptr, false);
  if (!document.is_object()) return absl::InternalError("Orthanc's answer to a stored result is not an object.");
  const std::string status = Text(document, "Status");
  if (status == "Success" || status == "AlreadyStored") {
    return StoreReceipt{Text(document, "ID"), Text(document, "ParentStudy"), status == "Success"};
  }
  if (status == "FilteredOut") {
    return ServiceError(absl::StatusCode::kFailedPrecondition, "RESULT_FILTERED_OUT",
                        "A filter of this Orthanc refuses the result.");
  }
  return ServiceError(absl::StatusCode::kUnavailable, "RESULT_NOT_STORED", "Orthanc could not store the result.");
}

absl::Status OrthancArchive::Remove(const std::string& instance_id) {
  const absl::Status removed = rest_.Delete(absl::StrCat("/instances/", instance_id));
  return absl::IsNotFound(removed) ? absl::OkStatus() : removed;
}

}  // namespace cxr::plugin
