// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/strings/string_view.h"

namespace cxr {

/// How an image lies, as Patient Orientation (0020,0020) says it (PS3.3 C.7.6.1.1.1).
enum class Orientation {
  kNotStated,
  kUpright,     ///< frontal, head up, the patient's left on the right of the image
  kTurned,      ///< frontal, but turned or mirrored
  kNotFrontal,  ///< lateral or axial
};

/// The orientation of an image whose rows run towards `rows` and whose columns run towards `columns`: letters such as L
/// and F, of which the first counts. kNotStated for what is no orientation.
[[nodiscard]] Orientation ReadOrientation(absl::string_view rows, absl::string_view columns);

}  // namespace cxr
