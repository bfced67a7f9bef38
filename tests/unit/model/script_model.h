// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace cxr::test {

/// The bytes of a TorchScript module with the methods of this source, for example "def features(self, x): ...".
[[nodiscard]] std::string ScriptModel(const std::string& source);

/// Features that keep four channels at a quarter of the size, and a head of average pooling and one linear layer.
inline constexpr char kSmallModel[] = R"(
def features(self, x):
  y = torch.avg_pool2d(x[:, 0:1], [4, 4])
  return torch.cat([y, 1.0 - y, y * y, torch.flip(y, [3])], 1)
def head(self, f):
  p = torch.mean(f, [2, 3])
  return torch.stack([p[:, 0] - p[:, 1], p[:, 1] * 0.5, p[:, 2] + 2.0 * p[:, 3]], 1)
)";

}  // namespace cxr::test
