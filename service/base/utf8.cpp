// SPDX-License-Identifier: Apache-2.0
#include "service/base/utf8.h"

#include <utf8.h>

namespace cxr {

bool IsUtf8(absl::string_view text) {
  return utf8::is_valid(text.begin(), text.end());
}

}  // namespace cxr
