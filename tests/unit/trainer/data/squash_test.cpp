// SPDX-License-Identifier: Apache-2.0
// The training images were squashed to 224 x 224 by somebody else's antialiased bilinear filter. Ours must give the
// same.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "service/imaging/preprocess.h"
#include "trainer/data/dataset.h"
#include "trainer/data/image_reader.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

fs::path DataFolder() {
  if (const char* data = std::getenv("CXR_DATA"); data != nullptr) return data;
  const char* source = std::getenv("CXR_SOURCE_DIR");
  return fs::path(source != nullptr ? source : ".") / "../shared/data";
}

/// Mean absolute difference in grey levels.
double Difference(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::abs(a[i] - b[i]) * 127.5;
  return sum / static_cast<double>(a.size());
}

TEST(Preprocess, SquashesFullSizeImagesIntoWhatTheModelWasTrainedOn) {
  const fs::path data = DataFolder();
  if (!fs::exists(data / "fullsize")) GTEST_SKIP() << "no real data at " << data << " (set CXR_DATA)";
  const auto reader = ImageReader::Create();
  ASSERT_TRUE(reader.ok()) << reader.status();
  const auto images = ListImages((data / "fullsize").string());
  ASSERT_TRUE(images.ok()) << images.status();
  for (const LabelledImage& image : *images) {
    const auto full = (*reader)->Read(image.path);
    const auto small = (*reader)->Read((data / "kermany224/train" / image.name).string());
    ASSERT_TRUE(full.ok()) << full.status();
    ASSERT_TRUE(small.ok()) << small.status();
    const std::vector<float> squashed = Preprocess(*small, {224, 224});
    const double difference = Difference(Preprocess(*full, {224, 224}), squashed);
    EXPECT_LT(difference, 3) << image.name << ": more than the JPEG compression of the small image explains";
  }
}

}  // namespace
}  // namespace cxr
