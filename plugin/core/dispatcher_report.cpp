// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/dispatcher_report.h"

namespace cxr::plugin {

void DispatcherCounters::Count(const ProcessResult& result) {
  switch (result.verdict) {
    case Verdict::kLeftOut:
      ++left_out;
      break;
    case Verdict::kOwnResult:
      ++own_results;
      break;
    case Verdict::kSettledEarlier:
      ++settled_earlier;
      break;
    case Verdict::kGone:
      ++gone;
      break;
    case Verdict::kTransient:
    case Verdict::kUnreadable:
      ++retries;
      break;
    default:
      break;
  }
  if (!result.outcome.has_value()) return;
  objects_stored += static_cast<std::int64_t>(result.outcome->objects.size());
  switch (result.outcome->kind) {
    case OutcomeKind::kAnalysed:
      ++analysed;
      break;
    case OutcomeKind::kAnalysedWithWarnings:
      ++analysed_with_warnings;
      break;
    case OutcomeKind::kNotApplicable:
      ++not_applicable;
      break;
    case OutcomeKind::kFailed:
      ++failed;
      break;
  }
}

}  // namespace cxr::plugin
