// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/any.pb.h>
#include <google/protobuf/unknown_field_set.h>
#include <grpcpp/support/status.h>

#include <string>
#include <vector>

#include "cxr/v1/analysis.pb.h"

namespace cxr::test {

/// A google.rpc.Status as protobuf's own parser reads it, without knowing its .proto.
struct DecodedStatus {
  int code = -1;
  std::string message;
  std::vector<v1::ErrorDetail> details;
  bool well_formed = false;
};

inline DecodedStatus DecodeStatusDetails(const std::string& bytes) {
  DecodedStatus decoded;
  google::protobuf::UnknownFieldSet fields;
  if (!fields.ParseFromString(bytes)) return decoded;
  decoded.well_formed = true;
  for (int i = 0; i < fields.field_count(); ++i) {
    const google::protobuf::UnknownField& field = fields.field(i);
    if (field.number() == 1) decoded.code = static_cast<int>(field.varint());
    if (field.number() == 2) decoded.message = field.length_delimited();
    if (field.number() != 3) continue;
    google::protobuf::Any any;
    v1::ErrorDetail detail;
    decoded.well_formed &= any.ParseFromString(field.length_delimited()) && any.UnpackTo(&detail);
    decoded.details.push_back(detail);
  }
  return decoded;
}

}  // namespace cxr::test
