// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace cxr {

/// How the results of one input are named.
struct ResultName {
  std::string stem;      ///< path without ".sc.dcm", ".sr.dcm", ".pr.dcm", ".map.dcm" or ".png"
  bool renamed = false;  ///< the input's own stem was taken, so a number was added
};

/// One name for each file, in their order: `out`/STEM, or `out`/STEM-2, STEM-3 ... where an earlier file has the same
/// stem or a result would overwrite one of the files themselves.
[[nodiscard]] std::vector<ResultName> NameResults(const std::vector<std::string>& files, const std::string& out);

}  // namespace cxr
