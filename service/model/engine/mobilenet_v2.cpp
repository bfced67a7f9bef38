// SPDX-License-Identifier: Apache-2.0
#include "service/model/engine/mobilenet_v2.h"

#include <sstream>
#include <stdexcept>

#include "service/model/engine/batch_norm_relu6.h"

namespace cxr {

struct MobileNetV2Impl::ConvShape {
  int in;
  int out;
  int kernel;
  int stride;
  int groups;
  bool relu6;
};

namespace {

/// Expansion, channels, repeats and first stride of each stage (Sandler et al. 2018, table 2).
struct Stage {
  int expansion;
  int channels;
  int repeats;
  int stride;
};
constexpr Stage kStages[] = {{1, 16, 1, 1}, {6, 24, 2, 2},  {6, 32, 3, 2}, {6, 64, 4, 2},
                             {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}};
constexpr int kStemChannels = 32;

torch::Tensor Convolve(const torch::nn::Conv2d& conv, const torch::Tensor& x) {
  const auto& options = conv->options;
  const int padding = static_cast<int>(options.kernel_size()->at(0) / 2);
  return torch::conv2d(x, conv->weight.to(x.scalar_type()), {}, options.stride(), padding, 1, options.groups());
}

}  // namespace

MobileNetV2Impl::MobileNetV2Impl() {
  blocks_.push_back({{MakeLayer("features.0.0", "features.0.1", {3, kStemChannels, 3, 2, 1, true})}, false});
  int channels = kStemChannels;
  int index = 1;
  for (const Stage& stage : kStages) {
    for (int repeat = 0; repeat < stage.repeats; ++repeat) {
      blocks_.push_back(
          MakeInvertedResidual(index++, channels, stage.channels, repeat == 0 ? stage.stride : 1, stage.expansion));
      channels = stage.channels;
    }
  }
  const std::string last = "features." + std::to_string(index);
  blocks_.push_back({{MakeLayer(last + ".0", last + ".1", {channels, kFeatureChannels, 1, 1, 1, true})}, false});
}

torch::Tensor MobileNetV2Impl::forward(torch::Tensor x) {
  TORCH_CHECK(x.dim() == 4 && x.size(1) == 3 && x.size(2) % 32 == 0 && x.size(3) % 32 == 0,
              "expected N x 3 x H x W with H and W multiples of 32, got ", x.sizes());
  const torch::ScalarType type = is_training() ? training_type_ : torch::kFloat32;
  x = x.flip({2, 3}).to(type);
  for (NetworkBlock& block : blocks_) {
    const torch::Tensor before = x;
    for (ConvNorm& layer : block.layers) {
      x = Convolve(layer.conv, x);
      if (CanFuse(layer.norm, x)) {
        x = BatchNormRelu6(layer.norm, x, layer.relu6);
        continue;
      }
      x = layer.norm(x);
      if (layer.relu6) x = torch::hardtanh_(x, 0, 6);
    }
    if (block.residual) x = x + before;
  }
  return x.to(torch::kFloat32).flip({2, 3});
}

ConvNorm MobileNetV2Impl::MakeLayer(const std::string& conv_name, const std::string& norm_name,
                                    const ConvShape& shape) {
  ConvNorm layer;
  layer.conv_name = conv_name;
  layer.norm_name = norm_name;
  layer.conv = torch::nn::Conv2d(torch::nn::Conv2dOptions(shape.in, shape.out, shape.kernel)
                                     .stride(shape.stride)
                                     .padding(shape.kernel / 2)
                                     .groups(shape.groups)
                                     .bias(false));
  layer.norm = torch::nn::BatchNorm2d(torch::nn::BatchNorm2dOptions(shape.out).eps(1e-5));
  layer.relu6 = shape.relu6;
  torch::nn::init::kaiming_normal_(layer.conv->weight, 0, torch::kFanOut, torch::kReLU);
  RegisterAt(conv_name, layer.conv.ptr());
  RegisterAt(norm_name, layer.norm.ptr());
  return layer;
}

NetworkBlock MobileNetV2Impl::MakeInvertedResidual(int index, int in, int out, int stride, int expansion) {
  const std::string prefix = "features." + std::to_string(index) + ".conv.";
  const int hidden = in * expansion;
  NetworkBlock block;
  block.residual = stride == 1 && in == out;
  int position = 0;
  const auto add_activated = [&](const ConvShape& shape) {
    const std::string name = prefix + std::to_string(position++);
    block.layers.push_back(MakeLayer(name + ".0", name + ".1", shape));
  };
  if (expansion != 1) add_activated({in, hidden, 1, 1, 1, true});
  add_activated({hidden, hidden, 3, stride, hidden, true});
  const std::string conv_name = prefix + std::to_string(position);
  const std::string norm_name = prefix + std::to_string(position + 1);
  block.layers.push_back(MakeLayer(conv_name, norm_name, {hidden, out, 1, 1, 1, false}));
  return block;
}

void MobileNetV2Impl::RegisterAt(const std::string& dotted_name, const std::shared_ptr<torch::nn::Module>& module) {
  torch::nn::Module* parent = this;
  std::istringstream parts(dotted_name);
  std::string part;
  std::string next;
  std::getline(parts, part, '.');
  for (; std::getline(parts, next, '.'); part = next) {
    const auto children = parent->named_children();
    const auto* known = children.find(part);
    parent =
        known != nullptr ? known->get() : parent->register_module(part, std::make_shared<torch::nn::Module>()).get();
  }
  parent->register_module(part, module);
}

void LoadBackbone(MobileNetV2& network, const std::map<std::string, torch::Tensor>& tensors) {
  torch::NoGradGuard no_grad;
  std::map<std::string, torch::Tensor> targets;
  for (const auto& item : network->named_parameters()) targets[item.key()] = item.value();
  for (const auto& item : network->named_buffers()) targets[item.key()] = item.value();
  for (const auto& [name, tensor] : tensors) {
    if (targets.count(name) == 0)
      throw std::runtime_error("the backbone holds a tensor that MobileNetV2 has not: " + name);
  }
  for (auto& [name, target] : targets) {
    const auto found = tensors.find(name);
    if (found == tensors.end()) {
      if (name.find("num_batches_tracked") != std::string::npos) continue;
      throw std::runtime_error("the backbone lacks the tensor " + name);
    }
    if (found->second.sizes() != target.sizes()) {
      std::ostringstream message;
      message << "the backbone's tensor " << name << " has the shape " << found->second.sizes() << ", expected "
              << target.sizes();
      throw std::runtime_error(message.str());
    }
    const bool spatial = target.dim() == 4 && target.size(2) > 1;
    target.copy_(spatial ? found->second.flip({2, 3}) : found->second);
  }
}

}  // namespace cxr
