// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "service/model/engine/classification_head.h"
#include "service/model/engine/inference_network.h"
#include "service/model/engine/mobilenet_v2.h"
#include "trainer/data/batch_loader.h"
#include "trainer/learn/train_options.h"

namespace cxr {

/// The network in training. Copies share the weights.
struct TrainableNetwork {
  MobileNetV2 backbone{nullptr};
  ClassificationHead head{nullptr};

  [[nodiscard]] std::vector<torch::Tensor> Parameters() const;
  [[nodiscard]] std::vector<torch::Tensor> Buffers() const;
  void Train(bool on);

  /// The first `count` blocks of the backbone (features.0 and following) stay as they are, BatchNorm's statistics too.
  void FreezeBlocks(int count);

  int frozen_blocks = 0;
};

/// Builds the network on the options' device and loads the backbone's weights. The error names the file and the tensor.
[[nodiscard]] absl::StatusOr<TrainableNetwork> BuildNetwork(const TrainOptions& options);

/// The network as it will be served: exported, reloaded and frozen.
[[nodiscard]] absl::StatusOr<std::unique_ptr<InferenceNetwork>> FreezeNetwork(const TrainableNetwork& network,
                                                                              const TrainOptions& options);

/// A batch as the network takes it: N x 3 x H x W on the options' device, three equal channels, in the layout that
/// convolutions are fastest on.
[[nodiscard]] torch::Tensor BatchTensor(const TrainOptions& options, Batch& batch);

}  // namespace cxr
