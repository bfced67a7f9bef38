// SPDX-License-Identifier: Apache-2.0
#include "trainer/data/image_reader.h"

#include <opencv2/imgcodecs.hpp>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "service/base/file.h"
#include "service/core/orientation.h"
#include "service/dicom/dicom_reader.h"

namespace cxr {
namespace {

constexpr std::uint64_t kMaxFile = 256U << 20U;

absl::StatusOr<GrayImage> DecodeImage(const std::string& bytes) {
  try {
    const cv::_InputArray input(bytes.data(), static_cast<int>(bytes.size()));
    const cv::Mat decoded = cv::imdecode(input, cv::IMREAD_GRAYSCALE);
    GrayImage image{decoded.rows, decoded.cols, {}};
    for (int row = 0; row < decoded.rows; ++row) {
      const auto* values = decoded.ptr<std::uint8_t>(row);
      image.pixels.insert(image.pixels.end(), values, values + decoded.cols);
    }
    if (!image.empty()) return image;
  } catch (const cv::Exception&) {
    // What OpenCV says of a broken file names its own source lines; the sentence below says more to a person.
  }
  return absl::InvalidArgumentError("cannot be read as an image: expected JPEG, PNG or DICOM");
}

absl::StatusOr<GrayImage> DecodeDicom(const RadiographReader& reader, const std::string& bytes) {
  const auto radiograph = reader.Read(bytes);
  if (!radiograph.ok()) return radiograph.status();
  const RadiographFacts& facts = (*radiograph)->facts();
  if (facts.frames != 1 || facts.samples_per_pixel != 1) {
    return absl::InvalidArgumentError("is not one greyscale frame, which is what a radiograph has");
  }
  auto image = (*radiograph)->DisplayImage();
  if (!image.ok()) return image.status();
  return Upright(*image, facts.orientation.turn);
}

}  // namespace

ImageReader::ImageReader(std::unique_ptr<RadiographReader> dicom) : dicom_(std::move(dicom)) {}

absl::StatusOr<std::unique_ptr<ImageReader>> ImageReader::Create() {
  auto dicom = MakeDicomReader();
  if (!dicom.ok()) return dicom.status();
  return std::unique_ptr<ImageReader>(new ImageReader(*std::move(dicom)));
}

absl::StatusOr<GrayImage> ImageReader::Read(const std::string& path) const {
  const auto bytes = ReadFile(path, kMaxFile);
  if (!bytes.ok()) return bytes.status();
  const bool is_dicom = absl::EndsWith(absl::AsciiStrToLower(path), ".dcm");
  auto image = is_dicom ? DecodeDicom(*dicom_, *bytes) : DecodeImage(*bytes);
  if (!image.ok()) return absl::Status(image.status().code(), absl::StrCat(path, ": ", image.status().message()));
  return image;
}

}  // namespace cxr
