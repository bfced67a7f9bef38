// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/orthanc/global_properties.h"

#include <memory>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace cxr::plugin {

absl::StatusOr<absl::optional<std::string>> GlobalProperty::Read() const {
  const auto free_string = [this](char* text) { OrthancPluginFreeString(context_, text); };
  const std::unique_ptr<char, decltype(free_string)> text(OrthancPluginGetGlobalProperty(context_, id_, ""),
                                                          free_string);
  if (text == nullptr) return absl::UnavailableError(absl::StrCat("The global property ", id_, " cannot be read."));
  const std::string value = text.get();
  if (value.empty()) return absl::optional<std::string>();
  return absl::optional<std::string>(value);
}

absl::Status GlobalProperty::Write(const std::string& value) const {
  if (OrthancPluginSetGlobalProperty(context_, id_, value.c_str()) != OrthancPluginErrorCode_Success) {
    return absl::UnavailableError(absl::StrCat("The global property ", id_, " cannot be written."));
  }
  return absl::OkStatus();
}

absl::StatusOr<absl::optional<std::int64_t>> OrthancPositionStore::Load() {
  const absl::StatusOr<absl::optional<std::string>> text = property_.Read();
  if (!text.ok()) return text.status();
  if (!text->has_value()) return absl::optional<std::int64_t>();
  std::int64_t position = 0;
  if (!absl::SimpleAtoi(**text, &position) || position < 0) {
    return absl::DataLossError(
        "CxrTriage.PositionProperty names a global property that holds something other than a position.");
  }
  return absl::optional<std::int64_t>(position);
}

absl::Status OrthancPositionStore::Save(std::int64_t position) {
  return property_.Write(absl::StrCat(position));
}

}  // namespace cxr::plugin
