// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace cxr::plugin {

/// The studies a worklist is made of: Orthanc identifiers, oldest first, bounded. Not thread-safe.
class WorklistIndex {
 public:
  /// Makes `study_id` the newest, and drops the oldest beyond `capacity`. False when nothing changed.
  bool Touch(const std::string& study_id, std::size_t capacity);

  [[nodiscard]] const std::vector<std::string>& Studies() const { return studies_; }

  [[nodiscard]] std::string Serialize() const;

  /// What Serialize wrote; an unreadable text is an empty index, for the index can be lost without loss of outcomes.
  [[nodiscard]] static WorklistIndex Parse(const std::string& text);

 private:
  std::vector<std::string> studies_;
};

}  // namespace cxr::plugin
