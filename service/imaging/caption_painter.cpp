// SPDX-License-Identifier: Apache-2.0
#include "service/imaging/caption_painter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace cxr {
namespace {

constexpr int kFont = cv::FONT_HERSHEY_DUPLEX;
constexpr double kBandBrightness =
    0.28;  // white text keeps a contrast above 7:1 on the whitest image, which still shows through
const cv::Scalar kText(255, 255, 255);
const cv::Scalar kQuietText(205, 205, 205);
// The contrast of colours stays above 4.5:1, enough for large text.
const cv::Scalar kAmberText(255, 221, 120);
const cv::Scalar kRedText(255, 160, 140);

/// Of the finding; the words say the same without colour. A negative has none: green would promise too much.
cv::Scalar ColourOf(Conclusion conclusion) {
  switch (conclusion) {
    case Conclusion::kPositive:
      return kRedText;
    case Conclusion::kIndeterminate:
      return kAmberText;
    case Conclusion::kNegative:
      break;
  }
  return kText;
}

/// Sizes in pixels that follow from the size of the canvas.
struct Style {
  double scale;
  int cap_height;
  int line;
  int margin;
};

Style StyleFor(cv::Size canvas) {
  const double reference = std::min<double>(canvas.width, 1.4 * canvas.height);
  const double scale =
      std::clamp(0.52 * reference / 1024.0, 0.37, 2.2);  // 0.37 is the smallest this font can be read in
  const int cap_height = static_cast<int>(std::lround(21.5 * scale));
  return {scale, cap_height, static_cast<int>(std::lround(cap_height * 1.75)),
          static_cast<int>(std::lround(cap_height * 0.9))};
}

int WidthOf(const std::string& text, const Style& style) {
  return cv::getTextSize(text, kFont, style.scale, 1, nullptr).width;
}

std::vector<std::string> Wrapped(const std::vector<std::string>& lines, int width, const Style& style) {
  std::vector<std::string> result;
  for (const std::string& line : lines) {
    std::string current;
    for (absl::string_view word : absl::StrSplit(line, ' ')) {
      std::string longer = current;
      if (!current.empty()) longer += ' ';
      longer.append(word.data(), word.size());
      if (!current.empty() && WidthOf(longer, style) > width) {
        result.push_back(std::move(current));
        longer.assign(word.data(), word.size());
      }
      current = std::move(longer);
    }
    result.push_back(std::move(current));
  }
  return result;
}

/// Wrapped into lines of about one length, as few as fit.
std::vector<std::string> WrappedEvenly(const std::string& text, int width, const Style& style) {
  std::vector<std::string> lines = Wrapped({text}, width, style);
  const std::size_t count = lines.size();
  for (int narrower = width - style.margin; narrower > 0; narrower -= style.margin) {
    std::vector<std::string> even = Wrapped({text}, narrower, style);
    if (even.size() > count) break;
    lines = std::move(even);
  }
  return lines;
}

int HeightOf(std::size_t lines, const Style& style) {
  return static_cast<int>(lines) * style.line + style.margin;
}

void Darken(cv::Mat3b canvas, int top, int height) {
  const cv::Rect band = cv::Rect(0, top, canvas.cols, height) & cv::Rect({}, canvas.size());
  if (!band.empty()) canvas(band).convertTo(canvas(band), -1, kBandBrightness);
}

void Write(const std::string& text, cv::Point top_left, const Style& style, const cv::Scalar& colour,
           cv::Mat3b canvas) {
  const int thickness = std::max(1, static_cast<int>(std::lround(1.6 * style.scale)));
  cv::putText(canvas, text, top_left + cv::Point(0, style.cap_height), kFont, style.scale, colour, thickness,
              cv::LINE_AA);
}

/// Where the legend goes: label and bar on one line, the numbers of the ticks on the next.
struct LegendPlace {
  cv::Point top_left;
  int bar_width;
};

int LegendWidth(const std::string& label, int bar_width, const Style& style) {
  return WidthOf(label, style) + 2 * style.margin + bar_width;
}

void PaintLegend(const std::string& label, const LegendPlace& place, const ColourScale& scale, const Style& style,
                 cv::Mat3b canvas) {
  Write(label, place.top_left, style, kQuietText, canvas);
  const int left = place.top_left.x + LegendWidth(label, 0, style) - style.margin;
  const cv::Rect bar(left, place.top_left.y, place.bar_width, style.cap_height);
  const cv::Rect image({}, canvas.size());
  if (place.bar_width < 2 || (bar & image) != bar) return;  // no room on a sliver
  scale.DrawBar(canvas(bar));
  cv::rectangle(canvas, bar, kQuietText, 1);
  constexpr std::array<absl::string_view, 3> kTicks = {"0", "0.5", "1"};
  for (std::size_t i = 0; i < kTicks.size(); ++i) {
    const int x = left + static_cast<int>(i) * (bar.width - 1) / 2;
    const int tick_end = bar.br().y + style.cap_height / 4;
    cv::line(canvas, {x, bar.br().y}, {x, tick_end}, kQuietText, 1);
    Style small = style;
    small.scale *= 0.8;
    small.cap_height = static_cast<int>(std::lround(0.8 * style.cap_height));
    const std::string number(kTicks[i]);
    Write(number, {x - WidthOf(number, small) / 2, tick_end + small.cap_height / 3}, small, kQuietText, canvas);
  }
}

Style TitleOf(const Style& style) {
  Style title = style;
  title.scale *= 1.18;
  title.cap_height = static_cast<int>(std::lround(1.18 * style.cap_height));
  return title;
}

struct Heading {
  std::string line;
  cv::Scalar colour;
};

/// The upper band, wrapped: the headings in a larger font, then the numbers.
struct TopLines {
  std::vector<Heading> headings;
  std::vector<std::string> numbers;

  [[nodiscard]] int Height(const Style& style) const {
    const int headings_height = static_cast<int>(headings.size()) * (style.line + style.margin / 4);
    return headings_height + HeightOf(numbers.size(), style) + style.margin / 4;
  }
};

TopLines WrapTop(const Caption& caption, int width, const Style& style) {
  TopLines lines;
  for (std::size_t i = 0; i < caption.headings.size(); ++i) {
    const cv::Scalar colour = i == 0 ? ColourOf(caption.conclusion) : kAmberText;
    for (std::string& line : WrappedEvenly(caption.headings[i], width, TitleOf(style)))
      lines.headings.push_back({std::move(line), colour});
  }
  const std::string one_line = absl::StrJoin(caption.numbers, "  -  ");
  lines.numbers = !caption.numbers.empty() && WidthOf(one_line, style) <= width
                      ? std::vector<std::string>{one_line}
                      : Wrapped(caption.numbers, width, style);
  return lines;
}

void PaintTop(const Caption& caption, const Style& style, cv::Mat3b canvas) {
  const TopLines lines = WrapTop(caption, canvas.cols - 2 * style.margin, style);
  if (lines.headings.empty()) return;
  Darken(canvas, 0, lines.Height(style));
  int y = style.margin;
  for (const Heading& heading : lines.headings) {
    Write(heading.line, {style.margin, y}, TitleOf(style), heading.colour, canvas);
    y += style.line + style.margin / 4;
  }
  for (const std::string& line : lines.numbers) {
    Write(line, {style.margin, y}, style, kText, canvas);
    y += style.line;
  }
}

/// The first of the two lines beside which a legend of that width has room: the last two, else the first two, else
/// none.
std::optional<std::size_t> LegendLine(const std::vector<std::string>& lines, int room, const Style& style) {
  const auto fits = [&](std::size_t first) {
    for (std::size_t i = first; i < std::min(first + 2, lines.size()); ++i) {
      if (WidthOf(lines[i], style) > room) return false;
    }
    return true;
  };
  if (lines.size() > 2 && fits(lines.size() - 2)) return lines.size() - 2;
  if (fits(0)) return 0;
  return std::nullopt;
}

void PaintBottom(const Caption& caption, const ColourScale& scale, const Style& style, cv::Mat3b canvas) {
  const int width = canvas.cols - 2 * style.margin;
  std::vector<std::string> lines = Wrapped(caption.bottom, width, style);
  const int bar_width = std::min(width / 4, 12 * style.cap_height);
  const int legend_width = LegendWidth(caption.legend, bar_width, style);
  int legend_x = canvas.cols - style.margin - legend_width;
  std::optional<std::size_t> legend_line;
  if (!caption.legend.empty()) {
    legend_line = LegendLine(lines, width - legend_width - style.margin, style);
    if (!legend_line.has_value()) {
      lines.insert(lines.begin(), 2, std::string());  // two lines of its own
      legend_line = 0;
      legend_x = style.margin;
    }
  }
  const int height = HeightOf(lines.size(), style);
  const int top = canvas.rows - height;
  Darken(canvas, top, height);
  const auto line_y = [&](std::size_t line) { return top + style.margin + static_cast<int>(line) * style.line; };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    Write(lines[i], {style.margin, line_y(i)}, style, kText, canvas);
  }
  if (legend_line.has_value())
    PaintLegend(caption.legend, {{legend_x, line_y(*legend_line)}, bar_width}, scale, style, canvas);
}

/// Whether enough of the radiograph remains to be seen between the bands.
bool Fits(const Caption& caption, const Style& style, cv::Size canvas) {
  constexpr double kMostOfCanvas = 0.6;
  const int width = canvas.width - 2 * style.margin;
  const int bottom = HeightOf(Wrapped(caption.bottom, width, style).size() + (caption.legend.empty() ? 0 : 2), style);
  return WrapTop(caption, width, style).Height(style) + bottom <= kMostOfCanvas * canvas.height;
}

/// What a canvas too small for all of it still says: headings and purpose, and if need be the purpose alone, for a
/// finding is never shown without its cautions.
Caption Shortened(const Caption& caption, const Style& style, cv::Size canvas) {
  if (Fits(caption, style, canvas)) return caption;
  Caption brief{caption.conclusion, caption.headings, {}, {caption.bottom.back()}, {}};
  if (Fits(brief, style, canvas)) return brief;
  brief.headings.clear();
  return brief;
}

}  // namespace

void PaintCaption(const Caption& caption, const ColourScale& scale, cv::Mat3b canvas) {
  const Style style = StyleFor(canvas.size());
  const Caption shown = Shortened(caption, style, canvas.size());
  PaintTop(shown, style, canvas);
  PaintBottom(shown, scale, style, canvas);
}

}  // namespace cxr
