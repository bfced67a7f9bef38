// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/worklist_index.h"

#include <algorithm>

#include "nlohmann/json.hpp"

namespace cxr::plugin {

bool WorklistIndex::Touch(const std::string& study_id, std::size_t capacity) {
  if (!studies_.empty() && studies_.back() == study_id && studies_.size() <= capacity) return false;
  studies_.erase(std::remove(studies_.begin(), studies_.end(), study_id), studies_.end());
  studies_.push_back(study_id);
  if (studies_.size() > capacity) {
    studies_.erase(studies_.begin(), studies_.end() - static_cast<std::ptrdiff_t>(capacity));
  }
  return true;
}

std::string WorklistIndex::Serialize() const {
  return nlohmann::json(studies_).dump();
}

WorklistIndex WorklistIndex::Parse(const std::string& text) {
  WorklistIndex index;
  const nlohmann::json document = nlohmann::json::parse(text, nullptr, false);
  if (!document.is_array()) return index;
  for (const nlohmann::json& study : document) {
    if (study.is_string()) index.studies_.push_back(study.get<std::string>());
  }
  return index;
}

}  // namespace cxr::plugin
