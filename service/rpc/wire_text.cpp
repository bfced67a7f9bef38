// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/wire_text.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "service/base/utf8.h"

namespace cxr {

std::string WireText(absl::string_view text) {
  std::string safe(text);
  const bool has_control =
      std::any_of(text.begin(), text.end(), [](unsigned char c) { return absl::ascii_iscntrl(c); });
  if (!has_control && IsUtf8(text)) return safe;
  for (char& c : safe) {
    if (!absl::ascii_isprint(static_cast<unsigned char>(c))) c = '?';
  }
  return safe;
}

}  // namespace cxr
