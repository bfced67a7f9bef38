// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/orthanc/rest_routes.h"

#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"

namespace cxr::plugin {
namespace {

using nlohmann::json;

constexpr char kJson[] = "application/json";

std::string BodyText(const json& document) {
  return document.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

std::uint16_t HttpStatus(const absl::Status& error) {
  if (absl::IsInvalidArgument(error)) return 400;
  return absl::IsNotFound(error) ? 404 : 503;
}

}  // namespace

bool RequireGet(OrthancPluginContext* context, OrthancPluginRestOutput* output,
                const OrthancPluginHttpRequest* request) {
  if (request->method == OrthancPluginHttpMethod_Get) return true;
  OrthancPluginSendMethodNotAllowed(context, output, "GET");
  return false;
}

absl::StatusOr<std::size_t> LimitOf(const OrthancPluginHttpRequest* request, std::size_t otherwise) {
  for (std::uint32_t i = 0; i < request->getCount; ++i) {
    if (absl::string_view(request->getKeys[i]) != "limit") continue;
    std::uint32_t limit = 0;
    if (!absl::SimpleAtoi(request->getValues[i], &limit) || limit == 0) {
      return absl::InvalidArgumentError("limit must be a whole number from 1.");
    }
    return limit;
  }
  return otherwise;
}

bool IsOrthancId(const std::string& text) {
  constexpr std::size_t kLength = 44;
  constexpr std::size_t kGroup = 9;  // eight digits and a dash
  if (text.size() != kLength) return false;
  for (std::size_t i = 0; i < kLength; ++i) {
    const bool dash = i % kGroup == kGroup - 1;
    if (dash ? text[i] != '-' : !absl::ascii_isxdigit(static_cast<unsigned char>(text[i]))) return false;
  }
  return true;
}

void Answer(OrthancPluginContext* context, OrthancPluginRestOutput* output, const absl::StatusOr<json>& answer) {
  if (answer.ok()) {
    const std::string body = BodyText(*answer);
    OrthancPluginAnswerBuffer(context, output, body.data(), static_cast<std::uint32_t>(body.size()), kJson);
    return;
  }
  const std::string body = BodyText({{"error", std::string(answer.status().message())}});
  OrthancPluginSetHttpHeader(context, output, "Content-Type", kJson);
  OrthancPluginSendHttpStatus(context, output, HttpStatus(answer.status()), body.data(),
                              static_cast<std::uint32_t>(body.size()));
}

}  // namespace cxr::plugin
