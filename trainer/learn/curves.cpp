// SPDX-License-Identifier: Apache-2.0
#include "trainer/learn/curves.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "trainer/data/csv.h"

namespace cxr {
namespace {

using Figures = std::vector<absl::optional<double>>;

constexpr std::size_t kNamed = 2;  // columns before the figures: stage, epoch

/// A column of the file.
struct Column {
  std::string figure;
  std::string side;     ///< "training" or "validation"
  std::string pattern;  ///< empty: of all classes

  [[nodiscard]] std::string Name() const {
    return absl::StrCat(side, "_", figure, pattern.empty() ? "" : "_", pattern);
  }
};

/// Those of the figures, in the order of FiguresOf for training, then for validation.
std::vector<Column> FigureColumns() {
  std::vector<Column> columns;
  for (const char* side : {"training", "validation"}) {
    for (const char* figure : {"loss", "accuracy", "macro_auroc", "pneumonia_auroc"})
      columns.push_back({figure, side, ""});
    for (const char* figure : {"precision", "recall", "auroc"}) {
      for (const Pattern pattern : kPatterns) columns.push_back({figure, side, std::string(PatternName(pattern))});
    }
  }
  return columns;
}

Figures FiguresOf(const EpochFigures& figures) {
  const Metrics& metrics = figures.metrics;
  Figures values = {figures.loss, metrics.accuracy, metrics.macro_auroc, metrics.pneumonia_auroc};
  for (const ClassMetrics& each : metrics.classes) values.push_back(each.precision);
  for (const ClassMetrics& each : metrics.classes) values.push_back(each.recall);
  for (const ClassMetrics& each : metrics.classes) values.push_back(each.auroc);
  return values;
}

std::string Header() {
  std::string header = "stage,epoch";
  for (const Column& column : FigureColumns()) absl::StrAppend(&header, ",", column.Name());
  return header + "\n";
}

std::string Cell(const absl::optional<double>& value) {
  return value.has_value() ? absl::StrFormat("%.6f", *value) : "";
}

/// What is printed of one side.
std::string Text(const EpochFigures& figures) {
  const Metrics& metrics = figures.metrics;
  std::string text = absl::StrFormat(" loss %.4f accuracy %.4f macro AUROC %.4f recall B/N/V", figures.loss,
                                     metrics.accuracy.value_or(0), metrics.macro_auroc.value_or(0));
  for (const ClassMetrics& each : metrics.classes) absl::StrAppendFormat(&text, " %.3f", each.recall.value_or(0));
  return text;
}

}  // namespace

Curves::Curves(std::string path) : path_(std::move(path)) {
  Write(Header(), true);
}

void Curves::Add(const EpochRow& row) {
  Figures values = FiguresOf(row.training);
  std::string text = absl::StrCat(row.stage, " epoch ", row.epoch, ": training", Text(row.training));
  const Figures validation = row.validation.has_value() ? FiguresOf(*row.validation) : Figures(values.size());
  if (row.validation.has_value()) absl::StrAppend(&text, "; validation", Text(*row.validation));
  values.insert(values.end(), validation.begin(), validation.end());
  Append({row.stage, absl::StrCat(row.epoch), std::move(values)});
  std::fprintf(stderr, "%s\n", text.c_str());
}

absl::Status Curves::Restore(const std::string& text) {
  const auto rows = ParseCsv(text);
  if (!rows.ok()) return rows.status();
  if (rows->empty() || rows->front().fields.size() < kNamed || rows->front().fields[0] != "stage")
    return absl::InvalidArgumentError("its curves have no line that names the columns stage and epoch");
  const std::vector<std::string>& header = rows->front().fields;
  const std::vector<Column> columns = FigureColumns();
  std::vector<Epoch> epochs;
  for (std::size_t i = 1; i < rows->size(); ++i) {
    const CsvRow& row = (*rows)[i];
    if (row.fields.size() != header.size())
      return absl::InvalidArgumentError(absl::StrCat("line ", row.line, " of its curves has ", row.fields.size(),
                                                     " fields instead of ", header.size()));
    Epoch epoch{row.fields[0], row.fields[1], {}};
    for (const Column& column : columns) {
      const auto at = static_cast<std::size_t>(std::find(header.begin(), header.end(), column.Name()) - header.begin());
      double value = 0;
      const bool given = at < header.size() && absl::SimpleAtod(row.fields[at], &value);
      epoch.values.push_back(given ? absl::optional<double>(value) : absl::nullopt);
    }
    epochs.push_back(std::move(epoch));
  }
  epochs_.clear();
  Write(Header(), true);
  for (Epoch& epoch : epochs) Append(std::move(epoch));
  return status_;
}

std::vector<Curve> Curves::All() const {
  std::vector<Curve> curves;
  const std::vector<Column> columns = FigureColumns();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Column& column = columns[i];
    Curve curve{column.figure, absl::StrCat(column.side, column.pattern.empty() ? "" : " ", column.pattern), {}, {}};
    for (std::size_t epoch = 0; epoch < epochs_.size(); ++epoch) {
      if (!epochs_[epoch].values[i].has_value()) continue;
      curve.epochs.push_back(static_cast<double>(epoch + 1));
      curve.values.push_back(*epochs_[epoch].values[i]);
    }
    if (!curve.values.empty()) curves.push_back(std::move(curve));
  }
  return curves;
}

void Curves::Append(Epoch epoch) {
  std::string line = absl::StrCat(epoch.stage, ",", epoch.number);
  for (const absl::optional<double>& value : epoch.values) absl::StrAppend(&line, ",", Cell(value));
  Write(line + "\n", false);
  epochs_.push_back(std::move(epoch));
}

void Curves::Write(const std::string& lines, bool truncate) {
  text_ = truncate ? lines : text_ + lines;
  std::ofstream file(path_, truncate ? std::ios::trunc : std::ios::app);
  file << lines;
  if (!file.flush() && status_.ok()) status_ = absl::UnavailableError(absl::StrCat("cannot write ", path_));
}

}  // namespace cxr
