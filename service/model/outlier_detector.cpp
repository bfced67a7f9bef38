// SPDX-License-Identifier: Apache-2.0
#include "service/model/outlier_detector.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "service/model/safetensors.h"

namespace cxr {
namespace {

constexpr char kCenters[] = "centers";
constexpr char kAxes[] = "axes";
constexpr char kDeviations[] = "deviations";
constexpr char kResidual[] = "residual_deviation";

absl::Status Wrong(absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("the out-of-distribution data are wrong: ", what));
}

bool AllFinite(const std::vector<float>& values) {
  return std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); });
}

bool RowsFit(const std::vector<std::vector<float>>& rows, std::size_t length) {
  return std::all_of(rows.begin(), rows.end(),
                     [&](const std::vector<float>& row) { return row.size() == length && AllFinite(row); });
}

double Dot(const std::vector<float>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * b[i];
  return sum;
}

absl::StatusOr<std::vector<std::vector<float>>> Rows(const std::map<std::string, NamedTensor>& tensors,
                                                     const char* name) {
  const auto found = tensors.find(name);
  if (found == tensors.end() || found->second.shape.size() != 2 || found->second.values.empty())
    return Wrong(absl::StrCat("expected a matrix \"", name, "\""));
  const auto columns = static_cast<std::ptrdiff_t>(found->second.shape[1]);
  std::vector<std::vector<float>> rows;
  const std::vector<float>& values = found->second.values;
  for (auto at = values.begin(); at != values.end(); at += columns) rows.emplace_back(at, at + columns);
  return rows;
}

absl::StatusOr<std::vector<float>> Vector(const std::map<std::string, NamedTensor>& tensors, const char* name) {
  const auto found = tensors.find(name);
  if (found == tensors.end() || found->second.shape.size() != 1 || found->second.values.empty())
    return Wrong(absl::StrCat("expected a vector \"", name, "\""));
  return found->second.values;
}

NamedTensor Matrix(const std::vector<std::vector<float>>& rows) {
  NamedTensor tensor{{static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(rows[0].size())}, {}};
  for (const std::vector<float>& row : rows) tensor.values.insert(tensor.values.end(), row.begin(), row.end());
  return tensor;
}

}  // namespace

OutlierDetector::OutlierDetector(FeatureDistribution distribution) : distribution_(std::move(distribution)) {}

absl::StatusOr<OutlierDetector> OutlierDetector::Create(FeatureDistribution distribution) {
  if (distribution.centers.empty() || distribution.centers[0].empty()) return Wrong("there is no center");
  const std::size_t channels = distribution.centers[0].size();
  if (!RowsFit(distribution.centers, channels)) return Wrong("centers must be equally long and finite");
  if (!RowsFit(distribution.axes, channels)) return Wrong("axes must be as long as centers, and finite");
  if (distribution.deviations.size() != distribution.axes.size()) return Wrong("expected one deviation per axis");
  std::vector<float> deviations = distribution.deviations;
  deviations.push_back(distribution.residual_deviation);
  if (!AllFinite(deviations) || *std::min_element(deviations.begin(), deviations.end()) <= 0)
    return Wrong("deviations must be finite and more than 0");
  return OutlierDetector(std::move(distribution));
}

absl::StatusOr<OutlierDetector> OutlierDetector::Parse(absl::string_view safetensors) {
  const auto tensors = ParseSafetensors(safetensors);
  if (!tensors.ok()) return tensors.status();
  auto centers = Rows(*tensors, kCenters);
  if (!centers.ok()) return centers.status();
  auto axes = Rows(*tensors, kAxes);
  if (!axes.ok()) return axes.status();
  auto deviations = Vector(*tensors, kDeviations);
  if (!deviations.ok()) return deviations.status();
  const auto residual = Vector(*tensors, kResidual);
  if (!residual.ok()) return residual.status();
  return Create({*std::move(centers), *std::move(axes), *std::move(deviations), (*residual)[0]});
}

std::string OutlierDetector::Format() const {
  return FormatSafetensors(
      {{kCenters, Matrix(distribution_.centers)},
       {kAxes, Matrix(distribution_.axes)},
       {kDeviations, {{static_cast<std::int64_t>(distribution_.deviations.size())}, distribution_.deviations}},
       {kResidual, {{1}, {distribution_.residual_deviation}}}});
}

double OutlierDetector::Score(const std::vector<float>& features) const {
  if (features.size() != channels()) {
    throw std::invalid_argument(absl::StrCat("the model has ", features.size(), " feature channels, its ",
                                             "out-of-distribution data are for ", channels()));
  }
  if (!AllFinite(features)) throw std::invalid_argument("the model's features are not finite");
  double nearest = std::numeric_limits<double>::infinity();
  std::vector<double> offset(features.size());
  for (const std::vector<float>& center : distribution_.centers) {
    double remaining = 0;
    for (std::size_t i = 0; i < offset.size(); ++i) {
      offset[i] = static_cast<double>(features[i]) - static_cast<double>(center[i]);
      remaining += offset[i] * offset[i];
    }
    double squared = 0;
    for (std::size_t axis = 0; axis < distribution_.axes.size(); ++axis) {
      const double along = Dot(distribution_.axes[axis], offset);
      remaining -= along * along;
      squared += std::pow(along / static_cast<double>(distribution_.deviations[axis]), 2);
    }
    squared += std::max(remaining, 0.0) / std::pow(static_cast<double>(distribution_.residual_deviation), 2);
    nearest = std::min(nearest, squared);
  }
  return std::sqrt(nearest / static_cast<double>(channels()));
}

}  // namespace cxr
