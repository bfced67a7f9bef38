// SPDX-License-Identifier: Apache-2.0
#include "proto/status_details.h"

#include <cstdint>

#include "absl/strings/match.h"

namespace cxr {
namespace {

// The two messages around ours are read field by field: their generated code is not part of Debian's packages.
constexpr std::uint64_t kVarint = 0;
constexpr std::uint64_t kLengthDelimited = 2;

struct Field {
  std::uint64_t number = 0;
  absl::string_view bytes;  ///< of a length-delimited field; empty otherwise
};

absl::optional<std::uint64_t> TakeVarint(absl::string_view& input) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && !input.empty(); shift += 7) {
    const auto byte = static_cast<std::uint8_t>(input.front());
    input.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
    if (byte < 0x80) return value;
  }
  return absl::nullopt;
}

/// The next field, or nothing at the end or at anything these messages do not hold.
absl::optional<Field> TakeField(absl::string_view& input) {
  const absl::optional<std::uint64_t> tag = TakeVarint(input);
  if (!tag.has_value()) return absl::nullopt;
  const absl::optional<std::uint64_t> value = TakeVarint(input);
  if (!value.has_value()) return absl::nullopt;
  if ((*tag & 7U) == kVarint) return Field{*tag >> 3U, {}};
  if ((*tag & 7U) != kLengthDelimited || *value > input.size()) return absl::nullopt;
  const Field field{*tag >> 3U, input.substr(0, *value)};
  input.remove_prefix(*value);
  return field;
}

absl::optional<v1::ErrorDetail> Unpack(absl::string_view any) {
  absl::string_view type;
  absl::string_view value;
  while (const absl::optional<Field> field = TakeField(any)) {
    if (field->number == 1) type = field->bytes;
    if (field->number == 2) value = field->bytes;
  }
  v1::ErrorDetail detail;
  if (!absl::EndsWith(type, "/cxr.v1.ErrorDetail")) return absl::nullopt;
  if (!detail.ParseFromArray(value.data(), static_cast<int>(value.size()))) return absl::nullopt;
  return detail;
}

}  // namespace

absl::optional<v1::ErrorDetail> FindErrorDetail(absl::string_view status_details) {
  while (const absl::optional<Field> field = TakeField(status_details)) {
    if (field->number != 3) continue;
    absl::optional<v1::ErrorDetail> detail = Unpack(field->bytes);
    if (detail.has_value()) return detail;
  }
  return absl::nullopt;
}

}  // namespace cxr
