// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "integration/phantom/phantom.h"
#include "service/base/file.h"
#include "service/config/shipped_model.h"
#include "service/core/analysis.h"
#include "service/core/overlay_renderer.h"
#include "service/dicom/dicom_reader.h"
#include "service/imaging/overlay.h"
#include "service/imaging/preprocess.h"
#include "service/model/engine/inference_network.h"
#include "service/model/model_classifier.h"
#include "tests/support/dicom_fixture.h"

namespace cxr::bench {

inline constexpr int kSide = 2048;
inline constexpr int kBits = 12;

template <typename T>
T Need(absl::StatusOr<T> value) {
  if (value.ok()) return *std::move(value);
  std::cerr << value.status() << std::endl;
  std::exit(1);
}

inline GrayImage DrawRadiograph() {
  PhantomOptions options;
  options.rows = kSide;
  options.columns = kSide;
  options.consolidation = true;
  return DrawChestPhantom(options);
}

/// Everything the benchmarks share; built once, before the first of them runs.
struct BenchRadiograph {
  std::string model_directory = Need(FindShippedModel(std::filesystem::canonical("/proc/self/exe")));
  std::unique_ptr<RadiographReader> reader = Need(MakeDicomReader());
  std::unique_ptr<Classifier> classifier = Need(LoadClassifier(model_directory, {}));
  std::unique_ptr<InferenceNetwork> network =
      InferenceNetwork::Load(Need(ReadFile(model_directory + "/model.pt", std::size_t{1} << 30)), {});
  std::unique_ptr<OverlayRenderer> renderer = MakeOverlayRenderer({});
  GrayImage image = DrawRadiograph();
  std::string dicom = test::FixtureOfImage(image, kBits, false).Build();
  std::vector<float> input = Preprocess(image, {});
  Analysis positive = MakePositive();

  /// An analysis that draws a map, whatever the shipped model thinks of a phantom: the dearest case.
  Analysis MakePositive() const {
    Analysis analysis;
    analysis.outcome = Outcome::kAnalysed;
    analysis.model = classifier->info();
    Classification& found = analysis.classification.emplace();
    found.raw = found.calibrated = {0.8, 0.1, 0.1};
    found.pneumonia_score = PneumoniaScore(found.calibrated);
    found.decision = Decide(found.calibrated, {0.5, 0.5});
    found.map = {7, 7, std::vector<float>(49, 0.1F), {0, 0, kSide, kSide}, Pattern::kBacteria};
    for (const int hot : {23, 24, 30, 31}) found.map.values[static_cast<std::size_t>(hot)] = 1;
    analysis.salient_regions = Need(renderer->SalientRegions(found.map, kSide, kSide));
    return analysis;
  }
};

inline const BenchRadiograph& SharedRadiograph() {
  static const BenchRadiograph bench;
  return bench;
}

}  // namespace cxr::bench
