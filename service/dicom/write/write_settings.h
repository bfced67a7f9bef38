// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "absl/strings/string_view.h"
#include "service/core/result_forms.h"

namespace cxr {

/// A moment in local time, as DICOM dates and times want it.
struct DateTime {
  std::string date;  ///< YYYYMMDD (PS3.5, VR DA)
  std::string time;  ///< HHMMSS (PS3.5, VR TM)
};

/// The system's clock.
[[nodiscard]] DateTime SystemDateTime();

/// The version this library was built as, for example "0.1.0".
[[nodiscard]] std::string CompiledVersion();

/// How results are written. The functions are called from any thread that uses the reader.
struct WriteSettings {
  /// Names every setting that changes what is produced (population policy, sizes, report class). Result UIDs depend on
  /// it, so results made under other settings do not collide; reports say it.
  std::string digest = {};
  ReportClass report_class = ReportClass::kComprehensive;
  std::string service_version = CompiledVersion();   ///< SoftwareVersions of results
  std::function<DateTime()> clock = SystemDateTime;  ///< dates and times of results; UIDs never depend on it
  /// Told the name and tag of every source attribute that is left out of the results because its value is invalid for
  /// its VR, for example "PatientAge (0010,1010)", and of which instance. Never told a value. May be empty.
  std::function<void(absl::string_view attribute, absl::string_view sop_instance_uid)> on_left_out = {};
};

}  // namespace cxr
