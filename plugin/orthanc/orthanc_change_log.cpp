// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/orthanc/orthanc_change_log.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

namespace cxr::plugin {
namespace {

using nlohmann::json;

absl::StatusOr<ChangePage> ParsePage(const std::string& text, std::int64_t since) {
  ChangePage page;
  try {
    const json document = json::parse(text);
    page.last = std::max(since, document.at("Last").get<std::int64_t>());
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

}  // namespace cxr::plugin
