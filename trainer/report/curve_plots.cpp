// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/types/optional.h"
#include "trainer/report/canvas.h"
#include "trainer/report/plots.h"

namespace cxr {
namespace {

constexpr std::array<Ink, 6> kOrder = {Ink::kBlue, Ink::kOrange, Ink::kGreen, Ink::kPurple, Ink::kBlack, Ink::kGrey};

constexpr double kLegendLine = 0.056;  // height of a legend's line as a share of the plot

struct Series {
  std::string name;  ///< "training", "validation VIRUS"
  std::vector<double> epochs;
  std::vector<double> values;
};

/// "validation_recall_VIRUS" is the series "validation VIRUS" of the figure "recall".
absl::optional<std::pair<std::string, std::string>> FigureAndSeries(const std::string& column) {
  for (const char* side : {"training", "validation"}) {
    absl::string_view figure = column;
    if (!absl::ConsumePrefix(&figure, absl::StrCat(side, "_"))) continue;
    for (const Pattern pattern : kPatterns) {
      if (absl::ConsumeSuffix(&figure, absl::StrCat("_", PatternName(pattern))))
        return std::make_pair(std::string(figure), absl::StrCat(side, " ", PatternName(pattern)));
    }
    return std::make_pair(std::string(figure), std::string(side));
  }
  return absl::nullopt;
}

/// Figure to series; the epochs of the stages are counted on.
std::map<std::string, std::vector<Series>> ParseCurves(const std::string& csv) {
  const std::vector<std::string> lines = absl::StrSplit(csv, '\n', absl::SkipEmpty());
  std::map<std::string, std::vector<Series>> figures;
  if (lines.empty()) return figures;
  const std::vector<std::string> header = absl::StrSplit(lines[0], ',');
  for (std::size_t column = 0; column < header.size(); ++column) {
    const auto known = FigureAndSeries(header[column]);
    if (!known.has_value()) continue;
    Series series{known->second, {}, {}};
    for (std::size_t row = 1; row < lines.size(); ++row) {
      const std::vector<std::string> cells = absl::StrSplit(lines[row], ',');
      double value = 0;
      if (column >= cells.size() || !absl::SimpleAtod(cells[column], &value)) continue;
      series.epochs.push_back(static_cast<double>(row));
      series.values.push_back(value);
    }
    if (series.values.size() >= 2) figures[known->first].push_back(std::move(series));
  }
  return figures;
}

Plot DrawFigure(const std::string& figure, const std::vector<Series>& all, const std::string& path) {
  double low = all[0].values[0];
  double high = low;
  double last = 2;
  for (const Series& series : all) {
    low = std::min(low, *std::min_element(series.values.begin(), series.values.end()));
    high = std::max(high, *std::max_element(series.values.begin(), series.values.end()));
    last = std::max(last, series.epochs.back());
  }
  const double margin = std::max(0.05 * (high - low), 1e-3);
  const bool above = figure == "loss";  // where the legend stands: no line runs through the room left for it
  const double share = kLegendLine * static_cast<double>(all.size() + 1);
  const double room = share / (1 - share) * (high - low + 2 * margin);
  const std::string title = absl::StrReplaceAll(figure, {{"_", " "}, {"auroc", "AUROC"}});
  Canvas canvas(path, {absl::StrCat(title, " over the run"), "epoch (of all stages, counted on)", title, 1, last,
                       low - margin - (above ? 0 : room), high + margin + (above ? room : 0)});
  std::vector<std::string> names;
  std::vector<Ink> inks;
  for (std::size_t i = 0; i < all.size(); ++i) {
    inks.push_back(kOrder[i % kOrder.size()]);
    names.push_back(all[i].name);
    canvas.Line(all[i].epochs, all[i].values, inks.back());
    canvas.Points(all[i].epochs, all[i].values, inks.back());
  }
  canvas.Legend(names, inks, above);
  return {path, absl::StrCat("Training curve: ", title),
          "Training figures are of augmented pictures with dropout, so they may be worse than those of validation."};
}

}  // namespace

absl::StatusOr<std::vector<Plot>> DrawTrainingCurves(const std::string& csv, const std::string& directory) {
  std::vector<Plot> plots;
  for (const auto& [figure, series] : ParseCurves(csv)) {
    const std::string path = absl::StrCat(directory, "/curve_", figure, ".png");
    if (absl::Status status = Canvas::Check(path); !status.ok()) return status;
    plots.push_back(DrawFigure(figure, series, path));
  }
  return plots;
}

}  // namespace cxr
