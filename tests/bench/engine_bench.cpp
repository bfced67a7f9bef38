// SPDX-License-Identifier: Apache-2.0
// Latency of the frozen network alone: backbone at several batch sizes, head, class activation map. LibTorch and std
// only.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "service/model/engine/device.h"
#include "service/model/engine/inference_network.h"
#include "service/model/engine/torchscript_export.h"

namespace {

struct Options {
  std::string device = "cpu";
  std::string model;  // empty: MobileNetV2 with random weights, which takes the same time
  int threads = 1;
  int repeats = 30;
};

constexpr char kUsage[] =
    "usage: cxr-engine-bench [--device cpu|cuda[:N]] [--model FILE] [--threads N] [--repeats N]\n";

Options Parse(int count, char** arguments) {
  Options options;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string name = arguments[i];
    const std::string value = arguments[i + 1];
    if (name == "--device") {
      options.device = value;
    } else if (name == "--model") {
      options.model = value;
    } else if (name == "--threads") {
      options.threads = std::stoi(value);
    } else if (name == "--repeats") {
      options.repeats = std::max(1, std::stoi(value));
    } else {
      throw std::runtime_error("unknown option " + name);
    }
  }
  if (count % 2 == 0) throw std::runtime_error("every option takes a value");
  return options;
}

std::string ModelBytes(const Options& options) {
  std::ostringstream bytes;
  if (options.model.empty()) {
    cxr::ExportTorchScript(cxr::MobileNetV2(), cxr::ClassificationHead(cxr::HeadOptions{})).save(bytes);
    return bytes.str();
  }
  std::ifstream file(options.model, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + options.model);
  bytes << file.rdbuf();
  return bytes.str();
}

/// Median of `repeats` runs in milliseconds, after two that do not count.
template <typename Work>
double MedianMs(int repeats, Work work) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> times;
  for (int i = -2; i < repeats; ++i) {
    const auto start = Clock::now();
    work();
    if (i >= 0) times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
  }
  std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2), times.end());
  return times[times.size() / 2];
}

void Measure(const cxr::InferenceNetwork& network, int batch, int repeats) {
  std::vector<float> image(224 * 224);
  for (std::size_t i = 0; i < image.size(); ++i) image[i] = static_cast<float>(i % 255) / 127.5F - 1.0F;
  const std::vector<const std::vector<float>*> images(static_cast<std::size_t>(batch), &image);
  // Pooled copies a result to the host: on an asynchronous device the time would otherwise be that of the launch.
  const double features_ms = MedianMs(repeats, [&] { static_cast<void>(network.Features(images).Pooled(0)); });
  const cxr::FeatureBatch features = network.Features(images);
  const double head_ms = MedianMs(repeats, [&] { static_cast<void>(network.Head(features)); });
  const std::vector<int> labels(images.size(), 0);
  const cxr::HeadPass pass = network.Head(features);
  const double map_ms = MedianMs(repeats, [&] { static_cast<void>(pass.Maps(labels)); });
  std::printf("%6d %12.2f %14.2f %9.2f %7.2f\n", batch, features_ms, features_ms / batch, head_ms, map_ms);
}

}  // namespace

int main(int count, char** arguments) {
  try {
    const Options options = Parse(count, arguments);
    cxr::SetIntraOpThreads(options.threads);
    cxr::NetworkOptions network_options;
    network_options.device = options.device;
    const auto network = cxr::InferenceNetwork::Load(ModelBytes(options), network_options);
    std::printf("device %s, %d threads, median of %d runs, milliseconds\n", options.device.c_str(), options.threads,
                options.repeats);
    std::printf(" batch     features  per picture    head    maps\n");
    for (const int batch : {1, 4, 16, 64}) Measure(*network, batch, options.repeats);
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "cxr-engine-bench: %s\n%s", error.what(), kUsage);
    return EXIT_FAILURE;
  }
}
