// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "trainer/judge/judgement.h"
#include "trainer/report/json.h"

namespace cxr {

/// The figures as a table for people: per class, confusion, and how many of each class are negative, indeterminate and
/// positive where that is known.
[[nodiscard]] std::string FormatTable(const Metrics& metrics);

/// The same with 95 % intervals.
[[nodiscard]] std::string FormatTable(const Judgement& judgement);

/// The figures as JSON, numbers with six places; what is not defined is null. "conclusions" is there where they are
/// known.
[[nodiscard]] Json ToJson(const Metrics& metrics);

/// The same, and "intervals_95" (each [low, high] or null) and "ece_crossfitted".
[[nodiscard]] Json ToJson(const Judgement& judgement);

/// The text of metrics.json.
[[nodiscard]] std::string FormatJson(const Judgement& judgement);

}  // namespace cxr
