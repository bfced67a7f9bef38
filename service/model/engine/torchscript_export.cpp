// SPDX-License-Identifier: Apache-2.0
#include "service/model/engine/torchscript_export.h"

#include <sstream>
#include <stdexcept>

namespace cxr {
namespace {

torch::Tensor Frozen(const torch::Tensor& tensor) {
  return tensor.detach().to(torch::kCPU, torch::kFloat32).contiguous().clone();
}

struct FoldedConv {
  torch::Tensor weight;
  torch::Tensor bias;
};

/// norm(conv(x)) with running statistics is one convolution. In double, so that folding adds no rounding of its own.
FoldedConv Fold(const ConvNorm& layer) {
  const auto wide = [](const torch::Tensor& tensor) { return tensor.detach().to(torch::kFloat64); };
  const torch::Tensor scale =
      wide(layer.norm->weight) / torch::sqrt(wide(layer.norm->running_var) + layer.norm->options.eps());
  const torch::Tensor weight = wide(layer.conv->weight) * scale.view({-1, 1, 1, 1});
  const torch::Tensor bias = wide(layer.norm->bias) - wide(layer.norm->running_mean) * scale;
  return {Frozen(weight), Frozen(bias)};
}

/// Writes one statement per layer and registers the weights it names.
class FeaturesWriter {
 public:
  explicit FeaturesWriter(torch::jit::Module& module) : module_(module) {}

  std::string Write(const MobileNetV2& network) {
    source_ << "def features(self, x):\n  x = torch.flip(x, [2, 3])\n";  // the network looks at the turned image
    for (const NetworkBlock& block : network->blocks()) {
      if (block.residual) source_ << "  y = x\n";
      for (const ConvNorm& layer : block.layers) WriteLayer(layer);
      if (block.residual) source_ << "  x = torch.add(x, y)\n";
    }
    source_ << "  return torch.flip(x, [2, 3])\n";
    return source_.str();
  }

 private:
  void WriteLayer(const ConvNorm& layer) {
    const std::string number = std::to_string(count_++);
    const FoldedConv folded = Fold(layer);
    module_.register_parameter("weight" + number, folded.weight, false);
    module_.register_parameter("bias" + number, folded.bias, false);
    const auto& options = layer.conv->options;
    std::ostringstream call;
    call << "torch.conv2d(x, self.weight" << number << ", self.bias" << number << ", [" << options.stride()->at(0)
         << ", " << options.stride()->at(1) << "], [" << options.kernel_size()->at(0) / 2 << ", "
         << options.kernel_size()->at(1) / 2 << "], [1, 1], " << options.groups() << ")";
    source_ << "  x = " << (layer.relu6 ? "torch.hardtanh(" + call.str() + ", 0.0, 6.0)" : call.str()) << "\n";
  }

  torch::jit::Module& module_;
  std::ostringstream source_;
  int count_ = 0;
};

std::string WriteHead(torch::jit::Module& module, const ClassificationHead& head) {
  std::ostringstream source;
  source << "def head(self, f):\n";
  source << (head->options().pooling == Pooling::kMax ? "  x = torch.amax(f, [2, 3])\n"
                                                      : "  x = torch.mean(f, [2, 3])\n");
  for (std::size_t i = 0; i < head->layers().size(); ++i) {
    const std::string number = std::to_string(i);
    const auto& layer = head->layers()[i];
    module.register_parameter("head_weight" + number, Frozen(layer->weight), false);
    module.register_parameter("head_bias" + number, Frozen(layer->bias), false);
    if (i > 0) source << "  x = torch.relu(x)\n";
    source << "  x = torch.addmm(self.head_bias" << number << ", x, torch.t(self.head_weight" << number << "))\n";
  }
  source << "  return x\n";
  return source.str();
}

}  // namespace

torch::jit::Module ExportTorchScript(const MobileNetV2& network, const ClassificationHead& head) {
  torch::NoGradGuard no_grad;
  torch::jit::Module module("CxrNetwork");
  module.register_attribute("training", c10::BoolType::get(), false);  // what Python's torch.jit.load looks for
  module.define(FeaturesWriter(module).Write(network));
  module.define(WriteHead(module, head));
  module.define("def forward(self, x):\n  return self.head(self.features(x))\n");
  for (torch::Tensor parameter : module.parameters()) parameter.set_requires_grad(false);
  return module;
}

void SaveTorchScript(const MobileNetV2& network, const ClassificationHead& head, const std::string& path) {
  try {
    ExportTorchScript(network, head).save(path);
  } catch (const c10::Error& error) {
    throw std::runtime_error("cannot write " + path + ": " + error.what_without_backtrace());
  }
}

}  // namespace cxr
