// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "service/model/engine/feature_tensor.h"
#include "service/model/engine/inference_network.h"
#include "service/model/engine/torchscript_export.h"
#include "tests/unit/model/script_model.h"

namespace cxr {
namespace {

/// A network with the head in question. Its features are replaced by the tests.
std::unique_ptr<InferenceNetwork> NetworkWith(const ClassificationHead& head) {
  std::ostringstream bytes;
  ExportTorchScript(MobileNetV2(), head).save(bytes);
  NetworkOptions options;
  options.rows = options.columns = 64;
  return InferenceNetwork::Load(bytes.str(), options);
}

FeatureBatch BatchOf(const torch::Tensor& maps) {
  auto impl = std::make_shared<FeatureBatch::Impl>();
  impl->maps = maps;
  return FeatureBatch(impl);
}

/// ReLU(sum_k alpha_k F_k) / max, from given weights.
torch::Tensor MapFrom(const torch::Tensor& alpha, const torch::Tensor& features) {
  const torch::Tensor map = torch::relu((alpha.view({-1, 1, 1}) * features).sum(0));
  const double largest = map.max().item<double>();
  return largest > 0 ? map / largest : map;
}

double LargestDifference(const ClassMap& map, const torch::Tensor& expected) {
  const torch::Tensor actual = torch::tensor(map.values).view({map.rows, map.columns});
  return (actual - expected.to(torch::kFloat32)).abs().max().item<double>();
}

TEST(ClassMap, ByAutogradEqualsTheClosedFormForAveragePoolingAndALinearLayer) {
  torch::manual_seed(3);
  ClassificationHead head((HeadOptions()));
  const auto network = NetworkWith(head);
  torch::NoGradGuard no_grad;
  const torch::Tensor maps = torch::rand({3, 1280, 7, 7});
  const HeadPass pass = network->Head(BatchOf(maps));
  for (int label = 0; label < 3; ++label) {
    const std::vector<ClassMap> actual = pass.Maps({label, label, label});
    ASSERT_EQ(actual.size(), 3U);
    for (int image = 0; image < 3; ++image) {
      const torch::Tensor alpha = head->layers()[0]->weight[label] / 49;
      const torch::Tensor expected = MapFrom(alpha, maps[image]);
      ASSERT_GT(expected.max().item<double>(), 0) << "an empty map would prove nothing";
      EXPECT_LT(LargestDifference(actual[static_cast<std::size_t>(image)], expected), 1e-5);
    }
  }
}

TEST(ClassMap, GradientOfAHeadWithMaxPoolingAndDenseLayersPassesAFiniteDifferenceCheck) {
  torch::manual_seed(4);
  HeadOptions options;
  options.pooling = Pooling::kMax;
  options.dense = {12, 8};
  ClassificationHead head(options);
  const auto network = NetworkWith(head);
  torch::NoGradGuard no_grad;
  const torch::Tensor maps = torch::rand({1, 1280, 3, 4}) * 4;
  const int label = 1;
  // Raising a whole channel by h changes its maximum by h, so the logit by h times the sum of its derivatives.
  const double h = 0.05;
  torch::Tensor alpha = torch::zeros({1280}, torch::kFloat64);
  for (std::int64_t channel = 0; channel < 1280; ++channel) {
    torch::Tensor up = maps.clone();
    torch::Tensor down = maps.clone();
    up[0][channel] += h;
    down[0][channel] -= h;
    const double rise = network->Head(BatchOf(up)).logits()[0][label] - network->Head(BatchOf(down)).logits()[0][label];
    alpha[channel] = rise / (2 * h) / 12;
  }
  const torch::Tensor expected = MapFrom(alpha, maps[0].to(torch::kFloat64));
  ASSERT_GT(expected.max().item<double>(), 0);
  EXPECT_LT(LargestDifference(network->Head(BatchOf(maps)).Maps({label})[0], expected), 5e-3);
}

TEST(ClassMap, IsAllZeroWhereNothingSpeaksForTheClass) {
  const std::string bytes = test::ScriptModel(
      "def features(self, x):\n  return torch.avg_pool2d(x[:, 0:1], [8, 8]) + 2.0\n"
      "def head(self, f):\n  m = torch.mean(f, [1, 2, 3])\n  return torch.stack([-m, m, m], 1)\n");
  NetworkOptions options;
  options.rows = options.columns = 32;
  const auto network = InferenceNetwork::Load(bytes, options);
  const std::vector<float> image(32 * 32, 0.5F);
  const HeadPass pass = network->Head(network->Features({&image}));
  const ClassMap against = pass.Maps({0})[0];
  EXPECT_EQ(std::count(against.values.begin(), against.values.end(), 0.0F), 16);
  const ClassMap in_favour = pass.Maps({1})[0];
  EXPECT_EQ(std::count(in_favour.values.begin(), in_favour.values.end(), 1.0F), 16);
}

TEST(ClassMap, IsAnErrorAndNotAnImageWhenTheGradientIsNotFinite) {
  // The root of a sum has an infinite slope at zero; its value is fine.
  const std::string bytes = test::ScriptModel(
      "def features(self, x):\n  return torch.avg_pool2d(torch.relu(x[:, 0:1]), [8, 8])\n"
      "def head(self, f):\n  m = torch.sqrt(torch.mean(f, [1, 2, 3]))\n  return torch.stack([m, m + 1.0, m * 2.0], "
      "1)\n");
  NetworkOptions options;
  options.rows = options.columns = 32;
  EXPECT_THROW(static_cast<void>(InferenceNetwork::Load(bytes, options)), std::runtime_error);
}

TEST(ClassMap, RefusesAClassOrImageThatDoesNotExist) {
  NetworkOptions options;
  options.rows = options.columns = 32;
  const auto network = InferenceNetwork::Load(test::ScriptModel(test::kSmallModel), options);
  const std::vector<float> image(32 * 32, 0.5F);
  const HeadPass pass = network->Head(network->Features({&image}));
  EXPECT_THROW(static_cast<void>(pass.Maps({3})), std::out_of_range);
  EXPECT_THROW(static_cast<void>(pass.Maps({-1})), std::out_of_range);
  EXPECT_THROW(static_cast<void>(pass.Maps({0, 0})), std::out_of_range);
}

}  // namespace
}  // namespace cxr
