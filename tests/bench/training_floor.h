// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include "service/model/engine/mobilenet_v2.h"

namespace cxr::bench {

/// What a training step does at least, by the algorithm that the trainer uses.
struct StepWork {
  /// Of forward, gradient of the input and gradient of the weights; the first layer's input needs no gradient.
  double multiply_adds = 0;
  /// Values of feature maps read or written: convolutions read their input in forward and for the weights' gradient and
  /// write its gradient (3), and write their output (1) and read its gradient twice (2); the fused BatchNorm and clamp
  /// read the output twice and write their result, which is the next input (3), and backward read twice what they had
  /// read and their gradient, and write one (5).
  double values_moved = 0;
};

[[nodiscard]] StepWork WorkOfStep(const MobileNetV2& network, int side, int batch);

/// What this machine does in one second with LibTorch's threads, measured now.
struct MachineSpeed {
  double multiply_adds = 0;  ///< in a dense convolution that suits it
  double bytes = 0;          ///< read and written by a copy
};

[[nodiscard]] MachineSpeed MeasureMachine(torch::ScalarType type);

}  // namespace cxr::bench
