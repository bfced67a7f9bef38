// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "plugin/core/archive.h"
#include "plugin/core/outcome.h"

namespace cxr::plugin {

/// Manufacturer (0008,0070) of everything the service produces.
inline constexpr char kOwnManufacturer[] = "cxr-triage";

enum class Route {
  kForward,    ///< send it
  kLeftOut,    ///< not a chest radiograph: leave no trace
  kOwnResult,  ///< one of our results: leave no trace
};

struct ForwardingDecision {
  Route route = Route::kForward;
  std::vector<CodedReason> reasons;  ///< empty exactly when forwarded
};

/// Decides which instances are sent to the service.
///
/// Sent: Modality CR or DX, whatever the SOP class, with a body part that names chest, thorax or lung, or with none
/// stated. A lateral, colour or multi-frame radiograph of the chest is sent too: it gets a report that says why it was
/// not analysed. Left out: other modalities and other body parts. Never sent: our own results, known by our equipment
/// (0008,0070), never by SOP class, for radiographs come as Secondary Capture too. Origin alone proves nothing either,
/// for other plugins store radiographs (STOW-RS); it only tells a result that this plugin stored (OWN_RESULT) from one
/// that came back from elsewhere (OWN_RESULT_RESENT).
///
/// The modality is first taken from the database (`series`, as ReadSeries), so that a slice of a CT costs no file
/// access; only what could be a radiograph is opened and asked itself.
///
/// NOT_FOUND when the instance does not exist; other errors of the source may pass.
[[nodiscard]] absl::StatusOr<ForwardingDecision> DecideForwarding(InstanceSource& source,
                                                                  const std::string& instance_id,
                                                                  const SeriesFacts& series);

/// True for CR and DX.
[[nodiscard]] bool IsRadiography(const std::string& modality);

}  // namespace cxr::plugin
