// SPDX-License-Identifier: Apache-2.0
// What a whole analysis costs beside the bare forward pass of the frozen network, in one run on one machine: read,
// decode, preprocess, forward, Grad-CAM, overlay, Secondary Capture and report of a 2048 x 2048 radiograph of 12 bits,
// one per thread, as the service's workers run it. Counters give the milliseconds of every stage per analysis.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "service/config/shipped_model.h"
#include "service/core/analyze_radiograph.h"
#include "service/dicom/dicom_reader.h"
#include "service/imaging/overlay.h"
#include "service/imaging/phantom.h"
#include "service/imaging/preprocess.h"
#include "service/model/engine/device.h"
#include "service/model/engine/inference_network.h"
#include "service/model/model_classifier.h"
#include "service/model/read_file.h"
#include "tests/support/dicom_fixture.h"

namespace cxr {
namespace {

constexpr int kSide = 2048;
constexpr int kBits = 12;

template <typename T>
T Need(absl::StatusOr<T> value) {
  if (value.ok()) return *std::move(value);
  std::cerr << value.status() << std::endl;
  std::exit(1);
}

GrayImage Film() {
  PhantomOptions options;
  options.rows = kSide;
  options.columns = kSide;
  options.consolidation = true;
  return DrawChestPhantom(options);
}

/// Everything the benchmarks share; built once, before the first of them runs.
struct Bench {
  std::string model_directory = Need(FindShippedModel(std::filesystem::canonical("/proc/self/exe")));
  std::unique_ptr<RadiographReader> reader = Need(MakeDicomReader());
  std::unique_ptr<Classifier> classifier = Need(LoadClassifier(model_directory, {}));
  std::unique_ptr<InferenceNetwork> network =
      InferenceNetwork::Load(Need(ReadFile(model_directory + "/model.pt", std::size_t{1} << 30)), {});
  std::unique_ptr<OverlayRenderer> renderer = MakeOverlayRenderer({});
  GrayImage film = Film();
  std::string dicom = test::FixtureOfPicture(film, kBits, false).Build();
  std::vector<float> input = Preprocess(film, {});
  Analysis positive = MakePositive();

  /// An analysis that draws a map, whatever the shipped model thinks of a phantom: the dearest case.
  Analysis MakePositive() const {
    Analysis analysis;
    analysis.outcome = Outcome::kAnalysed;
    analysis.model = classifier->info();
    Classification& found = analysis.classification.emplace();
    found.raw = found.calibrated = {0.8, 0.1, 0.1};
    found.pneumonia_score = PneumoniaScore(found.calibrated);
    found.decision = Decide(found.calibrated, 0.5);
    found.map = {7, 7, std::vector<float>(49, 0.1F), {0, 0, kSide, kSide}, Pattern::kBacteria};
    for (const int hot : {23, 24, 30, 31}) found.map.values[static_cast<std::size_t>(hot)] = 1;
    analysis.salient_regions = Need(renderer->SalientRegions(found.map, kSide, kSide));
    return analysis;
  }
};

const Bench& Shared() {
  static const Bench bench;
  return bench;
}

void ForwardPass(benchmark::State& state) {
  SetIntraOpThreads(1);
  const Bench& bench = Shared();
  for (auto unused : state) {
    benchmark::DoNotOptimize(bench.network->Head(bench.network->Features({&bench.input})).logits());
  }
  state.SetItemsProcessed(state.iterations());
}

void Analyze(benchmark::State& state) {
  SetIntraOpThreads(1);
  const Bench& bench = Shared();
  const AnalysisTools tools{bench.reader.get(), bench.classifier.get(), bench.renderer.get()};
  AnalysisSettings settings;
  settings.population = PopulationPolicy::kWarn;
  for (auto unused : state) {
    Stopwatch stopwatch;
    const absl::StatusOr<AnalysisResult> result = AnalyzeRadiograph(bench.dicom, tools, settings, {}, stopwatch);
    if (!result.ok()) state.SkipWithError(std::string(result.status().message()).c_str());
    for (const StageTime& stage : stopwatch.stages()) {
      state.counters[stage.stage + "_ms"] += static_cast<double>(stage.duration.count()) / 1000;
    }
  }
  for (auto& [name, counter] : state.counters) counter.flags = benchmark::Counter::kAvgIterations;
  state.SetItemsProcessed(state.iterations());
}

void RenderPositive(benchmark::State& state) {
  const Bench& bench = Shared();
  for (auto unused : state) benchmark::DoNotOptimize(Need(bench.renderer->Render(bench.film, bench.positive)));
}

void WriteCaptureAndReport(benchmark::State& state) {
  const Bench& bench = Shared();
  const std::unique_ptr<Radiograph> radiograph = Need(bench.reader->Read(bench.dicom));
  const RgbImage picture = Need(bench.renderer->Render(bench.film, bench.positive));
  for (auto unused : state) {
    const DicomObject capture = Need(radiograph->WriteCapture(bench.positive, picture));
    benchmark::DoNotOptimize(Need(radiograph->WriteReport(bench.positive, &capture)));
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
}  // namespace cxr

int main(int argc, char** argv) {
  cv::setNumThreads(1);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  cxr::RatioReporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  return 0;
}
