// SPDX-License-Identifier: Apache-2.0
#include "trainer/report/html_report.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "service/base/file.h"

namespace cxr {
namespace {

constexpr std::uint64_t kMaxImage = 16U << 20U;

constexpr char kHead[] = R"(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body { font: 16px/1.5 sans-serif; color: #1c1c1c; background: #fff; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: .2rem; } h2 { font-size: 1.2rem; margin-top: 2rem; border-bottom: 1px solid #ccc; }
.warning { border-left: .3rem solid #d55e00; background: #fdf3ec; padding: .5rem 1rem; }
table { border-collapse: collapse; margin: .8rem 0; } th, td { padding: .25rem .8rem; border-bottom: 1px solid #ddd; text-align: right; }
th:first-child, td:first-child { text-align: left; } .facts td { text-align: left; vertical-align: top; overflow-wrap: anywhere; }
.range { color: #666; font-size: .85em; white-space: nowrap; } figure { margin: 1.2rem 0; break-inside: avoid; } img { max-width: 100%; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(26rem, 1fr)); gap: 1rem; } figcaption { font-size: .9rem; color: #444; }
</style>
)";

std::string HtmlEscaped(const std::string& text) {
  return absl::StrReplaceAll(text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&#39;"}});
}

std::string HtmlCell(const absl::optional<double>& value, const absl::optional<Interval>& interval) {
  if (!value.has_value()) return "<td>not defined</td>";
  std::string cell = absl::StrFormat("<td>%.3f", *value);
  if (interval.has_value())
    absl::StrAppendFormat(&cell, "<br><span class=\"range\">%.3f to %.3f</span>", interval->low, interval->high);
  return cell + "</td>";
}

std::string HtmlRow(const std::string& name, const absl::optional<double>& value,
                    const absl::optional<Interval>& interval) {
  return absl::StrCat("<tr><td>", name, "</td>", HtmlCell(value, interval), "</tr>\n");
}

std::string Overall(const Judgement& judgement) {
  const Metrics& figures = judgement.metrics;
  const MetricIntervals& ranges = judgement.intervals;
  std::string html = "<table>\n";
  absl::StrAppend(
      &html, HtmlRow("Accuracy: decisions that are right", figures.accuracy, ranges.accuracy),
      HtmlRow("Pneumonia of any kind against normal, AUROC", figures.pneumonia_auroc, ranges.pneumonia_auroc),
      HtmlRow("Mean AUROC of the three classes", figures.macro_auroc, ranges.macro_auroc),
      HtmlRow("Calibration error (ECE; 0 is perfect)", figures.expected_calibration_error,
              ranges.expected_calibration_error));
  if (judgement.cross_fitted.has_value())
    absl::StrAppend(&html, HtmlRow("Calibration error, temperature fitted on other patients",
                                   judgement.cross_fitted->error, judgement.cross_fitted->interval));
  return html + "</table>\n";
}

std::string PerClass(const Judgement& judgement) {
  std::string html =
      "<table>\n<tr><th>Class</th><th>Pictures</th><th>Recall (sensitivity)</th><th>Precision</th><th>F1</th>"
      "<th>AUROC</th></tr>\n";
  for (const Pattern pattern : kPatterns) {
    const ClassMetrics& each = judgement.metrics.classes[static_cast<std::size_t>(pattern)];
    const MetricIntervals::OfClass& range = judgement.intervals.classes[static_cast<std::size_t>(pattern)];
    absl::StrAppend(&html, "<tr><td>", PatternName(pattern), "</td><td>", each.support, "</td>",
                    HtmlCell(each.recall, range.recall), HtmlCell(each.precision, range.precision),
                    HtmlCell(each.f1, range.f1), HtmlCell(each.auroc, range.auroc), "</tr>\n");
  }
  return html + "</table>\n";
}

/// Empty where the conclusions are not known.
std::string ByConclusion(const Metrics& metrics) {
  std::string rows;
  std::size_t known = 0;
  for (const Pattern pattern : kPatterns) {
    absl::StrAppend(&rows, "<tr><td>", PatternName(pattern), "</td>");
    for (const std::size_t count : metrics.conclusions[static_cast<std::size_t>(pattern)]) {
      absl::StrAppend(&rows, "<td>", count, "</td>");
      known += count;
    }
    rows += "</tr>\n";
  }
  if (known == 0) return {};
  return absl::StrCat("<table>\n<tr><th>Class</th><th>Negative</th><th>Indeterminate</th><th>Positive</th></tr>\n",
                      rows, "</table>\n");
}

absl::StatusOr<std::string> PlotFigures(const std::vector<Plot>& plots) {
  std::string html = "<div class=\"plots\">\n";
  for (const Plot& plot : plots) {
    const auto image = ReadFile(plot.path, kMaxImage);
    if (!image.ok()) return image.status();
    absl::StrAppend(&html, "<figure><img alt=\"", HtmlEscaped(plot.title), "\" src=\"data:image/png;base64,",
                    absl::Base64Escape(*image), "\"><figcaption><b>", HtmlEscaped(plot.title), ".</b> ",
                    HtmlEscaped(plot.meaning), "</figcaption></figure>\n");
  }
  return html + "</div>\n";
}

}  // namespace

absl::StatusOr<std::string> FormatHtmlReport(const ReportContent& content) {
  const auto figures = PlotFigures(content.plots);
  if (!figures.ok()) return figures.status();
  std::string html = absl::StrCat(kHead, "<title>", HtmlEscaped(content.title), "</title></head><body>\n<h1>",
                                  HtmlEscaped(content.title), "</h1>\n");
  html +=
      "<p class=\"warning\"><b>Research use only, not for diagnosis.</b> An image cannot prove what caused a "
      "pneumonia: "
      "BACTERIA and VIRUS mean a pattern suggestive of it.</p>\n<h2>What was judged</h2>\n<table class=\"facts\">\n";
  for (const auto& [what, text] : content.facts)
    absl::StrAppend(&html, "<tr><td>", HtmlEscaped(what), "</td><td>", HtmlEscaped(text), "</td></tr>\n");
  absl::StrAppend(&html, "</table>\n<h2>Figures</h2>\n", Overall(content.judgement), PerClass(content.judgement),
                  ByConclusion(content.judgement.metrics));
  if (content.judgement.intervals.accuracy.has_value())
    html +=
        "<p>Below each figure stands its 95 % interval: other patients of the same kind would, most likely, give a "
        "figure "
        "within it (bootstrap over patients).</p>\n";
  if (!content.notes.empty()) {
    html += "<ul>\n";
    for (const std::string& note : content.notes) absl::StrAppend(&html, "<li>", HtmlEscaped(note), "</li>\n");
    html += "</ul>\n";
  }
  absl::StrAppend(&html, "<h2>Plots</h2>\n", *figures, "</body></html>\n");
  return html;
}

}  // namespace cxr
