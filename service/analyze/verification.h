// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "service/core/analysis.h"
#include "service/dicom/tools/report_reader.h"

namespace cxr {

/// Numbers are printed in hundredths of a percent: two prints of one value are at most this far apart, in percentage
/// points.
inline constexpr double kPrintedTolerance = 0.01;

/// Regions count as the same when there are as many and their areas overlap by at least this share (intersection over
/// union).
inline constexpr double kRegionTolerance = 0.98;

enum class Agreement {
  kSame,
  kWithinTolerance,
  kDiffers,  ///< the report does not hold
  kNoted,    ///< differs, but does not decide
};

/// One line of what was compared.
struct ComparedItem {
  std::string what;
  std::string reported;
  std::string repeated;
  Agreement agreement = Agreement::kSame;
};

using Verification = std::vector<ComparedItem>;

/// Whether SOURCE is the instance in the study that the report is about.
[[nodiscard]] Verification CompareSource(const StoredReport& reported, const SourceIdentity& source);

/// Holds a report against one of a repeated analysis: model, settings, outcome, reasons, finding with qualifier,
/// conclusion, numbers, regions and summary. Settings that shape only what is drawn and written do not decide, the
/// wording of the summary decides only when the service has the same version, and what reports before version 0.2.0 do
/// not say (qualifier, conclusion, lower operating point) does not decide.
[[nodiscard]] Verification CompareReports(const StoredReport& reported, const StoredReport& repeated);

/// The names of what differs and decides, joined by commas; empty when the report holds.
[[nodiscard]] std::string Differences(const Verification& verification);

/// The comparison as a table for people, a header line first.
[[nodiscard]] std::string ToTable(const Verification& verification);

}  // namespace cxr
