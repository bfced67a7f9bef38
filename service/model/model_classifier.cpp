// SPDX-License-Identifier: Apache-2.0
#include "service/model/model_classifier.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "service/core/failure.h"
#include "service/imaging/preprocess.h"
#include "service/model/engine/inference_network.h"
#include "service/model/manifest.h"
#include "service/model/read_file.h"
#include "service/model/sha256.h"

namespace cxr {
namespace {

constexpr std::uint64_t kMaxManifest = 1U << 18U;
constexpr std::uint64_t kMaxModel = 1U << 30U;

/// Softmax of the logits divided by `temperature`; the largest is subtracted first, so nothing overflows.
PatternProbabilities Softmax(const std::vector<double>& logits, double temperature) {
  const double largest = *std::max_element(logits.begin(), logits.end());
  PatternProbabilities probabilities{};
  double sum = 0;
  for (std::size_t i = 0; i < kPatternCount; ++i) {
    probabilities[i] = std::exp((logits[i] - largest) / temperature);
    sum += probabilities[i];
  }
  for (double& probability : probabilities) probability /= sum;
  return probabilities;
}

class ModelClassifier : public Classifier {
 public:
  ModelClassifier(Manifest manifest, std::unique_ptr<InferenceNetwork> network)
      : manifest_(std::move(manifest)), network_(std::move(network)) {}

  [[nodiscard]] const ModelInfo& info() const override { return manifest_.info; }

  [[nodiscard]] absl::StatusOr<Classification> Classify(const GrayImage& image, Stopwatch& stopwatch) const override {
    try {
      return ClassifyOrThrow(image, stopwatch);
    } catch (const std::exception& error) {
      stopwatch.End();
      return Failure(FailureReason::kInternal, error.what());
    }
  }

 private:
  Classification ClassifyOrThrow(const GrayImage& image, Stopwatch& stopwatch) const {
    stopwatch.Begin("preprocess");
    const std::vector<float> input = Preprocess(image, {manifest_.rows, manifest_.columns});
    stopwatch.Begin("features");
    const FeatureBatch features = network_->Features({&input});
    stopwatch.Begin("head");
    const HeadPass pass = network_->Head(features);
    Classification result;
    result.raw = Softmax(pass.logits()[0], 1);
    result.calibrated = Softmax(pass.logits()[0], manifest_.temperature);
    result.pneumonia_score = PneumoniaScore(result.calibrated);
    result.decision = Decide(result.calibrated, manifest_.info.operating_point);
    ClassMap map = pass.Maps({static_cast<int>(result.decision.finding)})[0];
    result.map = {map.rows,
                  map.columns,
                  std::move(map.values),
                  {0, 0, static_cast<double>(image.columns), static_cast<double>(image.rows)},
                  result.decision.finding};
    stopwatch.End();
    return result;
  }

  Manifest manifest_;
  std::unique_ptr<InferenceNetwork> network_;
};

/// The folder of the manifest: `given`, or its folder "model" where `given` is the run folder of a training.
std::string ModelFolder(const std::string& given) {
  const std::filesystem::path inside = std::filesystem::path(given) / "model";
  std::error_code error;
  const bool is_run = !std::filesystem::exists(std::filesystem::path(given) / "manifest.json", error) &&
                      std::filesystem::exists(inside / "manifest.json", error);
  return is_run ? inside.string() : given;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Classifier>> LoadClassifier(const std::string& given, const ClassifierOptions& options) {
  const std::string directory = ModelFolder(given);
  const auto text = ReadFile(absl::StrCat(directory, "/manifest.json"), kMaxManifest);
  if (!text.ok()) return text.status();
  auto manifest = ParseManifest(*text);
  if (!manifest.ok())
    return absl::Status(manifest.status().code(), absl::StrCat(directory, "/", manifest.status().message()));
  const std::string path = absl::StrCat(directory, "/", manifest->file);
  const auto bytes = ReadFile(path, kMaxModel);
  if (!bytes.ok()) return bytes.status();
  const std::string digest = Sha256Hex(*bytes);
  if (digest != manifest->info.identity.sha256) {
    return absl::DataLossError(
        absl::StrCat(path, " has the SHA-256 ", digest, ", its manifest says ", manifest->info.identity.sha256));
  }
  try {
    auto network = InferenceNetwork::Load(
        *bytes, {options.device, manifest->rows, manifest->columns, static_cast<int>(kPatternCount)});
    return std::make_unique<ModelClassifier>(*std::move(manifest), std::move(network));
  } catch (const std::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": ", error.what()));
  }
}

}  // namespace cxr
