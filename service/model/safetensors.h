// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cxr {

/// One float32 tensor, row-major.
struct NamedTensor {
  std::vector<std::int64_t> shape;
  std::vector<float> values;  ///< as many as the product of the shape
};

/// Parses a safetensors file (8 bytes little-endian header length, JSON header, raw data). The bytes may be hostile:
/// lengths, offsets, types and shapes are checked before anything is copied. Only dtype F32 is accepted. The error
/// names the tensor.
[[nodiscard]] absl::StatusOr<std::map<std::string, NamedTensor>> ParseSafetensors(absl::string_view bytes);

/// The file that ParseSafetensors reads. Each tensor has as many values as its shape says.
[[nodiscard]] std::string FormatSafetensors(const std::map<std::string, NamedTensor>& tensors);

}  // namespace cxr
