// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/tools/report_reader.h"

#include <dcmtk/config/osconfig.h>
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcdeftag.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "service/dicom/read/attribute.h"
#include "service/dicom/read/dicom_parser.h"
#include "service/dicom/read/toolkit.h"
#include "service/dicom/tools/report_content.h"
#include "service/dicom/write/coded_concept.h"
#include "service/dicom/write/equipment.h"

namespace cxr {
namespace {

using Nodes = std::vector<ContentNode>;

constexpr absl::string_view kModelDigest = "model sha256 ";
constexpr absl::string_view kSettings = "settings ";
constexpr absl::string_view kService = "cxr-triage ";

bool Is(const ReadCode& code, const CodedConcept& known) {
  return code.value == known.value && code.scheme == known.scheme;
}

void AddOnce(const std::string& text, std::vector<std::string>& texts) {
  if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(text);
}

/// The different texts under one name that begin with `prefix`, without it.
std::string TextsOf(const Nodes& nodes, const CodedConcept& name, absl::string_view prefix = {}) {
  std::vector<std::string> texts;
  for (const ContentNode& node : nodes) {
    absl::string_view text = node.text;
    if (node.type == "TEXT" && Is(node.name, name) && absl::ConsumePrefix(&text, prefix)) {
      AddOnce(std::string(text), texts);
    }
  }
  return absl::StrJoin(texts, " / ");
}

std::string CodeText(const ReadCode& code) {
  return absl::StrCat(code.meaning, " (", code.value, ")");
}

/// Before version 0.2.0 what was not analysed had the finding "Not applicable"; the outcome says it.
bool IsFinding(const ContentNode& node) {
  const bool named = Is(node.name, codes::kFinding) || Is(node.name, codes::kNormality);
  return named && node.type == "CODE" && node.relationship == "CONTAINS" && !Is(node.code, codes::kNotApplicable);
}

/// The different values of the codes that `wanted` picks, in the report's order.
template <typename Wanted>
std::vector<std::string> CodesOf(const Nodes& nodes, Wanted wanted) {
  std::vector<std::string> texts;
  for (const ContentNode& node : nodes) {
    if (node.type == "CODE" && wanted(node)) AddOnce(CodeText(node.code), texts);
  }
  return texts;
}

std::string MeaningsOf(const Nodes& nodes, const CodedConcept& name) {
  std::vector<std::string> meanings;
  for (const ContentNode& node : nodes) {
    if (node.type == "CODE" && Is(node.name, name)) AddOnce(node.code.meaning, meanings);
  }
  return absl::StrJoin(meanings, " / ");
}

void ReadConclusion(const Nodes& nodes, StoredReport& report) {
  for (const ContentNode& node : nodes) {
    if (node.type == "CODE" && Is(node.name, codes::kReason)) report.reasons.push_back(node.code.meaning);
  }
  report.outcome = MeaningsOf(nodes, codes::kOutcome);
  report.conclusion = MeaningsOf(nodes, codes::kConclusion);
  report.findings = CodesOf(nodes, IsFinding);
  report.qualifiers = absl::StrJoin(
      CodesOf(nodes, [](const ContentNode& node) { return Is(node.name, codes::kFindingContext); }), " / ");
  report.summary = TextsOf(nodes, codes::kSummary);
}

absl::Status ReadNumbers(const Nodes& nodes, StoredReport& report) {
  for (const ContentNode& node : nodes) {
    if (node.type != "NUM" || !Is(node.code, codes::kPercent)) continue;
    ReportedNumber number{node.name.meaning, 0};
    if (!absl::SimpleAtod(node.text, &number.percent) || !std::isfinite(number.percent))
      return absl::InvalidArgumentError(absl::StrCat("The report's ", number.name, " is not a number."));
    report.numbers.push_back(std::move(number));
  }
  return absl::OkStatus();
}

absl::Status ReadRegions(const Nodes& nodes, StoredReport& report) {
  std::vector<std::string> sources;
  for (const ContentNode& node : nodes) {
    if (node.type == "SCOORD" && report.outcome != codes::kNotApplicable.meaning)
      report.regions.push_back(node.polygon);
    if (node.type == "IMAGE" && Is(node.name, codes::kOriginalSource)) AddOnce(node.text, sources);
  }
  report.source_instance_uid = absl::StrJoin(sources, " / ");
  if (report.source_instance_uid.empty()) return absl::InvalidArgumentError("The report names no source image.");
  return absl::OkStatus();
}

absl::Status ReadProvenance(DcmDataset& dataset, const Nodes& nodes, StoredReport& report) {
  OFString version;
  if (dataset.findAndGetOFString(DCM_SoftwareVersions, version, 0).good())
    report.service_version = std::string(absl::StripPrefix(version.c_str(), kService));
  report.model.name = TextsOf(nodes, codes::kAlgorithmName);
  report.model.version = TextsOf(nodes, codes::kAlgorithmVersion);
  report.model.sha256 = TextsOf(nodes, codes::kAlgorithmParameters, kModelDigest);
  report.settings = TextsOf(nodes, codes::kAlgorithmParameters, kSettings);
  if (report.model.sha256.empty() || report.settings.empty())
    return absl::InvalidArgumentError("The report does not say which model and settings it was made with.");
  return absl::OkStatus();
}

absl::StatusOr<StoredReport> Read(absl::string_view dicom) {
  absl::StatusOr<std::unique_ptr<DcmDataset>> dataset = ParseDocument(dicom, ReadLimits{});
  if (!dataset.ok()) return absl::InvalidArgumentError(dataset.status().message());
  absl::StatusOr<Nodes> nodes = ReadContent(**dataset);
  if (!nodes.ok()) return nodes.status();
  const ReadCode& title = nodes->front().name;
  if (FirstText(**dataset, DCM_Modality) != "SR" ||
      FirstText(**dataset, DCM_Manufacturer) != Equipment::kManufacturer ||
      !(Is(title, codes::kImagingMeasurementReport) || Is(title, codes::kNotAnalysed))) {
    return absl::InvalidArgumentError(absl::StrCat("It is not a report of ", Equipment::kManufacturer,
                                                   ": expected a structured report with that manufacturer and ",
                                                   "the title ", codes::kImagingMeasurementReport.meaning, " or ",
                                                   codes::kNotAnalysed.meaning, "."));
  }
  StoredReport report;
  report.sop_instance_uid = UidText(**dataset, DCM_SOPInstanceUID);
  report.study_instance_uid = UidText(**dataset, DCM_StudyInstanceUID);
  ReadConclusion(*nodes, report);
  for (absl::Status part :
       {ReadNumbers(*nodes, report), ReadRegions(*nodes, report), ReadProvenance(**dataset, *nodes, report)}) {
    if (!part.ok()) return part;
  }
  return report;
}

}  // namespace

absl::StatusOr<StoredReport> ReadReport(absl::string_view dicom) {
  SilenceDcmtk();
  return Guarded([&] { return Read(dicom); },
                 [](absl::string_view error) {
                   return absl::InvalidArgumentError(absl::StrCat("The report cannot be read: ", error));
                 });
}

}  // namespace cxr
