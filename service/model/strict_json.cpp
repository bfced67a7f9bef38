// SPDX-License-Identifier: Apache-2.0
#include "service/model/strict_json.h"

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace cxr {
namespace {

using nlohmann::json;

/// The objects around the parser's place, each with its keys so far.
class KeysInUse {
 public:
  void See(json::parse_event_t event, const json& parsed) {
    if (event == json::parse_event_t::object_start) objects_.emplace_back();
    if (event == json::parse_event_t::object_end) objects_.pop_back();
    if (event == json::parse_event_t::key) Use(parsed.get_ref<const std::string&>());
  }

  /// The path of the first key that is there twice; empty when none is.
  [[nodiscard]] const std::string& repeated() const { return repeated_; }

 private:
  struct Object {
    std::set<std::string> keys;
    std::string current;
  };

  void Use(const std::string& key) {
    Object& object = objects_.back();
    object.current = key;
    if (object.keys.insert(key).second || !repeated_.empty()) return;
    for (const Object& around : objects_) absl::StrAppend(&repeated_, repeated_.empty() ? "" : ".", around.current);
  }

  std::vector<Object> objects_;
  std::string repeated_;
};

}  // namespace

absl::StatusOr<json> ParseStrictJson(absl::string_view text) {
  KeysInUse keys;
  const auto see = [&keys](int /*depth*/, json::parse_event_t event, const json& parsed) {
    keys.See(event, parsed);
    return true;
  };
  json document = json::parse(text.begin(), text.end(), see, /*allow_exceptions=*/false);
  if (document.is_discarded()) return absl::InvalidArgumentError("not valid JSON");
  if (!keys.repeated().empty()) {
    return absl::InvalidArgumentError(absl::StrCat("the key \"", keys.repeated(), "\" is there twice"));
  }
  return document;
}

}  // namespace cxr
