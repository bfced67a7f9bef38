// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace cxr {

/// The colours of a plot, told apart by people with any colour vision (Okabe and Ito 2008).
enum class PlotColour { kBlack, kBlue, kOrange, kGreen, kPurple, kGrey };

struct PlotFrame {
  std::string title;
  std::string x_label;
  std::string y_label;
  double x_low = 0;
  double x_high = 1;
  double y_low = 0;
  double y_high = 1;
  bool scales = true;  ///< ticks and numbers along the axes
};

/// One plot in one PNG file, drawn with PLplot. PLplot has one state per process: one Canvas at a time.
class Canvas {
 public:
  /// Makes sure that a plot can be drawn into `path`: that the driver for PNG files is installed (the error names the
  /// package) and that the file can be written (the error names it). PLplot itself would ask on the terminal and then
  /// end the process.
  [[nodiscard]] static absl::Status Check(const std::string& path);

  /// Starts the file. Check has succeeded for `path`.
  Canvas(const std::string& path, const PlotFrame& frame);
  /// Finishes the file.
  ~Canvas();
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  void Line(const std::vector<double>& x, const std::vector<double>& y, PlotColour colour, bool dashed = false);
  void Points(const std::vector<double>& x, const std::vector<double>& y, PlotColour colour);
  /// A filled rectangle; `strength` from 0 (paper) to 1 (the colour itself).
  void Rectangle(double left, double bottom, double right, double top, PlotColour colour, double strength);
  /// Centred at a point.
  void Text(double x, double y, const std::string& text, bool on_dark = false);
  /// Names lines in the lower right or, when `above`, in the upper right corner.
  void Legend(const std::vector<std::string>& names, const std::vector<PlotColour>& colours, bool above = false);
};

}  // namespace cxr
