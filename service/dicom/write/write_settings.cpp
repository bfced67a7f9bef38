// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/write/write_settings.h"

#include <ctime>

namespace cxr {

DateTime SystemDateTime() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  char date[16] = {};
  char time[16] = {};
  std::strftime(date, sizeof date, "%Y%m%d", &local);
  std::strftime(time, sizeof time, "%H%M%S", &local);
  return {date, time};
}

std::string CompiledVersion() {
  return CXR_VERSION;
}

}  // namespace cxr
