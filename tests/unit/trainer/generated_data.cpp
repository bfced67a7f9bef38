// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/trainer/generated_data.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <sstream>
#include <stdexcept>
#include <string>

namespace cxr::test {
namespace {

cv::Mat DrawOne(int label, cv::RNG& random) {
  cv::Mat image(80, 72, CV_8U, cv::Scalar(random.uniform(40, 90)));
  if (label == 0) {
    const cv::Point center(random.uniform(25, 47), random.uniform(25, 55));
    cv::circle(image, center, random.uniform(12, 20), cv::Scalar(random.uniform(180, 230)), cv::FILLED);
  }
  if (label == 2) {
    for (int y = random.uniform(0, 8); y < image.rows; y += 10) {
      cv::line(image, {0, y}, {image.cols, y}, cv::Scalar(random.uniform(170, 220)), 3);
    }
  }
  cv::Mat noise(image.size(), CV_16S);
  random.fill(noise, cv::RNG::NORMAL, 0, 10);
  cv::add(image, noise, image, cv::noArray(), CV_8U);
  return image;
}

}  // namespace

TestFolder::TestFolder() {
  const auto* info = testing::UnitTest::GetInstance()->current_test_info();
  path_ = std::filesystem::path(testing::TempDir()) /
          (std::string(info->test_suite_name()) + "." + info->name() + "." + std::to_string(getpid()));
  std::filesystem::create_directories(path_);
}

TestFolder::~TestFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string Content(const std::filesystem::path& path) {
  std::stringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  return bytes.str();
}

void DrawThreeClasses(const std::filesystem::path& folder, int per_class, unsigned seed) {
  const std::array<std::string, 3> classes = {"BACTERIA", "NORMAL", "VIRUS"};
  cv::RNG random(seed);
  for (int label = 0; label < 3; ++label) {
    const std::filesystem::path own = folder / classes[static_cast<std::size_t>(label)];
    std::filesystem::create_directories(own);
    for (int i = 0; i < per_class; ++i) {
      const std::string number = std::to_string(i + 1);
      std::string name = "IM-" + number + "-0001";
      if (label != 1) name = "person" + number + (label == 0 ? "_bacteria_" : "_virus_") + "1";
      if (!cv::imwrite((own / (name + (i % 2 == 0 ? ".png" : ".jpeg"))).string(), DrawOne(label, random))) {
        throw std::runtime_error("cannot draw into " + own.string());
      }
    }
  }
}

}  // namespace cxr::test
