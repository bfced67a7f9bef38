// SPDX-License-Identifier: Apache-2.0
#include "trainer/data/csv.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace cxr {
namespace {

class CsvParser {
 public:
  explicit CsvParser(absl::string_view text) : text_(text) { absl::ConsumePrefix(&text_, "\xEF\xBB\xBF"); }

  absl::StatusOr<std::vector<CsvRow>> Parse() {
    row_.line = 1;
    while (at_ < text_.size()) {
      if (absl::Status status = Take(text_[at_++]); !status.ok()) return status;
    }
    if (quoted_) return Error(quote_line_, "a quote is never closed");
    EndRow();
    return std::move(rows_);
  }

 private:
  absl::Status Take(char c) {
    if (quoted_) {
      TakeQuoted(c);
    } else if (c == ',') {
      EndField();
    } else if (c == '\n') {
      ++line_;
      EndRow();
    } else if (c == '"') {
      if (!field_.empty() || closed_) return Error(line_, "a quote stands within a field");
      quoted_ = true;
      quote_line_ = line_;
    } else if (c != '\r' || (at_ < text_.size() && text_[at_] != '\n')) {
      if (closed_) return Error(line_, "text follows a closing quote");
      field_ += c;
    }
    return absl::OkStatus();
  }

  void TakeQuoted(char c) {
    if (c == '\n') ++line_;
    if (c != '"') {
      field_ += c;
    } else if (at_ < text_.size() && text_[at_] == '"') {
      field_ += '"';
      ++at_;
    } else {
      quoted_ = false;
      closed_ = true;
    }
  }

  void EndField() {
    row_.fields.push_back(std::exchange(field_, {}));
    closed_ = false;
  }

  void EndRow() {
    const bool blank = row_.fields.empty() && field_.empty() && !closed_;
    if (!blank) {
      EndField();
      rows_.push_back(std::move(row_));
    }
    row_ = {line_, {}};
  }

  static absl::Status Error(std::size_t line, absl::string_view what) {
    return absl::InvalidArgumentError(absl::StrCat("line ", line, ": ", what));
  }

  absl::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t quote_line_ = 1;
  bool quoted_ = false;
  bool closed_ = false;  ///< the field was quoted and its closing quote has passed
  std::string field_;
  CsvRow row_;
  std::vector<CsvRow> rows_;
};

}  // namespace

absl::StatusOr<std::vector<CsvRow>> ParseCsv(absl::string_view text) {
  return CsvParser(text).Parse();
}

std::string CsvField(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace cxr
