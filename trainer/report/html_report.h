// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "trainer/report/judgement_text.h"
#include "trainer/report/plots.h"

namespace cxr {

/// What goes into a report.
struct ReportContent {
  std::string title;
  std::vector<std::pair<std::string, std::string>> facts;  ///< what and how: model, data, settings; in this order
  Judgement judgement;
  std::vector<Plot> plots;
  std::vector<std::string> notes;  ///< what a reader must know before believing the figures
};

/// One HTML page that needs nothing else (images are embedded), readable in a browser and on paper. All texts are
/// escaped. The error names a plot that cannot be read.
[[nodiscard]] absl::StatusOr<std::string> FormatHtmlReport(const ReportContent& content);

}  // namespace cxr
