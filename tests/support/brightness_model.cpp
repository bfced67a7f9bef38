// SPDX-License-Identifier: Apache-2.0
#include "tests/support/brightness_model.h"

#include <torch/script.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "service/base/sha256.h"
#include "service/model/manifest.h"

namespace cxr::test {
namespace {

constexpr char kSource[] = R"(
def features(self, x: Tensor) -> Tensor:
    return torch.avg_pool2d((x[:, 0:1] + 1.0) / 2.0, [16, 16])

def head(self, f: Tensor) -> Tensor:
    brightness = torch.mean(f, [1, 2, 3])
    return torch.stack([20.0 * brightness, -1.0 - brightness, -2.0 - brightness], 1)

def forward(self, x: Tensor) -> Tensor:
    return self.head(self.features(x))
)";

}  // namespace

void WriteBrightnessModel(const std::string& directory) {
  WriteScriptModel(kSource, directory);
}

void WriteScriptModel(const std::string& source, const std::string& directory) {
  torch::jit::Module module("BrightnessModel");
  module.define(source);
  std::ostringstream bytes;
  module.save(bytes);

  Manifest manifest;
  manifest.info.identity = {"brightness", "1.0.0", Sha256Hex(bytes.str())};
  SetOperatingPoints(manifest, 0.5, 0.5);
  manifest.info.population = {0, 150, "everybody: a test model that measures brightness"};

  std::ofstream(directory + "/model.pt", std::ios::binary) << bytes.str();
  std::ofstream file(directory + "/manifest.json");
  file << FormatManifest(manifest);
  if (!file.flush()) throw std::runtime_error("cannot write a model to " + directory);
}

}  // namespace cxr::test
