// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "service/analyze/file_names.h"
#include "service/analyze/result_record.h"
#include "service/analyze/terminal.h"
#include "service/client/service_client.h"

namespace cxr {

/// What to do with a batch of files.
struct BatchOptions {
  int jobs = 4;      ///< requests in flight; also bounds how many files are in memory
  bool png = false;  ///< write the overlay as PNG too
  CallLimits limits{};
};

/// Sends every file, writes its results under its name and hands on its record. `done` is called once per file, in the
/// order of `files`, by one thread at a time, as soon as all earlier ones are done; after a stop the rest come as
/// failed with the reason CANCELLED. `files` and `names` have the same length.
void RunBatch(const std::vector<std::string>& files, const std::vector<ResultName>& names, const BatchOptions& options,
              ServiceClient& client, Console& console, const std::stop_token& stop,
              const std::function<void(ResultRecord)>& done);

}  // namespace cxr
