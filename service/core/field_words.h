// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/strings/string_view.h"

namespace cxr {

/// What words say of a view. Words that speak of both ("PA and lateral") describe a study and not one of its images.
enum class ViewSaid { kNothing, kFrontal, kLateral };

/// What people and devices write into the fields of a chest radiograph, in the languages they write it in. Texts are of
/// any case and character set; words of other scripts are known in UTF-8.

/// Whether a value stands for none: UNKNOWN, N/A, a dash and the like.
[[nodiscard]] bool IsPlaceholder(absl::string_view value);

/// Whether a body part names the chest, thorax or lung, however it is spelt, and no other region beside it.
[[nodiscard]] bool NamesChest(absl::string_view body_part);

/// Whether a view position is a plain frontal one: AP or PA, with what else may stand beside it (ERECT, SUPINE), but
/// neither oblique nor lordotic nor in decubitus.
[[nodiscard]] bool NamesFrontalView(absl::string_view view_position);

/// What a description of series, protocol or study says of the view.
[[nodiscard]] ViewSaid ViewInWords(absl::string_view description);

/// Whether a species is man.
[[nodiscard]] bool NamesHuman(absl::string_view species);

}  // namespace cxr
