// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/script.h>

#include <string>

#include "service/model/engine/classification_head.h"
#include "service/model/engine/mobilenet_v2.h"

namespace cxr {

/// The network as a TorchScript module with the methods
///   features(x): N x 3 x H x W in -1..1 to N x 1280 x H/32 x W/32,
///   head(f):     feature map to N x classes logits, differentiable with respect to f,
///   forward(x):  head(features(x)).
/// BatchNorm is folded into the convolutions with its running statistics; dropout is left out. The module holds copies:
/// later training does not change it. Computes what `network` and `head` compute in eval mode, to rounding.
[[nodiscard]] torch::jit::Module ExportTorchScript(const MobileNetV2& network, const ClassificationHead& head);

/// Writes the module of ExportTorchScript to `path`. Throws std::runtime_error when the file cannot be written.
void SaveTorchScript(const MobileNetV2& network, const ClassificationHead& head, const std::string& path);

}  // namespace cxr
