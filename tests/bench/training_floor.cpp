// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/training_floor.h"

#include <algorithm>
#include <limits>

#include "trainer/learn/step_times.h"

namespace cxr::bench {
namespace {

constexpr double kSweepsOfInput = 3;
constexpr double kSweepsOfOutput = 11;

template <typename Work>
double FastestSeconds(int repeats, const Work& work) {
  double fastest = std::numeric_limits<double>::infinity();
  for (int i = 0; i < repeats; ++i) {
    LapWatch watch;
    work();
    fastest = std::min(fastest, watch.Lap());
  }
  return fastest;
}

}  // namespace

StepWork WorkOfStep(const MobileNetV2& network, int side, int batch) {
  StepWork work;
  double pixels = static_cast<double>(side) * side * batch;
  bool first = true;
  for (const NetworkBlock& block : network->blocks()) {
    for (const ConvNorm& layer : block.layers) {
      const auto& conv = layer.conv->options;
      const double input = pixels * static_cast<double>(conv.in_channels());
      pixels /= static_cast<double>(conv.stride()->at(0) * conv.stride()->at(1));
      const double output = pixels * static_cast<double>(conv.out_channels());
      const double per_value =
          static_cast<double>(layer.conv->weight.numel()) / static_cast<double>(conv.out_channels());
      work.multiply_adds += output * per_value * (first ? 2 : 3);
      work.values_moved += kSweepsOfInput * input + kSweepsOfOutput * output;
      first = false;
    }
  }
  return work;
}

MachineSpeed MeasureMachine(torch::ScalarType type) {
  torch::NoGradGuard no_grad;
  constexpr std::int64_t kBatch = 32;
  constexpr std::int64_t kChannels = 256;
  constexpr std::int64_t kSide = 28;
  const torch::Tensor map =
      torch::rand({kBatch, kChannels, kSide, kSide}).to(type).contiguous(torch::MemoryFormat::ChannelsLast);
  const torch::Tensor weight =
      torch::rand({kChannels, kChannels, 1, 1}).to(type).contiguous(torch::MemoryFormat::ChannelsLast);
  const double convolution = FastestSeconds(12, [&] { torch::conv2d(map, weight); });
  const torch::Tensor from = torch::rand({kBatch, 96, 112, 112}).to(type);  // the largest map of the network
  torch::Tensor to = torch::empty_like(from);
  const double copy = FastestSeconds(12, [&] { to.copy_(from); });
  return {static_cast<double>(map.numel() * kChannels) / convolution,
          2.0 * static_cast<double>(from.numel() * from.element_size()) / copy};
}

}  // namespace cxr::bench
