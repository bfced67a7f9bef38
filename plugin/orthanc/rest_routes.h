// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <orthanc/OrthancCPlugin.h>

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "nlohmann/json_fwd.hpp"

namespace cxr::plugin {

/// False when the request is not a GET; 405 has then been sent.
[[nodiscard]] bool RequireGet(OrthancPluginContext* context, OrthancPluginRestOutput* output,
                              const OrthancPluginHttpRequest* request);

/// The parameter "limit", or `otherwise`; INVALID_ARGUMENT when it is not a whole number from 1.
[[nodiscard]] absl::StatusOr<std::size_t> LimitOf(const OrthancPluginHttpRequest* request, std::size_t otherwise);

/// True for what can be an identifier of Orthanc: 40 hexadecimal digits in five groups. Nothing else may become part of
/// a URI.
[[nodiscard]] bool IsOrthancId(const std::string& text);

/// Sends JSON: 200; or {"error": sentence} with 400 (INVALID_ARGUMENT), 404 (NOT_FOUND) or 503.
void Answer(OrthancPluginContext* context, OrthancPluginRestOutput* output,
            const absl::StatusOr<nlohmann::json>& answer);

}  // namespace cxr::plugin
