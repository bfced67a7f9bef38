// SPDX-License-Identifier: Apache-2.0
#include "service/model/engine/batch_norm_relu6.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <vector>

#include "service/model/engine/batch_norm_sweeps.h"

namespace cxr {
namespace {

constexpr std::int64_t kRowsOfChunk = 512;  // summed in float32, which is exact enough for so few

Bfloat16Bits* Bits(const torch::Tensor& tensor) {
  return reinterpret_cast<Bfloat16Bits*>(tensor.data_ptr<at::BFloat16>());
}

std::int64_t Rows(const torch::Tensor& x) {
  return x.numel() / x.size(1);
}

/// Calls sweep(first row, rows) for chunks, on LibTorch's threads.
void ForChunks(std::int64_t rows, const std::function<void(std::int64_t, std::int64_t)>& sweep) {
  const std::int64_t chunks = (rows + kRowsOfChunk - 1) / kRowsOfChunk;
  at::parallel_for(0, chunks, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t chunk = begin; chunk < end; ++chunk) {
      const std::int64_t first = chunk * kRowsOfChunk;
      sweep(first, std::min(kRowsOfChunk, rows - first));
    }
  });
}

/// Two sums for each channel (2 x channels, float64) of what `sweep` adds up chunk by chunk.
torch::Tensor SumChunks(
    std::int64_t rows, std::int64_t channels,
    const std::function<void(std::int64_t first, std::int64_t count, float* sums, float* others)>& sweep) {
  const std::int64_t chunks = (rows + kRowsOfChunk - 1) / kRowsOfChunk;
  const torch::Tensor parts = torch::zeros({chunks, 2, channels}, torch::kFloat32);
  auto* values = parts.data_ptr<float>();
  ForChunks(rows, [&](std::int64_t first, std::int64_t count) {
    float* own = values + first / kRowsOfChunk * 2 * channels;
    sweep(first, count, own, own + channels);
  });
  return parts.sum(at::IntArrayRef{0}, false, torch::kFloat64);
}

AffineClamp Affine(const torch::Tensor& scale, const torch::Tensor& offset, bool relu6) {
  constexpr float kNoLimit = std::numeric_limits<float>::infinity();
  return {scale.data_ptr<float>(), offset.data_ptr<float>(), relu6 ? 0.0F : -kNoLimit, relu6 ? 6.0F : kNoLimit};
}

class NormRelu6 : public torch::autograd::Function<NormRelu6> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& x,
                               const torch::Tensor& weight, const torch::Tensor& bias, const torch::Tensor& mean,
                               const torch::Tensor& deviation, bool relu6) {
    const torch::Tensor scale = (weight.to(torch::kFloat64) / deviation).to(torch::kFloat32);
    const torch::Tensor offset = (bias - mean * weight / deviation).to(torch::kFloat32);
    const AffineClamp affine = Affine(scale, offset, relu6);
    const torch::Tensor y = torch::empty_like(x);
    const std::int64_t channels = x.size(1);
    ForChunks(Rows(x), [&](std::int64_t first, std::int64_t count) {
      ApplyAffineClamp(Bits(x) + first * channels, count, channels, affine, Bits(y) + first * channels);
    });
    context->save_for_backward({x, scale, offset, mean, deviation});
    context->saved_data["relu6"] = relu6;
    return y;
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context,
                                               torch::autograd::tensor_list gradients) {
    const auto saved = context->get_saved_variables();
    const torch::Tensor& x = saved[0];
    const torch::Tensor& mean = saved[3];
    const torch::Tensor& deviation = saved[4];
    const torch::Tensor dy = gradients[0].contiguous(torch::MemoryFormat::ChannelsLast);
    const AffineClamp affine = Affine(saved[1], saved[2], context->saved_data["relu6"].toBool());
    const std::int64_t channels = x.size(1);
    const torch::Tensor sums = SumChunks(
        Rows(x), channels, [&](std::int64_t first, std::int64_t count, float* gradient_sums, float* products) {
          SumGradients(Bits(x) + first * channels, Bits(dy) + first * channels, count, channels, affine, gradient_sums,
                       products);
        });
    const torch::Tensor d_bias = sums[0];
    const torch::Tensor d_weight = (sums[1] - sums[0] * mean) / deviation;
    const auto count = static_cast<double>(Rows(x));
    const torch::Tensor scale = saved[1].to(torch::kFloat64);
    const torch::Tensor slope64 = -scale * d_weight / (deviation * count);
    const torch::Tensor slope = slope64.to(torch::kFloat32);
    const torch::Tensor constant = (-scale * d_bias / count - mean * slope64).to(torch::kFloat32);
    const torch::Tensor dx = torch::empty_like(x);
    ForChunks(Rows(x), [&](std::int64_t first, std::int64_t rows) {
      const std::int64_t at = first * channels;
      ApplyGradient(Bits(x) + at, Bits(dy) + at, rows, channels, affine, slope.data_ptr<float>(),
                    constant.data_ptr<float>(), Bits(dx) + at);
    });
    return {dx, d_weight.to(torch::kFloat32), d_bias.to(torch::kFloat32), {}, {}, {}};
  }
};

/// As LibTorch: with the variance divided by count - 1, by the momentum or, without one, as the plain mean over
/// batches.
void UpdateRunning(torch::nn::BatchNorm2d& norm, const torch::Tensor& mean, const torch::Tensor& variance,
                   double count) {
  norm->num_batches_tracked += 1;
  const auto& momentum = norm->options.momentum();
  const double share = momentum.has_value() ? *momentum : 1.0 / norm->num_batches_tracked.item<double>();
  norm->running_mean.lerp_(mean.to(torch::kFloat32), share);
  norm->running_var.lerp_((variance * (count / (count - 1))).to(torch::kFloat32), share);
}

}  // namespace

bool CanFuse(const torch::nn::BatchNorm2d& norm, const torch::Tensor& x) {
  return norm->is_training() && x.is_cpu() && x.scalar_type() == torch::kBFloat16 && x.dim() == 4 &&
         x.is_contiguous(torch::MemoryFormat::ChannelsLast);
}

torch::Tensor BatchNormRelu6(torch::nn::BatchNorm2d& norm, const torch::Tensor& x, bool relu6) {
  TORCH_CHECK(CanFuse(norm, x), "expected a bfloat16 batch on the CPU with channels last");
  const std::int64_t channels = x.size(1);
  torch::Tensor mean;
  torch::Tensor deviation;
  {
    torch::NoGradGuard no_grad;
    const auto count = static_cast<double>(Rows(x));
    const torch::Tensor moments =
        SumChunks(Rows(x), channels, [&](std::int64_t first, std::int64_t rows, float* sums, float* squares) {
          SumMoments(Bits(x) + first * channels, rows, channels, sums, squares);
        });
    mean = moments[0] / count;
    const torch::Tensor variance = (moments[1] / count - mean * mean).clamp_min(0);
    deviation = (variance + norm->options.eps()).sqrt();
    UpdateRunning(norm, mean, variance, count);
  }
  return NormRelu6::apply(x, norm->weight, norm->bias, mean, deviation, relu6);
}

}  // namespace cxr
