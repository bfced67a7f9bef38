// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

namespace cxr {

/// True where BatchNormRelu6() can stand for `norm` and the clamp after it: `norm` in training, `x` bfloat16, N x C x H
/// x W with channels last, on the CPU.
[[nodiscard]] bool CanFuse(const torch::nn::BatchNorm2d& norm, const torch::Tensor& x);

/// BatchNorm (Ioffe and Szegedy 2015) by the statistics of the batch, then the clamp to 0..6 where `relu6`, with their
/// gradient, each in two sweeps over memory. LibTorch's own operators need five forward and ten backward, and memory is
/// what training on few cores waits for. Statistics and sums are float32 and float64 and do not depend on the number of
/// threads. Updates the running statistics of `norm` as LibTorch does. Requires CanFuse(norm, x).
[[nodiscard]] torch::Tensor BatchNormRelu6(torch::nn::BatchNorm2d& norm, const torch::Tensor& x, bool relu6);

}  // namespace cxr
