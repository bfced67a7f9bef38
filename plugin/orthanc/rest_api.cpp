// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/orthanc/rest_api.h"

#include <array>
#include <cstdint>
#include <exception>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

namespace cxr::plugin {
namespace {

/// Memory that Orthanc gives and takes back.
class MemoryBuffer {
 public:
  explicit MemoryBuffer(OrthancPluginContext* context) : context_(context) {}
  ~MemoryBuffer() {
    if (buffer_.data != nullptr) OrthancPluginFreeMemoryBuffer(context_, &buffer_);
  }
  MemoryBuffer(const MemoryBuffer&) = delete;
  MemoryBuffer& operator=(const MemoryBuffer&) = delete;

  [[nodiscard]] OrthancPluginMemoryBuffer* Target() { return &buffer_; }
  [[nodiscard]] std::string Text() const {
    return buffer_.data == nullptr ? std::string() : std::string(static_cast<const char*>(buffer_.data), buffer_.size);
  }

 private:
  OrthancPluginContext* context_;
  OrthancPluginMemoryBuffer buffer_{nullptr, 0};
};

std::string FindEtag(const std::string& headers) {
  const nlohmann::json document = nlohmann::json::parse(headers, nullptr, false);
  if (!document.is_object()) return {};
  for (const auto& [key, value] : document.items()) {
    if (absl::EqualsIgnoreCase(key, "etag") && value.is_string()) return value.get<std::string>();
  }
  return {};
}

// Orthanc reports an error either as its own code or as an HTTP status, depending on where it was found.
absl::Status ToStatus(OrthancPluginErrorCode code, std::uint16_t http, const std::string& uri) {
  if (code == OrthancPluginErrorCode_Success && http >= 200 && http < 300) return absl::OkStatus();
  const std::string message = absl::StrCat("Orthanc refused ", uri, " (error ", code, ", HTTP status ", http, ").");
  if (code == OrthancPluginErrorCode_UnknownResource || code == OrthancPluginErrorCode_InexistentItem || http == 404) {
    return absl::NotFoundError(message);
  }
  if (code == OrthancPluginErrorCode_Revision || http == 409 || http == 412) return absl::AbortedError(message);
  if (code == OrthancPluginErrorCode_BadFileFormat || code == OrthancPluginErrorCode_BadRequest) {
    return absl::InvalidArgumentError(message);
  }
  if (code == OrthancPluginErrorCode_Success && http >= 400 && http < 500) return absl::InvalidArgumentError(message);
  return absl::UnavailableError(message);
}

}  // namespace

absl::StatusOr<RestAnswer> RestApi::Call(OrthancPluginHttpMethod method, const std::string& uri,
                                         const std::string& body, const std::string& if_match) const {
  if (body.size() > UINT32_MAX)
    return absl::InvalidArgumentError("A body of 4 GiB or more cannot be passed to Orthanc.");
  MemoryBuffer answer(context_);
  MemoryBuffer headers(context_);
  std::uint16_t http = 0;
  const std::array<const char*, 1> keys = {"If-Match"};
  const std::array<const char*, 1> values = {if_match.c_str()};
  const bool is_delete = method == OrthancPluginHttpMethod_Delete;
  OrthancPluginErrorCode code = OrthancPluginErrorCode_InternalError;
  try {
    code = OrthancPluginCallRestApi(context_, is_delete ? nullptr : answer.Target(), headers.Target(), &http, method,
                                    uri.c_str(), if_match.empty() ? 0 : 1, keys.data(), values.data(), body.data(),
                                    static_cast<std::uint32_t>(body.size()), 0);
  } catch (const std::exception& error) {  // Orthanc lets exceptions of its storage through, though its interface is C
    return absl::UnavailableError(absl::StrCat("Orthanc failed at ", uri, ": ", error.what()));
  }
  const absl::Status status = ToStatus(code, http, uri);
  if (!status.ok()) return status;
  return RestAnswer{answer.Text(), FindEtag(headers.Text())};
}

absl::StatusOr<RestAnswer> RestApi::Get(const std::string& uri) const {
  return Call(OrthancPluginHttpMethod_Get, uri, "", "");
}

absl::StatusOr<RestAnswer> RestApi::Post(const std::string& uri, const std::string& body) const {
  return Call(OrthancPluginHttpMethod_Post, uri, body, "");
}

absl::Status RestApi::Put(const std::string& uri, const std::string& body, const std::string& if_match) const {
  return Call(OrthancPluginHttpMethod_Put, uri, body, if_match).status();
}

absl::Status RestApi::Delete(const std::string& uri) const {
  return Call(OrthancPluginHttpMethod_Delete, uri, "", "").status();
}

}  // namespace cxr::plugin
