// SPDX-License-Identifier: Apache-2.0
#include "trainer/learn/network.h"

#include <exception>
#include <map>
#include <sstream>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "service/base/file.h"
#include "service/model/engine/torchscript_export.h"
#include "service/model/safetensors.h"

namespace cxr {
namespace {

constexpr std::uint64_t kMaxBackbone = 1U << 30U;

absl::Status LoadWeights(const std::string& path, MobileNetV2& backbone) {
  const auto bytes = ReadFile(path, kMaxBackbone);
  if (!bytes.ok()) return bytes.status();
  const auto named = ParseSafetensors(*bytes);
  if (!named.ok()) return absl::InvalidArgumentError(absl::StrCat(path, ": ", named.status().message()));
  std::map<std::string, torch::Tensor> tensors;
  for (const auto& [name, tensor] : *named) tensors[name] = torch::tensor(tensor.values).view(tensor.shape);
  try {
    LoadBackbone(backbone, tensors);
  } catch (const std::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": ", error.what()));
  }
  return absl::OkStatus();
}

/// oneDNN's convolutions are fastest on this layout; BatchNorm too.
void UseChannelsLast(MobileNetV2& backbone) {
  for (torch::Tensor parameter : backbone->parameters()) {
    if (parameter.dim() == 4) parameter.set_data(parameter.contiguous(torch::MemoryFormat::ChannelsLast));
  }
}

}  // namespace

std::vector<torch::Tensor> TrainableNetwork::Parameters() const {
  std::vector<torch::Tensor> all = backbone->parameters();
  for (const torch::Tensor& parameter : head->parameters()) all.push_back(parameter);
  return all;
}

std::vector<torch::Tensor> TrainableNetwork::Buffers() const {
  return backbone->buffers();
}

void TrainableNetwork::Train(bool on) {
  backbone->train(on);
  head->train(on);
  for (int block = 0; block < frozen_blocks; ++block) {
    for (const ConvNorm& layer : backbone->blocks()[static_cast<std::size_t>(block)].layers) layer.norm.ptr()->eval();
  }
}

void TrainableNetwork::FreezeBlocks(int count) {
  frozen_blocks = count;
  for (int block = 0; block < count; ++block) {
    for (const ConvNorm& layer : backbone->blocks()[static_cast<std::size_t>(block)].layers) {
      for (torch::Tensor parameter : layer.conv->parameters()) parameter.set_requires_grad(false);
      for (torch::Tensor parameter : layer.norm->parameters()) parameter.set_requires_grad(false);
    }
  }
}

absl::StatusOr<TrainableNetwork> BuildNetwork(const TrainOptions& options) {
  TrainableNetwork network;
  network.backbone = MobileNetV2();
  HeadOptions head;
  head.pooling = options.max_pooling ? Pooling::kMax : Pooling::kAverage;
  head.dense = options.dense;
  head.dropout = options.dropout;
  network.head = ClassificationHead(head);
  if (options.backbone != "none") {
    if (absl::Status status = LoadWeights(options.backbone, network.backbone); !status.ok()) return status;
  }
  network.backbone->to(c10::Device(options.device));
  network.head->to(c10::Device(options.device));
  UseChannelsLast(network.backbone);
  if (options.precision == Precision::kBfloat16) network.backbone->TrainIn(torch::kBFloat16);
  const auto first = ParseBlock(options.fine_tune_from);
  if (!first.ok()) return first.status();
  network.FreezeBlocks(*first);
  return network;
}

absl::StatusOr<std::unique_ptr<InferenceNetwork>> FreezeNetwork(const TrainableNetwork& network,
                                                                const TrainOptions& options) {
  try {
    std::ostringstream bytes;
    ExportTorchScript(network.backbone, network.head).save(bytes);
    NetworkOptions network_options;
    network_options.device = options.device;
    network_options.rows = network_options.columns = options.image_size;
    return InferenceNetwork::Load(bytes.str(), network_options);
  } catch (const std::exception& error) {
    return absl::InternalError(absl::StrCat("the trained network cannot be exported: ", error.what()));
  }
}

torch::Tensor BatchTensor(const TrainOptions& options, Batch& batch) {
  const auto count = static_cast<std::int64_t>(batch.positions.size());
  const std::int64_t side = options.image_size;
  return torch::from_blob(batch.pixels.data(), {count, 1, side, side})
      .to(torch::Device(options.device))
      .expand({count, 3, side, side})
      .contiguous(torch::MemoryFormat::ChannelsLast);
}

}  // namespace cxr
