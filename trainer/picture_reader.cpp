// SPDX-License-Identifier: Apache-2.0
#include "trainer/picture_reader.h"

#include <opencv2/imgcodecs.hpp>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "service/model/read_file.h"

namespace cxr {
namespace {

constexpr std::uint64_t kMaxFile = 256U << 20U;

GrayImage ToGrayImage(const cv::Mat& picture) {
  GrayImage image{picture.rows, picture.cols, {}};
  image.pixels.reserve(picture.total());
  for (int row = 0; row < picture.rows; ++row) {
    image.pixels.insert(image.pixels.end(), picture.ptr<std::uint8_t>(row),
                        picture.ptr<std::uint8_t>(row) + picture.cols);
  }
  return image;
}

}  // namespace

absl::StatusOr<GrayImage> ReadPicture(const std::string& path) {
  const auto bytes = ReadFile(path, kMaxFile);
  if (!bytes.ok()) return bytes.status();
  try {
    const cv::_InputArray input(bytes->data(), static_cast<int>(bytes->size()));
    const cv::Mat picture = cv::imdecode(input, cv::IMREAD_GRAYSCALE | cv::IMREAD_IGNORE_ORIENTATION);
    if (!picture.empty()) return ToGrayImage(picture);
  } catch (const cv::Exception&) {
    // Falls through: what OpenCV says of a broken file names its own source lines.
  }
  return absl::InvalidArgumentError(absl::StrCat(path, " cannot be read as a picture: expected JPEG or PNG"));
}

}  // namespace cxr
