// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "service/core/analysis.h"
#include "service/core/overlay_renderer.h"

namespace cxr {

/// `text` in what every form of result can hold: printable ASCII without backslash (whatever else becomes a space), at
/// most `length` bytes, no space at its ends.
[[nodiscard]] std::string FitText(absl::string_view text, std::size_t length);

/// What a caption says of a decision: its pattern, or that it is indeterminate.
[[nodiscard]] absl::string_view DecisionCaption(const Decision& decision);

/// The caption of a radiograph: what a capture shows above and below it, and a presentation state in one text.
struct Caption {
  Conclusion conclusion = Conclusion::kIndeterminate;  ///< what the headings are coloured by
  std::vector<std::string> headings;                   ///< finding; cautions if any: the largest text, all of one size
  std::vector<std::string> numbers;                    ///< probabilities; pneumonia score and operating points
  std::vector<std::string> bottom;                     ///< model and date; purpose
  std::string legend;  ///< what the colours of the map stand for; empty where no map is shown
};

/// The caption of an analysis that has a classification. `date` is that of the analysis, as YYYY-MM-DD; empty: not
/// stated. All lines together have at most 1024 characters.
[[nodiscard]] Caption CaptionOf(const Analysis& analysis, MapDisplay map, absl::string_view date);

/// What a report says in words: the finding, or that there is none, and "research use only"; then cautions or reasons,
/// and the score with the operating points.
[[nodiscard]] std::string ReportSummary(const Analysis& analysis);

/// What a region of a report is called beside its outline: the finding, its number and "research use only"; number 0 is
/// the analysed field, where nothing stands out. At most 40 characters: dsr2html puts longer ones into an annex. Holds
/// no colon: OHIF takes what stands before one for a tool of its own.
[[nodiscard]] std::string RegionText(const Decision& decision, std::size_t number);

/// Whom the model applies to, in words.
[[nodiscard]] std::string PopulationText(const ModelInfo& model);

}  // namespace cxr
