// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/strings/string_view.h"
#include "service/core/classification.h"
#include "service/core/image.h"

namespace cxr {

/// How a frontal image lies, in one of eight ways. Without any of the three it is upright: its rows run towards the
/// patient's left, its columns towards the feet.
struct Turn {
  bool transposed = false;     ///< the rows run along the body, the columns across it
  bool towards_right = false;  ///< what runs across the body runs towards the patient's right
  bool towards_head = false;   ///< what runs along the body runs towards the head

  friend bool operator==(const Turn& a, const Turn& b) = default;
};

/// What Patient Orientation (0020,0020) says of the view.
enum class OrientedView {
  kNotStated,
  kFrontal,
  kNotFrontal,  ///< lateral or axial
};

/// Patient Orientation (PS3.3 C.7.6.1.1.1).
struct Orientation {
  OrientedView view = OrientedView::kNotStated;
  Turn turn;  ///< upright unless the view is frontal
};

/// The orientation of an image whose rows run towards `rows` and whose columns run towards `columns`: letters such as L
/// and F, of which the first counts. Not stated for what is no orientation.
[[nodiscard]] Orientation ReadOrientation(absl::string_view rows, absl::string_view columns);

/// The image that lies as `turn` says, upright.
[[nodiscard]] GrayImage Upright(const GrayImage& image, const Turn& turn);

/// The map of an upright image in the pixels of the source, which lies as `turn` says and has that many rows and
/// columns.
[[nodiscard]] ActivationMap InSource(ActivationMap upright, const Turn& turn, int source_rows, int source_columns);

}  // namespace cxr
