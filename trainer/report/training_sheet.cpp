// SPDX-License-Identifier: Apache-2.0
#include "trainer/report/training_sheet.h"

#include <algorithm>
#include <exception>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "absl/strings/str_cat.h"
#include "trainer/judge/inference_pass.h"
#include "trainer/learn/training_batches.h"

namespace cxr {
namespace {

constexpr int kImageSide = 150;
constexpr int kImageGap = 6;
constexpr int kPerClass = 8;
constexpr int kTitle = 24;
constexpr int kBlock = kTitle + 2 * (kImageSide + kImageGap);  // of one class

void Place(std::vector<float>& input, int side, cv::Point corner, cv::Mat1b& sheet) {
  const cv::Mat1f image(side, side, input.data());
  cv::Mat1b gray;
  image.convertTo(gray, CV_8U, 127.5, 127.5);
  cv::resize(gray, sheet(cv::Rect(corner, cv::Size(kImageSide, kImageSide))), {kImageSide, kImageSide}, 0, 0,
             side > kImageSide ? cv::INTER_AREA : cv::INTER_CUBIC);
}

absl::Status DrawClass(const TrainOptions& options, const std::vector<LabelledImage>& images, const RunContext& context,
                       Pattern pattern, int top, cv::Mat1b& sheet) {
  std::vector<const LabelledImage*> own;
  for (const LabelledImage& image : images) {
    if (image.label == pattern) own.push_back(&image);
  }
  cv::putText(sheet, absl::StrCat(PatternName(pattern), ": ", own.size(), " images for training"),
              {kImageGap, top + kTitle - 8}, cv::FONT_HERSHEY_SIMPLEX, 0.5, 20, 1, cv::LINE_AA);
  const int shown = std::min(kPerClass, static_cast<int>(own.size()));
  for (int i = 0; i < shown; ++i) {
    const std::size_t chosen = own.size() * static_cast<std::size_t>(i) / static_cast<std::size_t>(shown);
    auto plain = LoadInput(context.reader, *own[chosen], {options.image_size, options.image_size});
    if (!plain.ok()) return plain.status();
    auto changed = LoadAugmented(options, context, *own[chosen], 1, chosen);
    if (!changed.ok()) return changed.status();
    const int x = kImageGap + i * (kImageSide + kImageGap);
    Place(*plain, options.image_size, {x, top + kTitle}, sheet);
    Place(*changed, options.image_size, {x, top + kTitle + kImageSide + kImageGap}, sheet);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status DrawTrainingSheet(const TrainOptions& options, const std::vector<LabelledImage>& images,
                               const RunContext& context, const std::string& path) {
  cv::Mat1b sheet(static_cast<int>(kPatternCount) * kBlock + kImageGap,
                  kPerClass * (kImageSide + kImageGap) + kImageGap, 250);
  int top = 0;
  for (const Pattern pattern : kPatterns) {
    if (absl::Status status = DrawClass(options, images, context, pattern, top, sheet); !status.ok()) return status;
    top += kBlock;
  }
  try {
    if (cv::imwrite(path, sheet)) return absl::OkStatus();
  } catch (const std::exception&) {  // reported below
  }
  return absl::UnavailableError(absl::StrCat("cannot write ", path));
}

}  // namespace cxr
