// SPDX-License-Identifier: Apache-2.0
// Fine-tuning, images per second: the trainer's own steps, with its loader and augmentation, beside the same in Python
// on the same LibTorch, in alternating rounds within one run, so that what else the machine does meets both.
#include <torch/version.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "service/model/engine/device.h"
#include "tests/bench/drawn_radiographs.h"
#include "tests/bench/python_trainer.h"
#include "tests/bench/throughput_table.h"
#include "tests/bench/training_floor.h"
#include "trainer/data/dataset.h"
#include "trainer/data/run_context.h"
#include "trainer/learn/fine_tune_steps.h"

namespace cxr::bench {
namespace {

/// Steps at the end of a round that do not count: the loaders have nothing left to load then.
constexpr int kTail = 4;

struct Settings {
  TrainOptions training;
  int rounds = 5;
  int steps = 8;    ///< of a round that count
  int warm_up = 3;  ///< of a round that come before and do not
  bool keep_memory = false;

  [[nodiscard]] int StepsOfRound() const { return warm_up + steps + kTail; }
};

template <typename T>
T Need(absl::StatusOr<T> value) {
  if (!value.ok()) throw std::runtime_error(std::string(value.status().message()));
  return *std::move(value);
}

/// As many images as a round takes, those that were drawn over and over.
std::vector<LabelledImage> ImagesOfRound(const Settings& settings, const std::string& folder) {
  const std::vector<LabelledImage> drawn = Need(ListImages(folder));
  std::vector<LabelledImage> images;
  const auto count = static_cast<std::size_t>(settings.StepsOfRound() * settings.training.batch_size);
  while (images.size() < count) images.push_back(drawn[images.size() % drawn.size()]);
  return images;
}

/// What cxr-train runs after its frozen stage.
class OwnTrainer {
 public:
  OwnTrainer(const TrainOptions& options, const std::vector<LabelledImage>& images, const RunContext& context)
      : options_(options),
        loss_(ClassWeights(images, options.class_balance), options.label_smoothing, torch::Device(options.device)),
        network_(Need(BuildNetwork(options_))),
        steps_(options_, images, loss_, context, network_) {}
  OwnTrainer(const OwnTrainer&) = delete;
  OwnTrainer& operator=(const OwnTrainer&) = delete;

  [[nodiscard]] std::vector<StepTimes> Round() {
    Need(steps_.RunEpoch([] { return absl::OkStatus(); }));
    steps_.CloseEpoch(0);
    return steps_.step_times();
  }

  [[nodiscard]] const MobileNetV2& backbone() const { return network_.backbone; }
  [[nodiscard]] const TrainOptions& options() const { return options_; }

 private:
  const TrainOptions options_;
  const Loss loss_;
  TrainableNetwork network_;
  FineTuneSteps steps_;
};

struct Comparison {
  const char* name;
  Precision precision;
  Throughput own;
  Throughput python;
};

/// The steps of a round that count.
std::vector<StepTimes> Counted(const Settings& settings, const std::vector<StepTimes>& steps) {
  return {steps.begin() + settings.warm_up, steps.end() - kTail};
}

/// One of each, Python first in even rounds. Returns Python's versions.
std::string RunRound(const Settings& settings, const std::string& folder, bool python_first, OwnTrainer& trainer,
                     Comparison& comparison) {
  PythonRun python;
  const auto run_python = [&] {
    python = TrainInPython(trainer.options(), folder, settings.StepsOfRound(), settings.keep_memory);
    comparison.python.Add(Counted(settings, python.steps), settings.training.batch_size);
  };
  if (python_first) run_python();
  comparison.own.Add(Counted(settings, trainer.Round()), settings.training.batch_size);
  if (!python_first) run_python();
  return python.versions;
}

void PrintFloor(const Comparison& comparison, const OwnTrainer& trainer) {
  const TrainOptions& options = trainer.options();
  const bool half = comparison.precision == Precision::kBfloat16;
  const StepWork work = WorkOfStep(trainer.backbone(), options.image_size, options.batch_size);
  const MachineSpeed speed = MeasureMachine(half ? torch::kBFloat16 : torch::kFloat32);
  const double bytes = work.values_moved * (half ? 2 : 4);
  const double compute_ms = 1000 * work.multiply_adds / speed.multiply_adds;
  const double memory_ms = 1000 * bytes / speed.bytes;
  const double step_ms = comparison.own.MedianMs(&StepTimes::forward) + comparison.own.MedianMs(&StepTimes::backward) +
                         comparison.own.MedianMs(&StepTimes::update);
  std::printf(
      "%-9s floor of a step: %.1f G multiply-adds at %.0f G/s are %.0f ms; %.1f GB of maps at %.1f GB/s are "
      "%.0f ms; the network's step of %.0f ms is %.1f times the larger\n",
      comparison.name, work.multiply_adds / 1e9, speed.multiply_adds / 1e9, compute_ms, bytes / 1e9, speed.bytes / 1e9,
      memory_ms, step_ms, step_ms / std::max(compute_ms, memory_ms));
}

void PrintResults(const Settings& settings, const std::string& versions, const std::vector<Comparison>& comparisons,
                  std::map<Precision, OwnTrainer>& trainers) {
  std::printf(
      "C++ with LibTorch %s; Python with %s%s; %d threads, %d loaders, batches of %d, %d rounds of %d steps "
      "after %d and before %d that do not count\n",
      TORCH_VERSION, versions.c_str(), settings.keep_memory ? " that keeps freed memory" : "",
      settings.training.threads, settings.training.loaders, settings.training.batch_size, settings.rounds,
      settings.steps, settings.warm_up, kTail);
  PrintHead();
  for (const Comparison& comparison : comparisons) {
    comparison.own.PrintRow(comparison.name, "C++");
    comparison.python.PrintRow(comparison.name, "Python");
  }
  for (const Comparison& comparison : comparisons) PrintRatio(comparison.name, comparison.own, comparison.python);
  for (const Comparison& comparison : comparisons) PrintFloor(comparison, trainers.at(comparison.precision));
}

void Measure(const Settings& settings) {
  const StopSignal stop;
  const TemporaryFolder folder;
  DrawRadiographs(folder.path(), 4);
  const std::vector<LabelledImage> images = ImagesOfRound(settings, folder.path().string());
  const auto reader = Need(ImageReader::Create());
  const RunContext context{*reader, stop, settings.training.threads};
  SetIntraOpThreads(settings.training.threads);
  SeedTorch(settings.training.seed);
  std::vector<Comparison> comparisons = {{"float32", Precision::kFloat32, {}, {}},
                                         {"bfloat16", Precision::kBfloat16, {}, {}}};
  std::map<Precision, OwnTrainer> trainers;
  for (const Comparison& comparison : comparisons) {
    TrainOptions options = settings.training;
    options.precision = comparison.precision;
    trainers.try_emplace(comparison.precision, options, images, context);
  }
  std::string versions;
  for (int round = 0; round < settings.rounds; ++round) {
    for (Comparison& comparison : comparisons) {
      std::fprintf(stderr, "round %d of %d, %s\n", round + 1, settings.rounds, comparison.name);
      versions =
          RunRound(settings, folder.path().string(), round % 2 == 0, trainers.at(comparison.precision), comparison);
    }
  }
  PrintResults(settings, versions, comparisons, trainers);
}

/// What trainer/recipes says of images, and defaults otherwise.
TrainOptions Recipe() {
  TrainOptions options;
  options.backbone = "none";
  options.jpeg_noise = 0.3;
  options.min_crop = 0.6;
  options.checkpoint_steps = 0;
  return options;
}

int Main(int count, char** arguments) {
  Settings settings;
  settings.training = Recipe();
  CLI::App app("Training throughput of cxr-train beside the same in Python");
  const CLI::Range positive(1, 10000);
  app.add_option("--rounds", settings.rounds, "Of each, by turns")->check(positive)->capture_default_str();
  app.add_option("--steps", settings.steps, "Of a round that count")->check(positive)->capture_default_str();
  app.add_option("--warm-up", settings.warm_up, "Steps before them")->check(CLI::Range(0, 1000))->capture_default_str();
  app.add_option("--threads", settings.training.threads, "Of the network")->check(positive)->capture_default_str();
  app.add_option("--loaders", settings.training.loaders, "Of images")->check(positive)->capture_default_str();
  app.add_option("--batch-size", settings.training.batch_size, "Images per step")
      ->check(CLI::Range(2, 4096))
      ->capture_default_str();
  app.add_flag("--python-keeps-memory", settings.keep_memory,
               "Make malloc in Python keep what is freed, as cxr-train does: a comparison without that advantage");
  CLI11_PARSE(app, count, arguments);
  settings.training.fine_tune_epochs = settings.rounds;
  KeepFreedMemory();
  Measure(settings);
  return 0;
}

}  // namespace
}  // namespace cxr::bench

int main(int count, char** arguments) {
  try {
    return cxr::bench::Main(count, arguments);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "cxr-training-bench: %s\n", error.what());
    return 1;
  }
}
