// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "absl/strings/string_view.h"
#include "service/core/report_class.h"

namespace cxr {

/// What is accepted from a stranger's file. Beyond it a file is refused, before memory is taken.
struct ReadLimits {
  int max_side = 16384;                                   ///< rows or columns
  std::int64_t max_pixels = 100'000'000;                  ///< rows x columns
  std::size_t max_inflated_bytes = std::size_t{1} << 28;  ///< data set behind a deflated transfer syntax
  std::int64_t max_reads = 1'000'000;                     ///< pieces the parser reads; four or so per attribute
  std::size_t max_stack_bytes = std::size_t{1} << 19;     ///< stack the parser may use; bounds the nesting of sequences
  /// Processor time the parser may use: it keeps attributes sorted, and hostile ones make that quadratic.
  std::chrono::milliseconds max_parse_time{2000};
};

/// A moment in local time, as DICOM dates and times want it.
struct DateTime {
  std::string date;  ///< YYYYMMDD (PS3.5, VR DA)
  std::string time;  ///< HHMMSS (PS3.5, VR TM)
};

/// The system's clock.
[[nodiscard]] DateTime SystemDateTime();

/// The version this library was built as, for example "0.1.0".
[[nodiscard]] std::string CompiledVersion();

/// How sources are read and results written. The functions are called from any thread that uses the reader.
struct DicomSettings {
  ReadLimits limits = {};
  ReportClass report_class = ReportClass::kComprehensive;
  std::string service_version = CompiledVersion();   ///< SoftwareVersions of results
  std::function<DateTime()> clock = SystemDateTime;  ///< dates and times of results; UIDs never depend on it
  /// Told the name and tag of every source attribute that is left out of the results because its value is invalid for
  /// its VR, for example "PatientAge (0010,1010)", and of which instance. Never told a value. May be empty.
  std::function<void(absl::string_view attribute, absl::string_view sop_instance_uid)> on_left_out = {};
};

}  // namespace cxr
