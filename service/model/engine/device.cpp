// SPDX-License-Identifier: Apache-2.0
#include "service/model/engine/device.h"

#include <torch/torch.h>

#include <stdexcept>

namespace cxr {
namespace {

c10::Device ParseDevice(const std::string& device) {
  try {
    return c10::Device(device);
  } catch (const c10::Error&) {
    throw std::runtime_error("\"" + device + "\" is not a device: expected cpu, cuda or cuda:N");
  }
}

}  // namespace

void CheckDevice(const std::string& device) {
  const c10::Device parsed = ParseDevice(device);
  if (parsed.is_cpu()) return;
  if (!parsed.is_cuda()) throw std::runtime_error("\"" + device + "\" is not supported: expected cpu, cuda or cuda:N");
  const int present = torch::cuda::is_available() ? static_cast<int>(torch::cuda::device_count()) : 0;
  if (parsed.index() >= present || present == 0) {
    throw std::runtime_error("device " + device + " was asked for, but this machine and this LibTorch offer " +
                             std::to_string(present) + " CUDA devices");
  }
}

void SetIntraOpThreads(int threads) {
  if (threads < 1) throw std::runtime_error("the number of threads must be 1 or more");
  at::set_num_threads(threads);
}

void SeedTorch(unsigned long long seed) {
  torch::manual_seed(seed);
}

}  // namespace cxr
