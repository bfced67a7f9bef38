// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <map>
#include <string>
#include <vector>

namespace cxr {

/// A convolution without bias, its BatchNorm and, where `relu6`, the clamp to 0..6. The names are torchvision's.
struct ConvNorm {
  std::string conv_name;  ///< for example "features.1.conv.0.0"
  std::string norm_name;  ///< for example "features.1.conv.0.1"
  torch::nn::Conv2d conv{nullptr};
  torch::nn::BatchNorm2d norm{nullptr};
  bool relu6 = true;
};

/// Layers in a row; where `residual`, the block's input is added to its output.
struct NetworkBlock {
  std::vector<ConvNorm> layers;
  bool residual = false;
};

/// The feature extractor of MobileNetV2 1.0 (Sandler et al. 2018) with torchvision's parameter names (`features.*`) and
/// TensorFlow's SAME padding: stride-2 convolutions pad the right and bottom edge only, as the weights expect.
///
/// That padding costs copies, so the network looks at the image turned by 180 degrees: it flips its input on both
/// axes, holds every 3x3 kernel flipped, pads symmetrically by 1 everywhere, and flips its last feature map back. Where
/// height and width are multiples of 32, a symmetrically padded stride-2 convolution never reaches its right and bottom
/// padding, which is the left and top one of the upright image: exactly SAME.
class MobileNetV2Impl : public torch::nn::Module {
 public:
  MobileNetV2Impl();

  /// N x 3 x H x W in -1..1 to N x 1280 x H/32 x W/32, float32. Throws c10::Error unless H and W are multiples of 32.
  torch::Tensor forward(torch::Tensor x);

  /// Makes forward() compute in `type` (float32 or bfloat16) while the network is in training. Weights, their gradients
  /// and BatchNorm's statistics stay float32 (mixed precision, Micikevicius et al. 2018; bfloat16 needs no loss
  /// scaling).
  void TrainIn(torch::ScalarType type) { training_type_ = type; }

  [[nodiscard]] const std::vector<NetworkBlock>& blocks() const { return blocks_; }

  /// Channels of the feature map.
  static constexpr int kFeatureChannels = 1280;

 private:
  struct ConvShape;
  ConvNorm MakeLayer(const std::string& conv_name, const std::string& norm_name, const ConvShape& shape);
  NetworkBlock MakeInvertedResidual(int index, int in, int out, int stride, int expansion);
  void RegisterAt(const std::string& dotted_name, const std::shared_ptr<torch::nn::Module>& module);

  std::vector<NetworkBlock> blocks_;
  torch::ScalarType training_type_ = torch::kFloat32;
};
TORCH_MODULE(MobileNetV2);

/// Copies weights made for upright images (torchvision's orientation) into `network`, flipping the 3x3 kernels.
/// `tensors` must hold every parameter and running statistic of the network and nothing else (`num_batches_tracked` may
/// be missing); throws std::runtime_error that names the first tensor that is missing, unknown or of another shape.
void LoadBackbone(MobileNetV2& network, const std::map<std::string, torch::Tensor>& tensors);

}  // namespace cxr
