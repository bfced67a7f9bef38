// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "service/analyze/result_record.h"

namespace cxr {
namespace {

/// The length of the well-formed UTF-8 sequence at the start of `text` (Unicode 15, table 3-7), or 0.
std::size_t Utf8Length(absl::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<std::uint8_t>(text[i]) : 0U; };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned lead = byte(0);
  const unsigned second = byte(1);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return follows(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const bool too_small = lead == 0xE0 && second < 0xA0;
    const bool surrogate = lead == 0xED && second > 0x9F;
    return follows(1) && follows(2) && !too_small && !surrogate ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const bool too_small = lead == 0xF0 && second < 0x90;
    const bool too_large = lead == 0xF4 && second > 0x8F;
    return follows(1) && follows(2) && follows(3) && !too_small && !too_large ? 4 : 0;
  }
  return 0;
}

std::string Quoted(absl::string_view text) {
  std::string result = "\"";
  while (!text.empty()) {
    const std::size_t length = Utf8Length(text);
    const char c = text.front();
    if (length == 0) {
      result += "\\ufffd";
    } else if (c == '"' || c == '\\') {
      result += {'\\', c};
    } else if (static_cast<std::uint8_t>(c) < 0x20 || c == '\x7F') {
      absl::StrAppendFormat(&result, "\\u%04x", static_cast<unsigned>(c));
    } else {
      result.append(text.data(), length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return result += '"';
}

std::string Number(const absl::optional<double>& value) {
  return value ? absl::StrFormat("%.6g", *value) : "null";
}

std::string Text(const absl::optional<std::string>& value) {
  return value ? Quoted(*value) : "null";
}

std::string Object(const WrittenObject& object) {
  return absl::StrCat("{\"kind\": ", Quoted(object.kind), ", \"sop_class_uid\": ", Quoted(object.sop_class_uid),
                      ", \"sop_instance_uid\": ", Quoted(object.sop_instance_uid), ", \"file\": ", Quoted(object.file),
                      "}");
}

template <typename Items, typename Format>
std::string Array(const Items& items, const Format& format) {
  return absl::StrCat(
      "[", absl::StrJoin(items, ", ", [&](std::string* out, const auto& item) { *out += format(item); }), "]");
}

}  // namespace

std::string ToJson(const ResultRecord& record) {
  std::string json =
      absl::StrCat("{\"file\": ", Quoted(record.file), ", \"outcome\": ", Quoted(record.outcome),
                   ", \"reasons\": ", Array(record.reasons, [](const std::string& reason) { return Quoted(reason); }),
                   ", \"finding\": ", Text(record.finding), ", \"score\": ", Number(record.score),
                   ", \"p_bacteria\": ", Number(record.p_bacteria), ", \"p_normal\": ", Number(record.p_normal),
                   ", \"p_virus\": ", Number(record.p_virus), ", \"model\": ", Text(record.model));
  absl::StrAppend(&json, ", \"objects\": ", Array(record.objects, Object));
  if (record.failed()) absl::StrAppend(&json, ", \"error\": ", Quoted(record.error));
  return json += "}";
}

}  // namespace cxr
