// SPDX-License-Identifier: Apache-2.0
#include "service/model/engine/inference_network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "service/model/engine/device.h"
#include "service/model/engine/torchscript_export.h"
#include "tests/unit/model/script_model.h"

namespace cxr {
namespace {

using testing::HasSubstr;
using Images = std::vector<std::vector<float>>;

NetworkOptions SmallOptions() {
  NetworkOptions options;
  options.rows = 32;
  options.columns = 48;
  return options;
}

Images NoiseImages(int count, std::size_t size) {
  torch::manual_seed(17);
  Images images;
  for (int i = 0; i < count; ++i) {
    const torch::Tensor noise = torch::rand({static_cast<std::int64_t>(size)}) * 2 - 1;
    images.emplace_back(noise.data_ptr<float>(), noise.data_ptr<float>() + noise.numel());
  }
  return images;
}

std::string LoadError(const std::string& bytes) {
  try {
    static_cast<void>(InferenceNetwork::Load(bytes, SmallOptions()));
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

TEST(InferenceNetwork, FrozenComputesWhatTheModuleComputes) {
  torch::NoGradGuard no_grad;
  torch::manual_seed(23);
  torch::jit::Module module = ExportTorchScript(MobileNetV2(), ClassificationHead(HeadOptions()));
  std::ostringstream bytes;
  module.save(bytes);
  NetworkOptions options;
  options.rows = options.columns = 64;
  const auto network = InferenceNetwork::Load(bytes.str(), options);
  Images images = NoiseImages(2, 64 * 64);
  const HeadPass pass = network->Head(network->Features({&images[0], &images[1]}));
  for (std::size_t i = 0; i < 2; ++i) {
    const torch::Tensor input = torch::tensor(images[i]).view({1, 1, 64, 64}).expand({1, 3, 64, 64}).contiguous();
    const torch::Tensor expected = module.forward({input}).toTensor();
    for (int label = 0; label < 3; ++label) {
      EXPECT_NEAR(pass.logits()[i][static_cast<std::size_t>(label)], expected[0][label].item<double>(), 1e-3);
    }
  }
}

TEST(InferenceNetwork, GivesTheSameForAnImageAloneAndInABatch) {
  const auto network = InferenceNetwork::Load(test::ScriptModel(test::kSmallModel), SmallOptions());
  Images images = NoiseImages(3, 32 * 48);
  const HeadPass together = network->Head(network->Features({&images[0], &images[1], &images[2]}));
  const std::vector<ClassMap> maps = together.Maps({0, 1, 2});
  for (std::size_t i = 0; i < 3; ++i) {
    const HeadPass alone = network->Head(network->Features({&images[i]}));
    const ClassMap map = alone.Maps({static_cast<int>(i)})[0];
    EXPECT_EQ(map.rows, 8);
    EXPECT_EQ(map.columns, 12);
    for (std::size_t label = 0; label < 3; ++label)
      EXPECT_NEAR(alone.logits()[0][label], together.logits()[i][label], 1e-6);
    for (std::size_t k = 0; k < map.values.size(); ++k) EXPECT_NEAR(map.values[k], maps[i].values[k], 1e-5);
  }
}

TEST(InferenceNetwork, RunsOnSeveralThreadsAtOnce) {
  const auto network = InferenceNetwork::Load(test::ScriptModel(test::kSmallModel), SmallOptions());
  Images images = NoiseImages(4, 32 * 48);
  std::vector<std::vector<double>> expected;
  for (const auto& image : images) expected.push_back(network->Head(network->Features({&image})).logits()[0]);
  std::vector<int> differences(images.size(), 0);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < images.size(); ++i) {
    threads.emplace_back([&, i] {
      SetIntraOpThreads(1);
      for (int round = 0; round < 50; ++round) {
        const HeadPass pass = network->Head(network->Features({&images[i]}));
        static_cast<void>(pass.Maps({1}));
        if (pass.logits()[0] != expected[i]) ++differences[i];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(differences, testing::Each(0));
}

TEST(InferenceNetwork, PoolsItsFeatures) {
  const auto network = InferenceNetwork::Load(test::ScriptModel(test::kSmallModel), SmallOptions());
  const std::vector<float> image(32 * 48, 0.25F);
  const std::vector<float> pooled = network->Features({&image}).Pooled(0);
  EXPECT_THAT(pooled, testing::Pointwise(testing::FloatNear(1e-5F), std::vector<float>{0.25F, 0.75F, 0.0625F, 0.25F}));
}

TEST(InferenceNetwork, RefusesWhatIsNoModelOfOurs) {
  const std::string features = "def features(self, x):\n  return torch.avg_pool2d(x, [8, 8])\n";
  EXPECT_THAT(LoadError(""), HasSubstr("cannot be used"));
  EXPECT_THAT(LoadError("this is no zip archive"), HasSubstr("cannot be used"));
  EXPECT_THAT(LoadError(test::ScriptModel(features)), HasSubstr("no method \"head\""));
  EXPECT_THAT(LoadError(test::ScriptModel("def forward(self, x):\n  return x\n")), HasSubstr("no method \"features\""));
  EXPECT_THAT(LoadError(test::ScriptModel(features + "def head(self, f):\n  return torch.mean(f, [2, 3])[:, 0:2]\n")),
              HasSubstr("expected N x 3"));
  EXPECT_THAT(LoadError(test::ScriptModel("def features(self, x):\n  return torch.mean(x, [2, 3])\n"
                                          "def head(self, f):\n  return f\n")),
              HasSubstr("expected N x C x H x W"));
  EXPECT_THAT(LoadError(test::ScriptModel(features + "def head(self, f):\n  return torch.mean(f, [2, 3]) / 0.0\n")),
              HasSubstr("not finite"));
  EXPECT_THAT(LoadError(test::ScriptModel(features + "def head(self, f):\n  return torch.mean(f, [2, 3, 4])\n")),
              HasSubstr("head failed"));
  EXPECT_THAT(LoadError(test::ScriptModel(features +
                                          "def head(self, f):\n  return torch.gt(torch.mean(f, [2, 3]), 0.0) * 1.0\n")),
              HasSubstr("activation map failed"));
}

/// Features and head that are right, and one more statement in the features.
std::string ModelThatAlso(const std::string& statement) {
  return test::ScriptModel("def features(self, x):\n  " + statement +
                           "\n  return torch.avg_pool2d(x, [8, 8])\n"
                           "def head(self, f):\n  return torch.mean(f, [2, 3])\n");
}

TEST(InferenceNetwork, RefusesOperatorsThatAClassifierDoesNotNeed) {
  const std::string written = testing::TempDir() + "written_by_a_model";
  std::filesystem::remove(written);
  EXPECT_THAT(LoadError(ModelThatAlso("torch.save(x, \"" + written + "\")")), HasSubstr("aten::save"));
  EXPECT_FALSE(std::filesystem::exists(written));
  EXPECT_THAT(LoadError(ModelThatAlso("while bool(torch.ones([1]) > 0):\n    x = x + 1.0")), HasSubstr("operator"));
  EXPECT_THAT(LoadError(ModelThatAlso("x = x + torch.rand([1])")), HasSubstr("aten::rand"));
  EXPECT_THAT(LoadError(ModelThatAlso("print(x)")), HasSubstr("prim::Print"));
  EXPECT_THAT(LoadError(ModelThatAlso("x = torch.zeros([1000000000000])")), HasSubstr("aten::zeros"));
  EXPECT_EQ(LoadError(ModelThatAlso("x = x * 1.0")), "");
}

TEST(InferenceNetwork, LooksIntoCalledMethodsConditionsAndForward) {
  const std::string rest = "def head(self, f):\n  return torch.mean(f, [2, 3])\n";
  EXPECT_THAT(LoadError(test::ScriptModel("def helper(self, x):\n  print(x)\n  return torch.avg_pool2d(x, [8, 8])\n"
                                          "def features(self, x):\n  return self.helper(x)\n" +
                                          rest)),
              HasSubstr("prim::Print"));
  EXPECT_THAT(LoadError(ModelThatAlso("if bool(torch.mean(x) > 100.0):\n    print(x)")), HasSubstr("prim::Print"));
  EXPECT_THAT(LoadError(test::ScriptModel("def features(self, x):\n  return torch.avg_pool2d(x, [8, 8])\n" + rest +
                                          "def forward(self, x):\n  print(x)\n  return x\n")),
              HasSubstr("\"forward\" uses the operator prim::Print"));
}

TEST(InferenceNetwork, RefusesCodeThatRunsWhileTheModelIsLoaded) {
  const std::string written = testing::TempDir() + "written_while_loading";
  std::filesystem::remove(written);
  const std::string bytes = test::ScriptModel(
      "def __getstate__(self):\n  return 1\n"
      "def __setstate__(self, state: int):\n  torch.save(state, \"" +
      written + "\")\n" + test::kSmallModel);
  EXPECT_THAT(LoadError(bytes), HasSubstr("__setstate__"));
  EXPECT_FALSE(std::filesystem::exists(written));
}

TEST(InferenceNetwork, SurvivesEveryTruncationAndManyFlippedBytes) {
  const std::string bytes = test::ScriptModel(test::kSmallModel);
  for (std::size_t length = 0; length < bytes.size(); length += 97) {
    EXPECT_NE(LoadError(bytes.substr(0, length)), "") << length;
  }
  for (std::size_t position = 0; position < bytes.size(); position += 61) {
    std::string damaged = bytes;
    damaged[position] = static_cast<char>(damaged[position] ^ 0x5A);
    static_cast<void>(LoadError(damaged));  // may be harmless padding; must not crash
  }
}

TEST(InferenceNetwork, RefusesAnEmptyBatchAndAnImageOfAnotherSize) {
  const auto network = InferenceNetwork::Load(test::ScriptModel(test::kSmallModel), SmallOptions());
  const std::vector<float> image(31 * 48);
  EXPECT_THROW(static_cast<void>(network->Features({})), std::runtime_error);
  EXPECT_THROW(static_cast<void>(network->Features({&image})), std::runtime_error);
}

TEST(InferenceNetwork, ReportsLogitsThatAreNotFinite) {
  const auto network = InferenceNetwork::Load(test::ScriptModel(test::kSmallModel), SmallOptions());
  std::vector<float> image(32 * 48, 0.5F);
  image[100] = std::nanf("");
  EXPECT_THROW(static_cast<void>(network->Head(network->Features({&image}))), std::runtime_error);
}

TEST(CheckDevice, SaysWhatIsNotADeviceOrNotHere) {
  CheckDevice("cpu");
  EXPECT_THROW(CheckDevice("gpu please"), std::runtime_error);
  EXPECT_THROW(CheckDevice("cuda:4096"), std::runtime_error);
  EXPECT_THROW(SetIntraOpThreads(0), std::runtime_error);
}

}  // namespace
}  // namespace cxr
