// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace cxr::test {

/// Writes a model directory (model.pt, manifest.json) into `directory`, which must exist: a real TorchScript module
/// whose features are the local brightness of the image on a 14 x 14 grid (0 is black, 1 is white) and whose only
/// evidence is for BACTERIA: the map of an image is its brightness, so places can be followed from pixel to report.
/// Applies to every age. Throws when it cannot write.
void WriteBrightnessModel(const std::string& directory);

/// Writes the same manifest beside a TorchScript of other methods (features and head), for models that are to be
/// refused.
void WriteScriptModel(const std::string& source, const std::string& directory);

}  // namespace cxr::test
