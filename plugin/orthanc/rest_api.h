// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <orthanc/OrthancCPlugin.h>

#include <string>

#include "absl/status/statusor.h"

namespace cxr::plugin {

struct RestAnswer {
  std::string body;
  std::string etag;  ///< empty when there is none
};

/// Orthanc's built-in REST API, called from inside. Thread-safe. Never to be used in OrthancPluginInitialize, Finalize,
/// or the callbacks of ingest and changes.
///
/// NOT_FOUND: no such resource. ABORTED: somebody else wrote it meanwhile (409). INVALID_ARGUMENT: another refusal
/// (4xx). UNAVAILABLE: everything else.
class RestApi {
 public:
  explicit RestApi(OrthancPluginContext* context) : context_(context) {}

  [[nodiscard]] absl::StatusOr<RestAnswer> Get(const std::string& uri) const;
  [[nodiscard]] absl::StatusOr<RestAnswer> Post(const std::string& uri, const std::string& body) const;

  /// With `if_match`, only over that revision.
  [[nodiscard]] absl::Status Put(const std::string& uri, const std::string& body, const std::string& if_match) const;
  [[nodiscard]] absl::Status Delete(const std::string& uri) const;

 private:
  [[nodiscard]] absl::StatusOr<RestAnswer> Call(OrthancPluginHttpMethod method, const std::string& uri,
                                                const std::string& body, const std::string& if_match) const;

  OrthancPluginContext* context_;
};

}  // namespace cxr::plugin
