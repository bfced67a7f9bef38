// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "service/analyze/result_record.h"

namespace cxr {

/// The records as a table for people, a header line first, each line ended; columns are two spaces apart.
[[nodiscard]] std::string ToTable(const std::vector<ResultRecord>& records);

/// One line that counts the outcomes, for example "3 inputs: 2 analysed, 1 not applicable".
[[nodiscard]] std::string Summary(const std::vector<ResultRecord>& records);

}  // namespace cxr
