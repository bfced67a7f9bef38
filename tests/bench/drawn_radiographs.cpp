// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/drawn_radiographs.h"

#include <stdlib.h>

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <stdexcept>
#include <string>

#include "integration/phantom/phantom.h"

namespace cxr::bench {

namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder() {
  std::string name = (fs::temp_directory_path() / "cxr-bench.XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void DrawRadiographs(const fs::path& folder, int per_class) {
  for (const std::string name : {"BACTERIA", "NORMAL", "VIRUS"}) {
    fs::create_directories(folder / name);
    for (int i = 0; i < per_class; ++i) {
      PhantomOptions phantom;
      phantom.rows = phantom.columns = 224;
      phantom.seed = static_cast<std::uint64_t>(i + 1);
      phantom.consolidation = name != "NORMAL";
      GrayImage drawn = DrawChestPhantom(phantom);
      cv::Mat color;
      cv::cvtColor(cv::Mat(drawn.rows, drawn.columns, CV_8U, drawn.pixels.data()), color, cv::COLOR_GRAY2BGR);
      const fs::path file = folder / name / ("person" + std::to_string(i + 1) + "_1.jpeg");
      if (!cv::imwrite(file.string(), color, {cv::IMWRITE_JPEG_QUALITY, 75}))
        throw std::runtime_error("cannot write " + file.string());
    }
  }
}

}  // namespace cxr::bench
