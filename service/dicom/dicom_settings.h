// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "absl/strings/string_view.h"
#include "service/dicom/read/read_limits.h"
#include "service/dicom/write/write_settings.h"

namespace cxr {

/// How sources are read and results written.
struct DicomSettings {
  ReadLimits limits = {};
  WriteSettings write = {};
  /// Told what was read although it is not written as the standard wants it, without a value, and of which instance.
  /// Called from any thread that uses the reader. May be empty.
  std::function<void(absl::string_view what, absl::string_view sop_instance_uid)> on_odd = {};
};

}  // namespace cxr
