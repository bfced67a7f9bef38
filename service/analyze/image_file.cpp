// SPDX-License-Identifier: Apache-2.0
#include "service/analyze/image_file.h"

#include <cstdint>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace cxr {
namespace {

constexpr std::uint64_t kMostPixels = 100'000'000;
constexpr absl::string_view kPngMagic("\x89PNG\r\n\x1A\n", 8);
constexpr absl::string_view kJpegMagic("\xFF\xD8\xFF", 3);

std::uint64_t BigEndian(absl::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8U | static_cast<std::uint8_t>(byte);
  return value;
}

/// The frame header of a JPEG states its size (ISO 10918-1, B.2.2); 0 when there is none.
std::uint64_t JpegPixels(absl::string_view bytes) {
  std::size_t at = 2;
  while (at + 9 <= bytes.size() && bytes[at] == '\xFF') {
    const auto marker = static_cast<std::uint8_t>(bytes[at + 1]);
    if (marker == 0xFF) {  // fill byte
      ++at;
      continue;
    }
    const bool is_frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    if (is_frame) return BigEndian(bytes.substr(at + 5, 2)) * BigEndian(bytes.substr(at + 7, 2));
    at += 2 + BigEndian(bytes.substr(at + 2, 2));
  }
  return 0;
}

/// Looked up before decoding: a small file may unfold into gigabytes.
std::uint64_t StatedPixels(absl::string_view bytes) {
  if (absl::StartsWith(bytes, kJpegMagic)) return JpegPixels(bytes);
  if (!absl::StartsWith(bytes, kPngMagic) || bytes.size() < 24) return 0;
  return BigEndian(bytes.substr(16, 4)) * BigEndian(bytes.substr(20, 4));  // IHDR, ISO 15948, 11.2.2
}

}  // namespace

bool LooksLikeImageFile(absl::string_view bytes) {
  return absl::StartsWith(bytes, kPngMagic) || absl::StartsWith(bytes, kJpegMagic);
}

absl::StatusOr<GrayImage> DecodeImageFile(absl::string_view bytes) {
  const std::uint64_t pixels = StatedPixels(bytes);
  if (pixels == 0)
    return absl::InvalidArgumentError("The image states no size: it is damaged, or neither PNG nor JPEG.");
  if (pixels > kMostPixels) {
    return absl::InvalidArgumentError(
        absl::StrCat("The image has ", pixels, " pixels; ", kMostPixels, " are accepted at most."));
  }
  try {
    const cv::Mat encoded(1, static_cast<int>(bytes.size()), CV_8U, const_cast<char*>(bytes.data()));  // read only
    const cv::Mat1b decoded = cv::imdecode(encoded, cv::IMREAD_GRAYSCALE);
    if (decoded.empty()) return absl::InvalidArgumentError("The image cannot be decoded: it is damaged.");
    return GrayImage{decoded.rows, decoded.cols, {decoded.datastart, decoded.dataend}};
  } catch (const cv::Exception& error) {
    return absl::InvalidArgumentError(absl::StrCat("The image cannot be decoded: ", error.what()));
  }
}

absl::StatusOr<std::string> WrapImageFile(absl::string_view bytes, WrapOptions options) {
  absl::StatusOr<GrayImage> image = DecodeImageFile(bytes);
  if (!image.ok()) return image.status();
  options.lossy = absl::StartsWith(bytes, kJpegMagic);
  return WrapImageAsDx(*image, options);
}

absl::StatusOr<std::string> EncodePng(const RgbImage& image) {
  try {
    const cv::Mat3b rgb(image.rows, image.columns,
                        reinterpret_cast<cv::Vec3b*>(const_cast<std::uint8_t*>(image.pixels.data())));  // read only
    cv::Mat3b bgr;
    cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
    std::vector<std::uint8_t> encoded;
    if (!cv::imencode(".png", bgr, encoded)) return absl::InternalError("The overlay cannot be encoded as PNG.");
    return std::string(encoded.begin(), encoded.end());
  } catch (const cv::Exception& error) {
    return absl::InternalError(absl::StrCat("The overlay cannot be encoded as PNG: ", error.what()));
  }
}

}  // namespace cxr
