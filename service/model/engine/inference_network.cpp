// SPDX-License-Identifier: Apache-2.0
#include "service/model/engine/inference_network.h"

#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/script.h>

#include <algorithm>
#include <cstring>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "service/model/engine/device.h"
#include "service/model/engine/feature_tensor.h"
#include "service/model/engine/script_inspection.h"

namespace cxr {
namespace {

/// A sentence of ours, as opposed to LibTorch's errors, which are std::runtime_error too.
class Refusal : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What matters of LibTorch's pages of stack: what the TorchScript interpreter says last, otherwise the first line.
std::string OneSentence(const std::string& text) {
  const std::string mark = "RuntimeError: ";
  const std::size_t at = text.rfind(mark);
  const std::size_t begin = at == std::string::npos ? 0 : at + mark.size();
  return text.substr(begin, text.find('\n', begin) - begin);
}

/// Runs `work` and turns every error into a Refusal.
template <typename Work>
auto Guarded(const char* what, Work work) {
  try {
    return work();
  } catch (const Refusal&) {
    throw;
  } catch (const c10::Error& error) {
    throw Refusal(std::string(what) + ": " + OneSentence(error.what_without_backtrace()));
  } catch (const std::exception& error) {  // the TorchScript compiler's and interpreter's errors, std::bad_alloc
    throw Refusal(std::string(what) + ": " + OneSentence(error.what()));
  }
}

torch::Tensor RunMethod(const torch::jit::Module& module, const char* name, const torch::Tensor& input) {
  // The frozen graph is final: profiling runs and specialisation to shapes would only make the first calls slow.
  torch::jit::GraphOptimizerEnabledGuard no_profiling(false);
  return module.get_method(name)({input}).toTensor();
}

torch::jit::Module LoadModule(const std::string& bytes, const c10::Device& device) {
  RefuseCodeThatRunsOnLoading(bytes);
  std::istringstream stream(bytes);
  torch::jit::Module module = torch::jit::load(stream, device);
  module.eval();
  for (const char* method : {"features", "head"}) {
    if (!module.find_method(method)) {
      throw Refusal(std::string("the model has no method \"") + method + "\": expected features and head");
    }
  }
  // torch::jit::freeze insists on a forward.
  if (!module.find_method("forward")) module.define("def forward(self, x):\n  return self.head(self.features(x))\n");
  RefuseUnknownOperators(module, {"features", "head", "forward"});
  return module;
}

}  // namespace

FeatureBatch::FeatureBatch(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

int FeatureBatch::size() const {
  return static_cast<int>(impl_->maps.size(0));
}

std::vector<float> FeatureBatch::Pooled(int index) const {
  if (index < 0 || index >= size()) throw std::out_of_range("no such image in the batch");
  torch::NoGradGuard no_grad;
  const torch::Tensor pooled = impl_->maps[index].mean({1, 2}).to(torch::kCPU, torch::kFloat32).contiguous();
  return {pooled.data_ptr<float>(), pooled.data_ptr<float>() + pooled.numel()};
}

struct HeadPass::Impl {
  torch::Tensor maps;  // the leaf of the graph
  torch::Tensor output;
  std::vector<std::vector<double>> logits;
};

namespace {

/// Divides by the maximum; an all-zero map stays as it is.
ClassMap Normalised(const torch::Tensor& map) {
  ClassMap result{static_cast<int>(map.size(0)), static_cast<int>(map.size(1)), {}};
  const float* values = map.data_ptr<float>();
  result.values.assign(values, values + map.numel());
  const float largest = *std::max_element(result.values.begin(), result.values.end());
  if (largest > 0) {
    for (float& value : result.values) value = std::min(value / largest, 1.0F);
  }
  return result;
}

}  // namespace

HeadPass::HeadPass(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

const std::vector<std::vector<double>>& HeadPass::logits() const {
  return impl_->logits;
}

std::vector<ClassMap> HeadPass::Maps(const std::vector<int>& labels) const {
  const std::int64_t classes = impl_->output.size(1);
  if (labels.size() != impl_->logits.size()) throw std::out_of_range("one class per image of the batch is needed");
  for (const int label : labels) {
    if (label < 0 || label >= classes) throw std::out_of_range("no such class");
  }
  return Guarded("the class activation map failed", [&] {
    torch::AutoGradMode with_gradient(true);
    const auto chosen = torch::tensor(std::vector<std::int64_t>(labels.begin(), labels.end())).to(impl_->maps.device());
    const torch::Tensor score = impl_->output.gather(1, chosen.unsqueeze(1)).sum();
    const torch::Tensor slope = torch::autograd::grad({score}, {impl_->maps}, {}, /*retain_graph=*/true)[0];
    torch::NoGradGuard no_grad;
    const torch::Tensor alpha = slope.mean({2, 3}, /*keepdim=*/true);
    const torch::Tensor maps = torch::relu((alpha * impl_->maps).sum(1)).to(torch::kCPU, torch::kFloat32).contiguous();
    if (!torch::isfinite(alpha).all().item<bool>() || !torch::isfinite(maps).all().item<bool>()) {
      throw Refusal("the class activation map holds values that are not finite");
    }
    std::vector<ClassMap> result;
    for (std::int64_t i = 0; i < maps.size(0); ++i) result.push_back(Normalised(maps[i]));
    return result;
  });
}

struct InferenceNetwork::Impl {
  NetworkOptions options;
  c10::Device device{c10::kCPU};
  torch::jit::Module module;
};

InferenceNetwork::InferenceNetwork(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
InferenceNetwork::~InferenceNetwork() = default;

const NetworkOptions& InferenceNetwork::options() const {
  return impl_->options;
}

std::unique_ptr<InferenceNetwork> InferenceNetwork::Load(const std::string& bytes, const NetworkOptions& options) {
  CheckDevice(options.device);
  if (options.rows < 1 || options.columns < 1 || options.classes < 1) {
    throw Refusal("the network's input size and number of classes must be positive");
  }
  return Guarded("the model cannot be used", [&] {
    auto impl = std::make_unique<Impl>();
    impl->options = options;
    impl->device = c10::Device(options.device);
    torch::jit::Module frozen =
        torch::jit::freeze(LoadModule(bytes, impl->device), std::vector<std::string>{"features", "head"});
    impl->module = torch::jit::optimize_for_inference(frozen, {"features"});
    auto network = std::unique_ptr<InferenceNetwork>(new InferenceNetwork(std::move(impl)));
    // Features and Head check shapes and values: a module that does not fit fails here and not at the first patient.
    // The map is part of the promise, so a head that cannot be differentiated fails here too.
    const std::vector<float> gray(static_cast<std::size_t>(options.rows) * static_cast<std::size_t>(options.columns));
    static_cast<void>(network->Head(network->Features({&gray})).Maps({0}));
    return network;
  });
}

FeatureBatch InferenceNetwork::Features(const std::vector<const std::vector<float>*>& images) const {
  const std::size_t plane =
      static_cast<std::size_t>(impl_->options.rows) * static_cast<std::size_t>(impl_->options.columns);
  if (images.empty()) throw Refusal("a batch needs at least one image");
  for (const std::vector<float>* image : images) {
    if (image->size() != plane) throw Refusal("an image has not the size of the network's input");
  }
  return Guarded("the network's features failed", [&] {
    torch::NoGradGuard no_grad;
    const auto count = static_cast<std::int64_t>(images.size());
    torch::Tensor input = torch::empty({count, 1, impl_->options.rows, impl_->options.columns}, torch::kFloat32);
    float* target = input.data_ptr<float>();
    for (std::size_t i = 0; i < images.size(); ++i) {
      std::memcpy(target + i * plane, images[i]->data(), plane * sizeof(float));
    }
    input = input.to(impl_->device).expand({count, 3, impl_->options.rows, impl_->options.columns});
    auto result = std::make_shared<FeatureBatch::Impl>();
    result->maps = RunMethod(impl_->module, "features", input);
    if (result->maps.is_mkldnn()) result->maps = result->maps.to_dense();
    if (result->maps.dim() != 4 || result->maps.size(0) != count || result->maps.numel() == 0) {
      std::ostringstream message;
      message << "the model's features have the shape " << result->maps.sizes() << ", expected N x C x H x W";
      throw Refusal(message.str());
    }
    return FeatureBatch(std::move(result));
  });
}

HeadPass InferenceNetwork::Head(const FeatureBatch& features) const {
  return Guarded("the network's head failed", [&] {
    torch::AutoGradMode with_gradient(true);
    auto pass = std::make_shared<HeadPass::Impl>();
    pass->maps = features.impl().maps.detach().requires_grad_();
    pass->output = RunMethod(impl_->module, "head", pass->maps);
    const std::int64_t classes = impl_->options.classes;
    if (pass->output.dim() != 2 || pass->output.size(0) != features.size() || pass->output.size(1) != classes) {
      std::ostringstream message;
      message << "the model's head gives the shape " << pass->output.sizes() << ", expected N x " << classes;
      throw Refusal(message.str());
    }
    const torch::Tensor values = pass->output.detach().to(torch::kCPU, torch::kFloat64).contiguous();
    if (!torch::isfinite(values).all().item<bool>()) throw Refusal("the network gives logits that are not finite");
    const double* logit = values.data_ptr<double>();
    for (int i = 0; i < features.size(); ++i, logit += classes) pass->logits.emplace_back(logit, logit + classes);
    return HeadPass(std::move(pass));
  });
}

}  // namespace cxr
