// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "nlohmann/json_fwd.hpp"
#include "plugin/core/archive.h"
#include "plugin/core/dispatcher.h"
#include "plugin/core/worklist.h"

namespace cxr::plugin {

/// Answers the questions of the REST API. Thread-safe.
class TriageApi {
 public:
  struct Ports {
    const Dispatcher& dispatcher;
    ChangeLog& log;
    InstanceSource& source;
    OutcomeStore& outcomes;
    Worklist& worklist;
    const Clock& clock;
  };

  TriageApi(Ports ports, std::string service_address) : ports_(ports), service_address_(std::move(service_address)) {}

  /// Position, lag, backlog, service, archive and model. Lag counts changes of every kind, backlog the radiographs
  /// among those read.
  [[nodiscard]] absl::StatusOr<nlohmann::json> Status() const;

  [[nodiscard]] absl::StatusOr<nlohmann::json> Worklist(std::size_t limit) const;

  /// The outcome of an instance, or "pending", or "not sent" with the reasons, worked out now. NOT_FOUND when there is
  /// no such instance.
  [[nodiscard]] absl::StatusOr<nlohmann::json> Instance(const std::string& instance_id) const;

 private:
  [[nodiscard]] absl::StatusOr<nlohmann::json> WithoutOutcome(const std::string& instance_id,
                                                              const SeriesFacts& series) const;

  Ports ports_;
  std::string service_address_;
};

}  // namespace cxr::plugin
