// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace cxr {

/// The largest file that is read.
inline constexpr std::uint64_t kMostFileBytes = std::uint64_t{1} << 30U;

/// The files to analyse, and what was left out of folders.
struct InputFiles {
  std::vector<std::string> files;  ///< in the order of the arguments, each folder's files sorted by path
  std::vector<std::string> notes;  ///< one sentence for each file that was left out
};

/// Expands files and folders. A file that is named is taken whatever it holds; of a folder (walked deeply, links to
/// folders not followed) what looks like DICOM, PNG or JPEG, without results of earlier runs (X.sc.dcm, X.sr.dcm,
/// X.pr.dcm, X.map.dcm and the X.png beside them). No file appears twice. Failure: InvalidArgument for what does not
/// exist, cannot be read or is neither file nor folder, and when nothing is left.
[[nodiscard]] absl::StatusOr<InputFiles> FindInputFiles(const std::vector<std::string>& arguments);

/// How the results of one input are named.
struct ResultName {
  std::string stem;      ///< path without ".sc.dcm", ".sr.dcm", ".pr.dcm", ".map.dcm" or ".png"
  bool renamed = false;  ///< the input's own stem was taken, so a number was added
};

/// One name for each file, in their order: `out`/STEM, or `out`/STEM-2, STEM-3 ... where an earlier file has the same
/// stem or a result would overwrite one of the files themselves.
[[nodiscard]] std::vector<ResultName> NameResults(const std::vector<std::string>& files, const std::string& out);

}  // namespace cxr
