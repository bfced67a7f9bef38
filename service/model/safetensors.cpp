// SPDX-License-Identifier: Apache-2.0
#include "service/model/safetensors.h"

#include <cstring>
#include <limits>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "service/model/strict_json.h"

namespace cxr {
namespace {

using nlohmann::json;

constexpr std::size_t kLengthBytes = 8;
constexpr std::uint64_t kMaxHeader = 16U << 20U;  // thousands of tensors fit in one megabyte
constexpr std::size_t kMaxDimensions = 8;

absl::Status Broken(absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("not a valid safetensors file: ", what));
}

std::uint64_t LittleEndian64(absl::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = kLengthBytes; i-- > 0;) value = value << 8U | static_cast<unsigned char>(bytes[i]);
  return value;
}

/// The number of bytes that a tensor of `shape` takes, or nothing when the shape is invalid or does not fit in `limit`.
absl::StatusOr<std::uint64_t> BytesOfShape(const std::string& name, const json& shape, std::uint64_t limit) {
  if (!shape.is_array() || shape.size() > kMaxDimensions) return Broken(absl::StrCat(name, " has no valid shape"));
  std::uint64_t count = sizeof(float);
  for (const json& extent : shape) {
    if (!extent.is_number_unsigned()) return Broken(absl::StrCat(name, " has no valid shape"));
    const auto value = extent.get<std::uint64_t>();
    if (value != 0 && count > limit / value) return Broken(absl::StrCat(name, " is larger than the file"));
    count *= value;
  }
  return count;
}

absl::StatusOr<NamedTensor> ParseTensor(const std::string& name, const json& entry, absl::string_view data) {
  if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") || !entry.contains("data_offsets")) {
    return Broken(absl::StrCat(name, " lacks dtype, shape or data_offsets"));
  }
  if (entry["dtype"] != "F32") return Broken(absl::StrCat(name, " is not of dtype F32"));
  const json& offsets = entry["data_offsets"];
  if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
      !offsets[1].is_number_unsigned()) {
    return Broken(absl::StrCat(name, " has no valid data_offsets"));
  }
  const auto begin = offsets[0].get<std::uint64_t>();
  const auto end = offsets[1].get<std::uint64_t>();
  if (begin > end || end > data.size()) return Broken(absl::StrCat(name, " lies outside the file"));
  const auto expected = BytesOfShape(name, entry["shape"], data.size());
  if (!expected.ok()) return expected.status();
  if (*expected != end - begin)
    return Broken(absl::StrCat(name, " has ", end - begin, " bytes, its shape needs ", *expected));
  NamedTensor tensor;
  for (const json& extent : entry["shape"]) tensor.shape.push_back(extent.get<std::int64_t>());
  tensor.values.resize(static_cast<std::size_t>(*expected) / sizeof(float));
  if (*expected > 0) std::memcpy(tensor.values.data(), data.data() + begin, static_cast<std::size_t>(*expected));
  return tensor;
}

}  // namespace

absl::StatusOr<std::map<std::string, NamedTensor>> ParseSafetensors(absl::string_view bytes) {
  if (bytes.size() < kLengthBytes) return Broken("it is shorter than 8 bytes");
  const std::uint64_t length = LittleEndian64(bytes);
  if (length > kMaxHeader || length > bytes.size() - kLengthBytes)
    return Broken("its header is longer than the file or 16 MiB");
  const absl::string_view header = bytes.substr(kLengthBytes, static_cast<std::size_t>(length));
  const absl::string_view data = bytes.substr(kLengthBytes + static_cast<std::size_t>(length));
  const absl::StatusOr<json> parsed = ParseStrictJson(header);
  if (!parsed.ok()) return Broken(absl::StrCat("its header is not a JSON object: ", parsed.status().message()));
  if (!parsed->is_object()) return Broken("its header is not a JSON object");
  // Tensors share no bytes in this format, so what is copied is bounded by the file; enforce it against overlapping
  // entries.
  std::uint64_t copied = 0;
  std::map<std::string, NamedTensor> tensors;
  for (const auto& [name, entry] : parsed->items()) {
    if (name == "__metadata__") continue;
    auto tensor = ParseTensor(name, entry, data);
    if (!tensor.ok()) return tensor.status();
    copied += tensor->values.size() * sizeof(float);
    if (copied > data.size()) return Broken(absl::StrCat(name, " overlaps another tensor"));
    tensors.emplace(name, *std::move(tensor));
  }
  return tensors;
}

std::string FormatSafetensors(const std::map<std::string, NamedTensor>& tensors) {
  json header = json::object();
  std::string data;
  for (const auto& [name, tensor] : tensors) {
    const std::size_t begin = data.size();
    for (const float value : tensor.values) {
      std::uint32_t bits = 0;
      std::memcpy(&bits, &value, sizeof(bits));
      for (unsigned shift = 0; shift < 32; shift += 8) data += static_cast<char>(bits >> shift & 0xFFU);
    }
    header[name] = {{"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {begin, data.size()}}};
  }
  std::string text = header.dump();
  text.resize((text.size() + kLengthBytes - 1) / kLengthBytes * kLengthBytes, ' ');  // the data begin aligned
  std::string bytes;
  for (std::size_t i = 0; i < kLengthBytes; ++i) bytes += static_cast<char>(text.size() >> 8 * i & 0xFFU);
  return bytes + text + data;
}

}  // namespace cxr
