// SPDX-License-Identifier: Apache-2.0
#include "trainer/report/canvas.h"

#include <plplot/plplot.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace cxr {
namespace {

constexpr char kDevice[] = "pngcairo";
constexpr int kWidth = 720;
constexpr int kHeight = 560;
constexpr int kPaper = 0;  // PLplot's colour 0 is the background
constexpr int kMixed = 12;
constexpr int kMaxDevices = 64;

using Colour = std::array<int, 3>;
constexpr std::array<Colour, 6> kColours = {
    Colour{30, 30, 30},  Colour{0, 114, 178},   Colour{213, 94, 0},
    Colour{0, 158, 115}, Colour{204, 121, 167}, Colour{150, 150, 150},
};

int Index(PlotColour colour) {
  return static_cast<int>(colour) + 1;
}

/// PLplot gives special meaning to '#'.
std::string Escaped(const std::string& text) {
  std::string escaped;
  for (const char c : text) escaped += c == '#' ? std::string("##") : std::string(1, c);
  return escaped;
}

}  // namespace

absl::Status Canvas::Check(const std::string& path) {
  if (!std::ofstream(path, std::ios::trunc).flush()) return absl::UnavailableError(absl::StrCat("cannot write ", path));
  std::array<const char*, kMaxDevices> menu{};
  std::array<const char*, kMaxDevices> names{};
  const char** menu_begin = menu.data();
  const char** names_begin = names.data();
  int count = kMaxDevices;
  plgFileDevs(&menu_begin, &names_begin, &count);
  for (int i = 0; i < std::min(count, kMaxDevices); ++i) {
    if (names_begin[i] != nullptr && std::strcmp(names_begin[i], kDevice) == 0) return absl::OkStatus();
  }
  return absl::FailedPreconditionError("PLplot cannot draw PNG files: install the package plplot-driver-cairo");
}

Canvas::Canvas(const std::string& path, const PlotFrame& frame) {
  plsdev(kDevice);
  plsfnam(path.c_str());
  plspage(0, 0, kWidth, kHeight, 0, 0);
  plscolbg(255, 255, 255);
  for (std::size_t i = 0; i < kColours.size(); ++i)
    plscol0(static_cast<int>(i) + 1, kColours[i][0], kColours[i][1], kColours[i][2]);
  plinit();
  plfontld(1);
  pladv(0);
  plschr(0, 0.85);
  plvpor(0.12, 0.96, 0.13, 0.90);
  plwind(frame.x_low, frame.x_high, frame.y_low, frame.y_high);
  plcol0(Index(PlotColour::kBlack));
  plbox(frame.scales ? "bcnst" : "bc", 0, 0, frame.scales ? "bcnstv" : "bc", 0, 0);
  pllab(Escaped(frame.x_label).c_str(), Escaped(frame.y_label).c_str(), Escaped(frame.title).c_str());
}

Canvas::~Canvas() {
  plend();
}

void Canvas::Line(const std::vector<double>& x, const std::vector<double>& y, PlotColour colour, bool dashed) {
  plcol0(Index(colour));
  plwidth(dashed ? 1 : 2);
  pllsty(dashed ? 2 : 1);
  plline(static_cast<int>(x.size()), x.data(), y.data());
  pllsty(1);
  plwidth(1);
}

void Canvas::Points(const std::vector<double>& x, const std::vector<double>& y, PlotColour colour) {
  plcol0(Index(colour));
  plstring(static_cast<int>(x.size()), x.data(), y.data(), "#(728)");  // a filled disc
}

void Canvas::Rectangle(double left, double bottom, double right, double top, PlotColour colour, double strength) {
  const Colour& full = kColours[static_cast<std::size_t>(colour)];
  const double share = std::clamp(strength, 0.0, 1.0);
  const auto mixed = [&](int part) { return static_cast<int>(255 + (part - 255) * share); };
  plscol0(kMixed, mixed(full[0]), mixed(full[1]), mixed(full[2]));
  plcol0(kMixed);
  const std::array<double, 4> x = {left, right, right, left};
  const std::array<double, 4> y = {bottom, bottom, top, top};
  plfill(4, x.data(), y.data());
}

void Canvas::Text(double x, double y, const std::string& text, bool on_dark) {
  plcol0(on_dark ? kPaper : Index(PlotColour::kBlack));
  plptex(x, y, 1, 0, 0.5, Escaped(text).c_str());
}

void Canvas::Legend(const std::vector<std::string>& names, const std::vector<PlotColour>& colours, bool above) {
  std::vector<std::string> escaped;
  std::vector<const char*> texts;
  std::vector<int> indices;
  for (const std::string& name : names) escaped.push_back(Escaped(name));
  for (const std::string& name : escaped) texts.push_back(name.c_str());
  for (const PlotColour colour : colours) indices.push_back(Index(colour));
  const auto count = static_cast<int>(names.size());
  const std::vector<int> options(names.size(), PL_LEGEND_LINE);
  const std::vector<int> styles(names.size(), 1);
  const std::vector<double> widths(names.size(), 2);
  double width = 0;
  double height = 0;
  const int position = PL_POSITION_RIGHT | PL_POSITION_INSIDE | (above ? PL_POSITION_TOP : PL_POSITION_BOTTOM);
  pllegend(&width, &height, PL_LEGEND_BACKGROUND, position, 0.02, 0.03, 0.05, kPaper, Index(PlotColour::kGrey), 1, 0, 0,
           count, options.data(), 0.5, 0.9, 2.2, 0, indices.data(), texts.data(), nullptr, nullptr, nullptr, nullptr,
           indices.data(), styles.data(), widths.data(), nullptr, nullptr, nullptr, nullptr);
}

}  // namespace cxr
