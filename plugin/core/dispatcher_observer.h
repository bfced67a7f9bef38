// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "plugin/core/outcome.h"

namespace cxr::plugin {

/// Hears what the threads do, to log it. Thread-safe. Only identifiers, codes and reasons for machines may reach a log.
class DispatcherObserver {
 public:
  virtual ~DispatcherObserver() = default;

  virtual void OnFollowing(std::int64_t position) = 0;
  virtual void OnSettled(const std::string& instance_id, const Outcome& outcome) = 0;
  virtual void OnRetry(const std::string& instance_id, const absl::Status& error, int attempts) = 0;
  virtual void OnGone(const std::string& instance_id) = 0;
  virtual void OnServiceAway(const absl::Status& error) = 0;
  virtual void OnServiceBack() = 0;
  virtual void OnArchiveTrouble(const absl::Status& error) = 0;
};

}  // namespace cxr::plugin
