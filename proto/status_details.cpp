// SPDX-License-Identifier: Apache-2.0
#include "proto/status_details.h"

#include <google/protobuf/any.pb.h>
#include <google/protobuf/unknown_field_set.h>

#include <cstdint>

namespace cxr {
namespace {

using google::protobuf::UnknownField;
using google::protobuf::UnknownFieldSet;

constexpr int kCode = 1;
constexpr int kMessage = 2;
constexpr int kDetails = 3;

}  // namespace

std::string EncodeStatusDetails(int code, absl::string_view message, const v1::ErrorDetail& detail) {
  google::protobuf::Any any;
  any.PackFrom(detail);
  UnknownFieldSet status;
  status.AddVarint(kCode, static_cast<std::uint64_t>(code));
  status.AddLengthDelimited(kMessage, std::string(message));
  status.AddLengthDelimited(kDetails, any.SerializeAsString());
  std::string encoded;
  status.SerializeToString(&encoded);
  return encoded;
}

absl::optional<v1::ErrorDetail> FindErrorDetail(absl::string_view status_details) {
  UnknownFieldSet status;
  if (!status.ParseFromArray(status_details.data(), static_cast<int>(status_details.size()))) return absl::nullopt;
  for (int i = 0; i < status.field_count(); ++i) {
    const UnknownField& field = status.field(i);
    if (field.number() != kDetails || field.type() != UnknownField::TYPE_LENGTH_DELIMITED) continue;
    google::protobuf::Any any;
    v1::ErrorDetail detail;
    if (any.ParseFromString(field.length_delimited()) && any.UnpackTo(&detail)) return detail;
  }
  return absl::nullopt;
}

}  // namespace cxr
