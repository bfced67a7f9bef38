// SPDX-License-Identifier: Apache-2.0
// What each stage of an analysis costs beside the forward pass of the frozen network, on one thread: parse, decode,
// preprocess, render, Secondary Capture and report of a 2048 x 2048 radiograph of 12 bits, and what GDCM's reader takes
// for the same file. Every round runs every row once, so all of them meet the same machine; the table holds the
// smallest time of all rounds. The processor time of the thread is what is compared: other people's work on the same
// cores is not in it, other than through the caches.
#include <gdcmImageReader.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <functional>
#include <opencv2/core.hpp>
#include <sstream>

#include "service/model/engine/device.h"
#include "tests/bench/bench_radiograph.h"

namespace cxr::bench {
namespace {

using Milliseconds = double;

Milliseconds Now(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

struct Row {
  const char* name;
  std::function<void()> work;
  double megabytes;     ///< that must be read and written, whatever the code; 0 when it is not about bytes
  bool in_sum = false;  ///< one of the stages around the forward pass
  Milliseconds thread = 1e9;
  Milliseconds wall = 1e9;
};

void Measure(Row& row) {
  const Milliseconds wall = Now(CLOCK_MONOTONIC);
  const Milliseconds thread = Now(CLOCK_THREAD_CPUTIME_ID);
  row.work();
  row.thread = std::min(row.thread, Now(CLOCK_THREAD_CPUTIME_ID) - thread);
  row.wall = std::min(row.wall, Now(CLOCK_MONOTONIC) - wall);
}

/// Keeps results alive, so that no work is optimised away and freeing is not part of a row.
struct Results {
  std::unique_ptr<Radiograph> radiograph;
  GrayImage image;
  std::vector<float> input;
  std::vector<std::vector<double>> logits;
  RgbImage drawn;
  DicomObject capture;
  DicomObject report;
  std::vector<char> copy = std::vector<char>(std::size_t{2} * kSide * kSide);
};

void ReadWithGdcm(const std::string& dicom, std::vector<char>& out) {
  std::istringstream stream(dicom);
  gdcm::ImageReader reader;
  reader.SetStream(stream);
  if (!reader.Read()) std::exit(1);
  out.resize(reader.GetImage().GetBufferLength());
  if (!reader.GetImage().GetBuffer(out.data())) std::exit(1);
}

/// The analysis of a radiograph that the model calls normal, which draws no map.
Analysis Negative(const BenchRadiograph& bench) {
  Analysis analysis = bench.positive;
  analysis.salient_regions.clear();
  analysis.classification->decision = Decide({0.1, 0.8, 0.1}, {0.5, 0.5});
  return analysis;
}

std::vector<Row> Rows(const BenchRadiograph& bench, const Analysis& negative, Results& made) {
  constexpr double kMega = 1e6;
  const double pixels = static_cast<double>(kSide) * kSide / kMega;
  const double drawn =
      static_cast<double>(Need(bench.renderer->Render(bench.image, negative, MapDisplay::kHidden)).pixels.size()) /
      kMega;
  return {
      {"forward pass", [&] { made.logits = bench.network->Head(bench.network->Features({&bench.input})).logits(); }, 0},
      {"parse", [&] { made.radiograph = Need(bench.reader->Read(bench.dicom)); }, 0, true},
      {"decode", [&] { made.image = Need(made.radiograph->DisplayImage()); }, 3 * pixels, true},
      {"preprocess", [&] { made.input = Preprocess(bench.image, {}); }, pixels, true},
      {"render, with map",
       [&] { made.drawn = Need(bench.renderer->Render(bench.image, bench.positive, cxr::MapDisplay::kShown)); },
       pixels + drawn, true},
      {"capture",
       [&] {
         made.capture = Need(made.radiograph->Write(ObjectKind::kSecondaryCapture, {bench.positive, &made.drawn}));
       },
       2 * drawn, true},
      {"report",
       [&] {
         made.report =
             Need(made.radiograph->Write(ObjectKind::kStructuredReport, {bench.positive, nullptr, &made.capture}));
       },
       0, true},
      {"render, no map", [&] { made.drawn = Need(bench.renderer->Render(bench.image, negative, MapDisplay::kHidden)); },
       pixels + drawn},
      {"GDCM's reader", [&] { ReadWithGdcm(bench.dicom, made.copy); }, 4 * pixels},
      {"copy of the frame", [&] { std::memcpy(made.copy.data(), bench.dicom.data(), made.copy.size()); }, 4 * pixels}};
}

void PrintTable(const std::vector<Row>& rows) {
  const Milliseconds forward = rows.front().thread;
  const double copied_per_ms = rows.back().megabytes / rows.back().thread;
  std::printf("| stage | ms of the thread | ms on the wall | forward passes | MB moved at least | ms to copy them |\n");
  std::printf("|---|---|---|---|---|---|\n");
  Milliseconds sum = 0;
  for (const Row& row : rows) {
    if (row.in_sum) sum += row.thread;
    std::printf("| %s | %.2f | %.2f | %.3f |", row.name, row.thread, row.wall, row.thread / forward);
    if (row.megabytes > 0) {
      std::printf(" %.1f | %.2f |\n", row.megabytes, row.megabytes / copied_per_ms);
    } else {
      std::printf(" | |\n");
    }
  }
  std::printf("| **parse to report, with map** | **%.2f** | | **%.3f** | | |\n", sum, sum / forward);
  const auto thread = [&](const char* name) {
    return std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return std::strcmp(row.name, name) == 0; })
        ->thread;
  };
  std::printf("\nFile to display image: %.2f ms, %.3f of what GDCM's reader takes to the stored values.\n",
              thread("parse") + thread("decode"), (thread("parse") + thread("decode")) / thread("GDCM's reader"));
}

}  // namespace
}  // namespace cxr::bench

int main(int argc, char** argv) {
  using namespace cxr::bench;
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 100;
  if (rounds < 1 || argc > 2) {
    std::fprintf(stderr, "usage: cxr-stages-bench [ROUNDS]\n");
    return 2;
  }
  cv::setNumThreads(1);
  cxr::SetIntraOpThreads(1);
  const BenchRadiograph& bench = SharedRadiograph();
  const cxr::Analysis negative = Negative(bench);
  Results made;
  made.radiograph = Need(bench.reader->Read(bench.dicom));
  made.drawn = Need(bench.renderer->Render(bench.image, bench.positive, cxr::MapDisplay::kShown));
  std::vector<Row> rows = Rows(bench, negative, made);
  for (int round = 0; round < rounds; ++round) {
    for (Row& row : rows) Measure(row);
  }
  PrintTable(rows);
  return 0;
}
