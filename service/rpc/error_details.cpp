// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/error_details.h"

#include <google/protobuf/any.pb.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

namespace cxr {
namespace {

// Tags of google.rpc.Status: field number << 3 | wire type.
constexpr std::uint32_t kCodeTag = (1U << 3U) | 0U;
constexpr std::uint32_t kMessageTag = (2U << 3U) | 2U;
constexpr std::uint32_t kDetailsTag = (3U << 3U) | 2U;

void WriteBytes(google::protobuf::io::CodedOutputStream& out, std::uint32_t tag, const std::string& bytes) {
  out.WriteTag(tag);
  out.WriteVarint32(static_cast<std::uint32_t>(bytes.size()));
  out.WriteString(bytes);
}

}  // namespace

std::string EncodeStatusDetails(int code, absl::string_view message, const v1::ErrorDetail& detail) {
  google::protobuf::Any any;
  any.PackFrom(detail);
  std::string encoded;
  google::protobuf::io::StringOutputStream stream(&encoded);
  {
    google::protobuf::io::CodedOutputStream out(&stream);
    out.WriteTag(kCodeTag);
    out.WriteVarint32SignExtended(code);
    WriteBytes(out, kMessageTag, std::string(message));
    WriteBytes(out, kDetailsTag, any.SerializeAsString());
  }  // the stream is complete once the writer is gone
  return encoded;
}

}  // namespace cxr
