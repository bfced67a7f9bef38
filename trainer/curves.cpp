// SPDX-License-Identifier: Apache-2.0
#include "trainer/curves.h"

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

}  // namespace

Curves::Curves(std::string path) : path_(std::move(path)) {
  std::string header =
      "stage,epoch,training_loss,training_accuracy,validation_accuracy,validation_macro_auroc,validation_pneumonia_"
      "auroc";
  for (const char* figure : {"precision", "recall", "auroc"}) {
    for (const Pattern pattern : kPatterns) absl::StrAppend(&header, ",validation_", figure, "_", PatternName(pattern));
  }
  Append(header + "\n", true);
}

void Curves::Add(const EpochRow& row) {
  std::string line = absl::StrFormat("%s,%d,%.6f,%.6f", row.stage, row.epoch, row.training_loss, row.training_accuracy);
  std::string text = absl::StrFormat("%s epoch %d: training loss %.4f accuracy %.4f", row.stage, row.epoch,
                                     row.training_loss, row.training_accuracy);
  if (row.validation.has_value()) {
    const Metrics& metrics = *row.validation;
    absl::StrAppend(&line, ",", Cell(metrics.accuracy), ",", Cell(metrics.macro_auroc), ",",
                    Cell(metrics.pneumonia_auroc));
    for (const ClassMetrics& each : metrics.classes) absl::StrAppend(&line, ",", Cell(each.precision));
    for (const ClassMetrics& each : metrics.classes) absl::StrAppend(&line, ",", Cell(each.recall));
    for (const ClassMetrics& each : metrics.classes) absl::StrAppend(&line, ",", Cell(each.auroc));
    absl::StrAppend(&text, ", validation accuracy ", Cell(metrics.accuracy), " macro AUROC ", Cell(metrics.macro_auroc),
                    " recall B/N/V");
    for (const ClassMetrics& each : metrics.classes) absl::StrAppend(&text, " ", Cell(each.recall));
  } else {
    line += std::string(3 + 3 * kPatternCount, ',');
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
