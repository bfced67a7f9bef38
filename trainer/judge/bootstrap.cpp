// SPDX-License-Identifier: Apache-2.0
#include "trainer/judge/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <random>

namespace cxr {
namespace {

constexpr double kTail = 0.025;
constexpr double kDefinedShare = 0.9;
constexpr std::size_t kOverall = 4;  // figures that are not of one class
constexpr std::size_t kPerClass = 4;

using Figures = std::array<absl::optional<double>, kOverall + kPerClass * kPatternCount>;

/// Draws patients with replacement and gives the indices of their images.
class PatientSampler {
 public:
  PatientSampler(const std::vector<std::string>& patients, std::uint64_t seed) : random_(seed) {
    std::map<std::string, std::vector<std::size_t>> images;
    for (std::size_t i = 0; i < patients.size(); ++i) images[patients[i]].push_back(i);
    for (auto& [patient, own] : images) images_.push_back(own);
  }

  [[nodiscard]] std::vector<std::size_t> Draw() {
    std::vector<std::size_t> drawn;
    for (std::size_t i = 0; i < images_.size(); ++i) {
      // Not std::uniform_int_distribution, whose numbers differ between standard libraries.
      const std::vector<std::size_t>& own = images_[random_() % images_.size()];
      drawn.insert(drawn.end(), own.begin(), own.end());
    }
    return drawn;
  }

 private:
  std::mt19937_64 random_;
  std::vector<std::vector<std::size_t>> images_;
};

Figures Flatten(const Metrics& metrics) {
  Figures figures = {metrics.accuracy, metrics.macro_auroc, metrics.pneumonia_auroc,
                     metrics.expected_calibration_error};
  for (std::size_t label = 0; label < kPatternCount; ++label) {
    const ClassMetrics& each = metrics.classes[label];
    const std::array<absl::optional<double>, kPerClass> own = {each.precision, each.recall, each.f1, each.auroc};
    std::copy(own.begin(), own.end(), figures.begin() + kOverall + kPerClass * label);
  }
  return figures;
}

/// The value below which `share` of the sorted values lie, interpolated.
double Quantile(const std::vector<double>& sorted, double share) {
  const double position = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (position - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

absl::optional<Interval> IntervalOf(std::vector<double> values, int resamples) {
  if (values.empty() || static_cast<double>(values.size()) < kDefinedShare * resamples) return absl::nullopt;
  std::sort(values.begin(), values.end());
  return Interval{Quantile(values, kTail), Quantile(values, 1 - kTail)};
}

/// Intervals of what `figures` gives for drawn images.
MetricIntervals Resample(const std::vector<std::string>& patients, const BootstrapOptions& options,
                         const std::function<Figures(const std::vector<std::size_t>& drawn)>& figures) {
  PatientSampler sampler(patients, options.seed);
  std::array<std::vector<double>, std::tuple_size_v<Figures>> values;
  for (int round = 0; round < options.resamples && !patients.empty(); ++round) {
    const Figures drawn = figures(sampler.Draw());
    for (std::size_t i = 0; i < drawn.size(); ++i) {
      if (drawn[i].has_value()) values[i].push_back(*drawn[i]);
    }
  }
  const auto interval = [&](std::size_t i) { return IntervalOf(values[i], options.resamples); };
  MetricIntervals intervals{interval(0), interval(1), interval(2), interval(3), {}};
  for (std::size_t label = 0; label < kPatternCount; ++label) {
    const std::size_t first = kOverall + kPerClass * label;
    intervals.classes[label] = {interval(first), interval(first + 1), interval(first + 2), interval(first + 3)};
  }
  return intervals;
}

Figures FiguresOf(const std::vector<Prediction>& predictions, const std::vector<std::size_t>& drawn) {
  std::vector<Prediction> chosen;
  chosen.reserve(drawn.size());
  for (const std::size_t index : drawn) chosen.push_back(predictions[index]);
  return Flatten(ComputeMetrics(chosen));
}

}  // namespace

MetricIntervals BootstrapMetrics(const std::vector<Prediction>& predictions, const std::vector<std::string>& patients,
                                 const BootstrapOptions& options) {
  return Resample(patients, options,
                  [&](const std::vector<std::size_t>& drawn) { return FiguresOf(predictions, drawn); });
}

MetricIntervals BootstrapDifference(const std::vector<Prediction>& first, const std::vector<Prediction>& second,
                                    const std::vector<std::string>& patients, const BootstrapOptions& options) {
  return Resample(patients, options, [&](const std::vector<std::size_t>& drawn) {
    const Figures before = FiguresOf(first, drawn);
    Figures difference = FiguresOf(second, drawn);
    for (std::size_t i = 0; i < difference.size(); ++i) {
      if (before[i].has_value() && difference[i].has_value())
        *difference[i] -= *before[i];
      else
        difference[i].reset();
    }
    return difference;
  });
}

MeanInterval BootstrapMean(const std::vector<double>& values, const std::vector<std::string>& patients,
                           const BootstrapOptions& options) {
  const auto mean = [&](const std::vector<std::size_t>& indices) {
    double sum = 0;
    for (const std::size_t index : indices) sum += values[index];
    return sum / static_cast<double>(indices.size());
  };
  std::vector<std::size_t> all(values.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  PatientSampler sampler(patients, options.seed);
  std::vector<double> means;
  for (int round = 0; round < options.resamples; ++round) means.push_back(mean(sampler.Draw()));
  MeanInterval result{mean(all), {}};
  result.interval = IntervalOf(std::move(means), options.resamples).value_or(Interval{result.mean, result.mean});
  return result;
}

}  // namespace cxr
