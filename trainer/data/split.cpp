// SPDX-License-Identifier: Apache-2.0
#include "trainer/data/split.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace cxr {
namespace {

/// A patient key as series and number: "IM 115" is ("IM", 115). Without a number: of the series "".
std::pair<std::string, std::int64_t> SeriesAndNumber(const std::string& patient) {
  const std::size_t space = patient.rfind(' ');
  std::int64_t number = 0;
  if (space == std::string::npos || !absl::SimpleAtoi(patient.substr(space + 1), &number)) return {"", 0};
  return {patient.substr(0, space), number};
}

/// The patients of one class, or of one series of a class, in the order in which they are held out.
struct PatientGroup {
  std::vector<std::string> patients;
  std::size_t images = 0;  ///< of all of them
};

std::map<std::string, PatientGroup> GroupPatients(const HoldOutOptions& options,
                                                  const std::vector<LabelledImage>& images,
                                                  const std::map<std::string, std::size_t>& counts) {
  std::map<std::string, PatientGroup> groups;
  std::set<std::string> known;
  for (const LabelledImage& image : images) {
    if (!known.insert(image.patient).second) continue;
    std::string name(PatternName(image.label));
    if (options.patients == HoldOut::kFirstNumbers) absl::StrAppend(&name, " ", SeriesAndNumber(image.patient).first);
    groups[name].patients.push_back(image.patient);
    groups[name].images += counts.at(image.patient);
  }
  std::mt19937_64 random(options.seed);
  for (auto& [name, group] : groups) {
    if (options.patients == HoldOut::kRandom) {
      std::shuffle(group.patients.begin(), group.patients.end(), random);
    } else {
      std::sort(group.patients.begin(), group.patients.end(), [](const std::string& a, const std::string& b) {
        return std::make_pair(SeriesAndNumber(a), a) < std::make_pair(SeriesAndNumber(b), b);
      });
    }
  }
  return groups;
}

}  // namespace

Split SplitByPatient(const std::vector<LabelledImage>& images, double validation_fraction, std::uint64_t seed) {
  std::map<std::string, std::size_t> counts;
  std::map<Pattern, std::vector<std::string>> patients;
  for (const LabelledImage& image : images) {
    if (++counts[image.patient] == 1) patients[image.label].push_back(image.patient);
  }
  std::mt19937_64 random(seed);
  std::set<std::string> held_out;
  for (auto& [label, names] : patients) {
    std::shuffle(names.begin(), names.end(), random);
    std::size_t total = 0;
    for (const std::string& name : names) total += counts[name];
    const double wanted = validation_fraction * static_cast<double>(total);
    std::size_t taken = 0;
    for (std::size_t i = 0; i + 1 < names.size() && static_cast<double>(taken) < wanted; ++i) {
      held_out.insert(names[i]);
      taken += counts[names[i]];
    }
  }
  Split split;
  for (const LabelledImage& image : images) {
    (held_out.count(image.patient) > 0 ? split.validation : split.training).push_back(image);
  }
  return split;
}

Split SplitAsStated(const std::vector<LabelledImage>& images, double validation_fraction, std::uint64_t seed) {
  std::vector<LabelledImage> offered;
  Split stated;
  for (const LabelledImage& image : images) {
    if (image.split == SplitName::kTest) {
      stated.test.push_back(image);
      continue;
    }
    offered.push_back(image);
    (image.split == SplitName::kValidation ? stated.validation : stated.training).push_back(image);
  }
  if (!stated.validation.empty()) return stated;
  Split split = SplitByPatient(offered, validation_fraction, seed);
  split.test = std::move(stated.test);
  return split;
}

void AssignSplits(const HoldOutOptions& options, std::vector<LabelledImage>& images) {
  std::map<std::string, std::size_t> counts;
  for (const LabelledImage& image : images) ++counts[image.patient];
  std::map<std::string, SplitName> assigned;
  for (const auto& [name, group] : GroupPatients(options, images, counts)) {
    const double test = options.test_fraction * static_cast<double>(group.images);
    const double held_out = (options.test_fraction + options.validation_fraction) * static_cast<double>(group.images);
    double taken = 0;
    for (std::size_t i = 0; i + 1 < group.patients.size() && taken < held_out; ++i) {
      assigned[group.patients[i]] = taken < test ? SplitName::kTest : SplitName::kValidation;
      taken += static_cast<double>(counts[group.patients[i]]);
    }
  }
  for (LabelledImage& image : images) {
    const auto found = assigned.find(image.patient);
    const auto& kept_out = options.never_train;
    const bool trained = std::find(kept_out.begin(), kept_out.end(), image.patient) == kept_out.end();
    image.split = found != assigned.end() ? found->second : trained ? SplitName::kTrain : SplitName::kTest;
  }
}

std::vector<int> AssignFolds(const std::vector<LabelledImage>& images, int folds, std::uint64_t seed) {
  std::map<std::string, std::vector<std::size_t>> of_patient;
  std::map<Pattern, std::vector<std::string>> patients;
  for (std::size_t i = 0; i < images.size(); ++i) {
    std::vector<std::size_t>& own = of_patient[images[i].patient];
    if (own.empty()) patients[images[i].label].push_back(images[i].patient);
    own.push_back(i);
  }
  std::mt19937_64 random(seed);
  std::vector<int> assignment(images.size(), 0);
  for (auto& [label, names] : patients) {
    std::shuffle(names.begin(), names.end(), random);
    // Those with many images first, so that the small ones can even out what is left.
    std::stable_sort(names.begin(), names.end(), [&](const std::string& a, const std::string& b) {
      return of_patient[a].size() > of_patient[b].size();
    });
    std::vector<std::size_t> sizes(static_cast<std::size_t>(folds), 0);
    for (const std::string& name : names) {
      const auto smallest = std::min_element(sizes.begin(), sizes.end());
      for (const std::size_t image : of_patient[name]) assignment[image] = static_cast<int>(smallest - sizes.begin());
      *smallest += of_patient[name].size();
    }
  }
  return assignment;
}

Split HoldOutFold(const std::vector<LabelledImage>& images, const std::vector<int>& assignment, int fold) {
  Split split;
  for (std::size_t i = 0; i < images.size(); ++i)
    (assignment[i] == fold ? split.validation : split.training).push_back(images[i]);
  return split;
}

std::size_t CountPatients(const std::vector<LabelledImage>& images) {
  std::set<std::string> patients;
  for (const LabelledImage& image : images) patients.insert(image.patient);
  return patients.size();
}

std::string DescribeCount(const std::vector<LabelledImage>& images) {
  return absl::StrCat(images.size(), " images of ", CountPatients(images), " patients");
}

}  // namespace cxr
