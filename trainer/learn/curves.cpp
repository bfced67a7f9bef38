// SPDX-License-Identifier: Apache-2.0
#include "trainer/learn/curves.h"

#include <cstdio>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace cxr {
namespace {

std::string Cell(const absl::optional<double>& value) {
  return value.has_value() ? absl::StrFormat("%.6f", *value) : "";
}

/// With a comma before each.
std::string Header(const std::string& side) {
  std::string header;
  for (const char* figure : {"loss", "accuracy", "macro_auroc", "pneumonia_auroc"})
    absl::StrAppend(&header, ",", side, "_", figure);
  for (const char* figure : {"precision", "recall", "auroc"}) {
    for (const Pattern pattern : kPatterns) absl::StrAppend(&header, ",", side, "_", figure, "_", PatternName(pattern));
  }
  return header;
}

std::string Cells(const EpochFigures& figures) {
  const Metrics& metrics = figures.metrics;
  std::string cells = absl::StrCat(absl::StrFormat(",%.6f", figures.loss), ",", Cell(metrics.accuracy), ",",
                                   Cell(metrics.macro_auroc), ",", Cell(metrics.pneumonia_auroc));
  for (const ClassMetrics& each : metrics.classes) absl::StrAppend(&cells, ",", Cell(each.precision));
  for (const ClassMetrics& each : metrics.classes) absl::StrAppend(&cells, ",", Cell(each.recall));
  for (const ClassMetrics& each : metrics.classes) absl::StrAppend(&cells, ",", Cell(each.auroc));
  return cells;
}

std::string Text(const EpochFigures& figures) {
  const Metrics& metrics = figures.metrics;
  std::string text = absl::StrFormat(" loss %.4f accuracy %.4f macro AUROC %.4f recall B/N/V", figures.loss,
                                     metrics.accuracy.value_or(0), metrics.macro_auroc.value_or(0));
  for (const ClassMetrics& each : metrics.classes) absl::StrAppendFormat(&text, " %.3f", each.recall.value_or(0));
  return text;
}

}  // namespace

Curves::Curves(std::string path) : path_(std::move(path)) {
  Append(absl::StrCat("stage,epoch", Header("training"), Header("validation"), "\n"), true);
}

void Curves::Add(const EpochRow& row) {
  std::string line = absl::StrCat(row.stage, ",", row.epoch, Cells(row.training));
  std::string text = absl::StrCat(row.stage, " epoch ", row.epoch, ": training", Text(row.training));
  if (row.validation.has_value()) {
    line += Cells(*row.validation);
    absl::StrAppend(&text, "; validation", Text(*row.validation));
  } else {
    line += std::string(4 + 3 * kPatternCount, ',');
  }
  Append(line + "\n", false);
  std::fprintf(stderr, "%s\n", text.c_str());
}

void Curves::Restore(const std::string& text) {
  Append(text, true);
}

void Curves::Append(const std::string& lines, bool truncate) {
  text_ = truncate ? lines : text_ + lines;
  std::ofstream file(path_, truncate ? std::ios::trunc : std::ios::app);
  file << lines;
  if (!file.flush() && status_.ok()) status_ = absl::UnavailableError(absl::StrCat("cannot write ", path_));
}

}  // namespace cxr
