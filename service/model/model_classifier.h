// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "service/core/classifier.h"

namespace cxr {

struct ClassifierOptions {
  std::string device = "cpu";  ///< cpu, cuda or cuda:N
};

/// Loads the model in `directory` (manifest.json and the file it names; the run folder of a training, whose model lies
/// in its folder "model", will do as well), checks the file's SHA-256 against the manifest, and warms it up. The
/// classifier is thread-safe; let a fixed pool of threads call it and set their operator threads with SetIntraOpThreads
/// (engine/device.h). The error names the file or key that is wrong and what was expected.
[[nodiscard]] absl::StatusOr<std::unique_ptr<Classifier>> LoadClassifier(const std::string& directory,
                                                                         const ClassifierOptions& options);

}  // namespace cxr
