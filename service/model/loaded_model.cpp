// SPDX-License-Identifier: Apache-2.0
#include "service/model/loaded_model.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "service/base/file.h"
#include "service/base/sha256.h"

namespace cxr {
namespace {

constexpr std::uint64_t kMaxManifest = 1U << 18U;
constexpr std::uint64_t kMaxModel = 1U << 30U;
constexpr std::uint64_t kMaxOutlierData = 64U << 20U;

absl::StatusOr<std::string> ReadVerified(const std::string& path, std::uint64_t limit, const std::string& sha256) {
  auto bytes = ReadFile(path, limit);
  if (!bytes.ok()) return bytes.status();
  const std::string digest = Sha256Hex(*bytes);
  if (digest != sha256) {
    return absl::DataLossError(absl::StrCat(path, " has the SHA-256 ", digest, ", its manifest says ", sha256));
  }
  return bytes;
}

/// Adds the detector, and tries it on the features of a grey image: data of another model fail here.
absl::Status LoadOutliers(const std::string& directory, LoadedModel& model) {
  const Manifest::OutOfDistribution& entry = *model.manifest.out_of_distribution;
  const std::string path = absl::StrCat(directory, "/", entry.file);
  const auto bytes = ReadVerified(path, kMaxOutlierData, entry.sha256);
  if (!bytes.ok()) return bytes.status();
  auto detector = OutlierDetector::Parse(*bytes);
  if (!detector.ok())
    return absl::Status(detector.status().code(), absl::StrCat(path, ": ", detector.status().message()));
  const std::vector<float> gray(static_cast<std::size_t>(model.manifest.rows) *
                                static_cast<std::size_t>(model.manifest.columns));
  try {
    static_cast<void>(detector->Score(model.network->Features({&gray}).Pooled(0)));
  } catch (const std::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": ", error.what()));
  }
  model.outliers = *std::move(detector);
  return absl::OkStatus();
}

}  // namespace

std::string ModelFolder(const std::string& given) {
  const std::filesystem::path inside = std::filesystem::path(given) / "model";
  std::error_code error;
  const bool is_run = !std::filesystem::exists(std::filesystem::path(given) / "manifest.json", error) &&
                      std::filesystem::exists(inside / "manifest.json", error);
  return is_run ? inside.string() : given;
}

absl::StatusOr<LoadedModel> LoadModel(const std::string& directory, const std::string& device) {
  const auto text = ReadFile(absl::StrCat(directory, "/manifest.json"), kMaxManifest);
  if (!text.ok()) return text.status();
  auto manifest = ParseManifest(*text);
  if (!manifest.ok())
    return absl::Status(manifest.status().code(), absl::StrCat(directory, "/", manifest.status().message()));
  LoadedModel model;
  model.manifest = *std::move(manifest);
  const std::string path = absl::StrCat(directory, "/", model.manifest.file);
  const auto bytes = ReadVerified(path, kMaxModel, model.manifest.info.identity.sha256);
  if (!bytes.ok()) return bytes.status();
  try {
    model.network = InferenceNetwork::Load(
        *bytes, {device, model.manifest.rows, model.manifest.columns, static_cast<int>(kPatternCount)});
  } catch (const std::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": ", error.what()));
  }
  if (model.manifest.out_of_distribution.has_value()) {
    if (absl::Status status = LoadOutliers(directory, model); !status.ok()) return status;
  }
  return model;
}

PatternProbabilities Softmax(const std::vector<double>& logits, double temperature) {
  const double largest = *std::max_element(logits.begin(), logits.end());  // taken off first, so nothing overflows
  PatternProbabilities probabilities{};
  double sum = 0;
  for (std::size_t i = 0; i < kPatternCount; ++i) {
    probabilities[i] = std::exp((logits[i] - largest) / temperature);
    sum += probabilities[i];
  }
  for (double& probability : probabilities) probability /= sum;
  return probabilities;
}

}  // namespace cxr
