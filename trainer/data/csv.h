// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cxr {

/// A row of a CSV file and the line that it starts on, from 1.
struct CsvRow {
  std::size_t line = 0;
  std::vector<std::string> fields;
};

/// Splits CSV text (RFC 4180: comma, quotes, CRLF or LF, an optional byte order mark). Blank lines are left out. The
/// error names the line of a quote that is never closed or that stands within a field.
[[nodiscard]] absl::StatusOr<std::vector<CsvRow>> ParseCsv(absl::string_view text);

/// `text` as one field (RFC 4180): quoted where it holds a comma, a quote or a line break.
[[nodiscard]] std::string CsvField(const std::string& text);

}  // namespace cxr
