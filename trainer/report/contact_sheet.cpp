// SPDX-License-Identifier: Apache-2.0
#include "trainer/report/contact_sheet.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "service/imaging/activation_field.h"
#include "service/imaging/colour_scale.h"

namespace cxr {
namespace {

constexpr int kSide = 200;
constexpr int kGap = 12;
constexpr int kLine = 17;
constexpr int kTitleLine = 26;
constexpr int kPerRow = 4;
constexpr int kCellWidth = 2 * kSide + kGap;
constexpr double kOpacity = 0.6;
const cv::Scalar kSheetInk(30, 30, 30);
const cv::Scalar kSheetPaper(250, 250, 250);

/// The image in the colours and size of a cell.
cv::Mat3b Scaled(const GrayImage& image) {
  const cv::Mat1b source(image.rows, image.columns, const_cast<std::uint8_t*>(image.pixels.data()));  // read only
  cv::Mat1b scaled;
  cv::resize(source, scaled, {kSide, kSide}, 0, 0, image.rows > kSide ? cv::INTER_AREA : cv::INTER_CUBIC);
  cv::Mat3b coloured;
  cv::cvtColor(scaled, coloured, cv::COLOR_GRAY2BGR);
  return coloured;
}

cv::Mat3b WithMap(const cv::Mat3b& image, const ClassMap& map) {
  const ActivationMap activation{map.rows, map.columns, map.values, {0, 0, kSide, kSide}, Pattern::kNormal};
  cv::Mat1b field;
  ActivationField(activation, {kSide, kSide}).convertTo(field, CV_8U, 255);
  cv::Mat3b blended;
  cv::cvtColor(image, blended, cv::COLOR_BGR2RGB);
  ColourScale(kOpacity).Blend(field, blended);
  cv::cvtColor(blended, blended, cv::COLOR_RGB2BGR);
  return blended;
}

void DrawText(cv::Mat3b& sheet, const std::string& text, cv::Point at, double scale) {
  cv::putText(sheet, text, at, cv::FONT_HERSHEY_SIMPLEX, scale, kSheetInk, 1, cv::LINE_AA);
}

/// The text, cut where it would run out of its cell.
std::string Fitting(std::string text, double scale, int width) {
  int baseline = 0;
  while (!text.empty() && cv::getTextSize(text, cv::FONT_HERSHEY_SIMPLEX, scale, 1, &baseline).width > width)
    text.pop_back();
  return text;
}

void DrawCell(cv::Mat3b& sheet, const SheetCell& cell, cv::Point corner) {
  const cv::Mat3b image = Scaled(cell.image);
  image.copyTo(sheet(cv::Rect(corner, cv::Size(kSide, kSide))));
  WithMap(image, cell.map).copyTo(sheet(cv::Rect(corner + cv::Point(kSide + 2, 0), cv::Size(kSide, kSide))));
  int y = corner.y + kSide;
  for (const std::string& line : cell.lines)
    DrawText(sheet, Fitting(line, 0.43, kCellWidth), {corner.x, y += kLine}, 0.43);
}

}  // namespace

cv::Mat3b DrawContactSheet(const std::vector<std::string>& title, const std::vector<SheetCell>& cells) {
  std::size_t lines = 0;
  for (const SheetCell& cell : cells) lines = std::max(lines, cell.lines.size());
  const int rows = (static_cast<int>(cells.size()) + kPerRow - 1) / kPerRow;
  const int head = kGap + static_cast<int>(title.size()) * kTitleLine;
  const int cell_height = kSide + static_cast<int>(lines) * kLine + kGap + 4;
  cv::Mat3b sheet(head + kGap + rows * cell_height, kPerRow * (kCellWidth + kGap) + kGap);
  sheet.setTo(kSheetPaper);
  for (std::size_t i = 0; i < title.size(); ++i)
    DrawText(sheet, title[i], {kGap, static_cast<int>(i + 1) * kTitleLine}, i == 0 ? 0.75 : 0.5);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const int index = static_cast<int>(i);
    DrawCell(sheet, cells[i],
             {kGap + index % kPerRow * (kCellWidth + kGap), head + kGap + index / kPerRow * cell_height});
  }
  return sheet;
}

}  // namespace cxr
