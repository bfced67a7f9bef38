// SPDX-License-Identifier: Apache-2.0
// What a whole analysis costs beside the bare forward pass of the frozen network, in one run on one machine: read,
// decode, preprocess, forward, Grad-CAM, overlay, Secondary Capture and report of a 2048 x 2048 radiograph of 12 bits,
// one per thread, as the service's workers run it. Counters give the milliseconds of every stage per analysis.
#include <benchmark/benchmark.h>

#include <iostream>
#include <map>
#include <memory>
#include <opencv2/core.hpp>
#include <string>

#include "service/core/analyze_radiograph.h"
#include "service/model/engine/device.h"
#include "tests/bench/bench_radiograph.h"

namespace cxr::bench {
namespace {

void ForwardPass(benchmark::State& state) {
  SetIntraOpThreads(1);
  const BenchRadiograph& bench = SharedRadiograph();
  for (auto unused : state) {
    benchmark::DoNotOptimize(bench.network->Head(bench.network->Features({&bench.input})).logits());
  }
  state.SetItemsProcessed(state.iterations());
}

void Analyze(benchmark::State& state) {
  SetIntraOpThreads(1);
  const BenchRadiograph& bench = SharedRadiograph();
  const AnalysisTools tools{bench.reader.get(), bench.classifier.get(), bench.renderer.get()};
  AnalysisSettings settings;
  settings.population = PopulationPolicy::kWarn;
  settings.unlike = UnlikePolicy::kOff;  // the drawn phantom is unlike a radiograph
  for (auto unused : state) {
    Stopwatch stopwatch;
    const absl::StatusOr<AnalysisResult> result =
        AnalyzeRadiograph(bench.dicom, tools, settings, kUsualKinds, stopwatch);
    if (!result.ok()) state.SkipWithError(std::string(result.status().message()).c_str());
    for (const StageTime& stage : stopwatch.stages()) {
      state.counters[stage.stage + "_ms"] += static_cast<double>(stage.duration.count()) / 1000;
    }
  }
  for (auto& [name, counter] : state.counters) counter.flags = benchmark::Counter::kAvgIterations;
  state.SetItemsProcessed(state.iterations());
}

void RenderPositive(benchmark::State& state) {
  const BenchRadiograph& bench = SharedRadiograph();
  for (auto unused : state)
    benchmark::DoNotOptimize(Need(bench.renderer->Render(bench.image, bench.positive, MapDisplay::kShown)));
}

void WriteCaptureAndReport(benchmark::State& state) {
  const BenchRadiograph& bench = SharedRadiograph();
  const std::unique_ptr<Radiograph> radiograph = Need(bench.reader->Read(bench.dicom));
  const RgbImage image = Need(bench.renderer->Render(bench.image, bench.positive, MapDisplay::kShown));
  for (auto unused : state) {
    const DicomObject capture = Need(radiograph->Write(ObjectKind::kSecondaryCapture, {bench.positive, &image}));
    benchmark::DoNotOptimize(
        Need(radiograph->Write(ObjectKind::kStructuredReport, {bench.positive, nullptr, &capture})));
  }
}

/// Keeps the throughput of the two rows that the ratio is made of.
class RatioReporter : public benchmark::ConsoleReporter {
 public:
  RatioReporter() : ConsoleReporter(OO_Tabular) {}

  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const Run& run : runs) {
      if (run.error_occurred || run.run_type == Run::RT_Aggregate) continue;
      const double per_second = static_cast<double>(run.iterations) / run.real_accumulated_time * run.threads;
      (run.run_name.function_name == "ForwardPass" ? forward_ : analyze_)[run.threads] = per_second;
      if (run.run_name.function_name == "Analyze" && forward_.count(run.threads) != 0) {
        std::cout << "  -> on " << run.threads << " thread(s), an analysis costs " << forward_[run.threads] / per_second
                  << " times the forward pass in throughput\n";
      }
    }
  }

 private:
  std::map<std::int64_t, double> forward_;
  std::map<std::int64_t, double> analyze_;
};

BENCHMARK(ForwardPass)->Threads(1)->Threads(2)->UseRealTime()->Unit(benchmark::kMillisecond)->MinTime(2);
BENCHMARK(Analyze)->Threads(1)->Threads(2)->UseRealTime()->Unit(benchmark::kMillisecond)->MinTime(3);
BENCHMARK(RenderPositive)->Unit(benchmark::kMillisecond);
BENCHMARK(WriteCaptureAndReport)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace cxr::bench

int main(int argc, char** argv) {
  cv::setNumThreads(1);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  cxr::bench::RatioReporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  return 0;
}
