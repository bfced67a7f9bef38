// SPDX-License-Identifier: Apache-2.0
#include "service/analyze/verification.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "service/analyze/region_overlap.h"

namespace cxr {
namespace {

ComparedItem Compare(std::string what, const std::string& reported, const std::string& repeated,
                     Agreement otherwise = Agreement::kDiffers) {
  return {std::move(what), reported, repeated, reported == repeated ? Agreement::kSame : otherwise};
}

/// The value of `key` in "key=value;key=value".
std::string SettingOf(const std::string& settings, absl::string_view key) {
  for (absl::string_view setting : absl::StrSplit(settings, ';')) {
    const std::vector<absl::string_view> parts = absl::StrSplit(setting, absl::MaxSplits('=', 1));
    if (parts.size() == 2 && parts[0] == key) return std::string(parts[1]);
  }
  return {};
}

Agreement AgreementOf(double reported, double repeated) {
  if (reported == repeated) return Agreement::kSame;
  constexpr double kRounding = 1e-9;
  return std::abs(reported - repeated) <= kPrintedTolerance + kRounding ? Agreement::kWithinTolerance
                                                                        : Agreement::kDiffers;
}

std::string Percent(const std::vector<ReportedNumber>& numbers, std::size_t index) {
  return index < numbers.size() ? absl::StrFormat("%.2f %%", numbers[index].percent) : "-";
}

/// How much it says that a report of an older form says nothing where the repetition says something.
Agreement SilenceOf(const StoredReport& reported) {
  return reported.conclusion.empty() ? Agreement::kNoted : Agreement::kDiffers;
}

/// Numbers in the report's order, which is fixed.
void CompareNumbers(const StoredReport& reported, const StoredReport& repeated, Verification& result) {
  const auto& a = reported.numbers;
  const auto& b = repeated.numbers;
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    ComparedItem item{i < a.size() ? a[i].name : b[i].name, Percent(a, i), Percent(b, i), Agreement::kDiffers};
    if (i >= a.size() && !a.empty()) item.agreement = SilenceOf(reported);
    if (i < a.size() && i < b.size() && a[i].name == b[i].name)
      item.agreement = AgreementOf(a[i].percent, b[i].percent);
    result.push_back(std::move(item));
  }
}

std::string CountText(const std::vector<Polygon>& regions) {
  return absl::StrCat(regions.size(), regions.size() == 1 ? " region" : " regions");
}

ComparedItem CompareRegions(const StoredReport& reported, const StoredReport& repeated) {
  const double overlap = IntersectionOverUnion(reported.regions, repeated.regions);
  ComparedItem item{"Regions", CountText(reported.regions),
                    absl::StrFormat("%s, overlap %.3f", CountText(repeated.regions), overlap), Agreement::kDiffers};
  if (reported.regions.size() == repeated.regions.size() && overlap >= kRegionTolerance)
    item.agreement = overlap == 1 ? Agreement::kSame : Agreement::kWithinTolerance;
  return item;
}

/// Whether two texts say the same, numbers in them within the tolerance of printing.
bool SameWords(const std::string& reported, const std::string& repeated) {
  const std::vector<absl::string_view> a = absl::StrSplit(reported, ' ');
  const std::vector<absl::string_view> b = absl::StrSplit(repeated, ' ');
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](absl::string_view x, absl::string_view y) {
    double number = 0;
    double other = 0;
    if (x == y) return true;
    return absl::SimpleAtod(x, &number) && absl::SimpleAtod(y, &other) &&
           AgreementOf(number, other) != Agreement::kDiffers;
  });
}

ComparedItem CompareSummary(const StoredReport& reported, const StoredReport& repeated) {
  ComparedItem item{"Summary", reported.summary, repeated.summary, Agreement::kDiffers};
  if (SameWords(reported.summary, repeated.summary)) {
    item.agreement = reported.summary == repeated.summary ? Agreement::kSame : Agreement::kWithinTolerance;
  } else if (reported.service_version != repeated.service_version) {
    item.agreement = Agreement::kNoted;
  }
  return item;
}

/// A text that reports of an older form do not have.
ComparedItem CompareNewText(std::string what, const StoredReport& reported, const std::string& text,
                            const std::string& repeated) {
  const auto shown = [](const std::string& said) { return said.empty() ? std::string("-") : said; };
  return Compare(std::move(what), shown(text), shown(repeated),
                 text.empty() ? SilenceOf(reported) : Agreement::kDiffers);
}

std::string ListText(const std::vector<std::string>& texts) {
  return texts.empty() ? "-" : absl::StrJoin(texts, ", ");
}

std::string VerdictText(Agreement agreement) {
  switch (agreement) {
    case Agreement::kSame:
      return "same";
    case Agreement::kWithinTolerance:
      return "within tolerance";
    case Agreement::kDiffers:
      return "DIFFERS";
    case Agreement::kNoted:
      break;
  }
  return "differs, does not decide";
}

/// A report may hold anything, and a terminal obeys control characters.
std::string VisibleText(absl::string_view text) {
  constexpr std::size_t kLongest = 90;
  std::string visible(text.substr(0, kLongest));
  if (text.size() > kLongest) visible += "...";
  std::replace_if(
      visible.begin(), visible.end(), [](char c) { return !absl::ascii_isprint(static_cast<unsigned char>(c)); }, '?');
  return visible;
}

}  // namespace

Verification CompareSource(const StoredReport& reported, const SourceIdentity& source) {
  return {Compare("Source instance", reported.source_instance_uid, source.sop_instance_uid),
          Compare("Study", reported.study_instance_uid, source.study_instance_uid)};
}

Verification CompareReports(const StoredReport& reported, const StoredReport& repeated) {
  const auto same = [&](absl::string_view key) {
    return SettingOf(reported.settings, key) == SettingOf(repeated.settings, key);
  };
  const bool same_policy = same("population") && same("unlike");
  Verification result = {
      Compare("Service version", reported.service_version, repeated.service_version, Agreement::kNoted),
      Compare("Model", absl::StrCat(reported.model.name, " ", reported.model.version),
              absl::StrCat(repeated.model.name, " ", repeated.model.version)),
      Compare("Model SHA-256", reported.model.sha256, repeated.model.sha256),
      Compare("Settings", reported.settings, repeated.settings, same_policy ? Agreement::kNoted : Agreement::kDiffers),
      Compare("Outcome", reported.outcome, repeated.outcome),
      Compare("Reasons", ListText(reported.reasons), ListText(repeated.reasons)),
      Compare("Finding", ListText(reported.findings), ListText(repeated.findings)),
      CompareNewText("Qualifier", reported, reported.qualifiers, repeated.qualifiers),
      CompareNewText("Conclusion", reported, reported.conclusion, repeated.conclusion)};
  CompareNumbers(reported, repeated, result);
  result.push_back(CompareRegions(reported, repeated));
  result.push_back(CompareSummary(reported, repeated));
  return result;
}

std::string Differences(const Verification& verification) {
  std::vector<std::string> names;
  for (const ComparedItem& item : verification) {
    if (item.agreement == Agreement::kDiffers) names.push_back(item.what);
  }
  return absl::StrJoin(names, ", ");
}

std::string ToTable(const Verification& verification) {
  std::vector<std::array<std::string, 4>> rows = {{"COMPARED", "VERDICT", "REPORTED", "REPEATED"}};
  for (const ComparedItem& item : verification)
    rows.push_back(
        {VisibleText(item.what), VerdictText(item.agreement), VisibleText(item.reported), VisibleText(item.repeated)});
  std::array<std::size_t, 4> widths{};
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string table;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i + 1 < row.size(); ++i)
      absl::StrAppend(&table, row[i], std::string(widths[i] - row[i].size() + 2, ' '));
    absl::StrAppend(&table, row.back(), "\n");
  }
  return table;
}

}  // namespace cxr
