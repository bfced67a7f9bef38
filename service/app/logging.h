// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace cxr {

/// Sends the process's log to stderr, one line per record, from `level` (trace, debug, info, warning, error, critical,
/// off) up.
void StartLogging(const std::string& level);

}  // namespace cxr
