// SPDX-License-Identifier: Apache-2.0
#include "trainer/data/patient_split.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>

namespace cxr {

Split SplitByPatient(const std::vector<Sample>& samples, double validation_fraction, std::uint64_t seed) {
  std::map<std::string, std::vector<const Sample*>> pictures;
  std::map<Pattern, std::vector<std::string>> patients;
  for (const Sample& sample : samples) {
    std::vector<const Sample*>& own = pictures[sample.patient];
    if (own.empty()) patients[sample.label].push_back(sample.patient);
    own.push_back(&sample);
  }
  std::mt19937_64 random(seed);
  std::set<std::string> held_out;
  for (auto& [label, names] : patients) {
    std::shuffle(names.begin(), names.end(), random);
    std::size_t total = 0;
    for (const std::string& name : names) total += pictures[name].size();
    const double wanted = validation_fraction * static_cast<double>(total);
    std::size_t taken = 0;
    for (std::size_t i = 0; i + 1 < names.size() && static_cast<double>(taken) < wanted; ++i) {
      held_out.insert(names[i]);
      taken += pictures[names[i]].size();
    }
  }
  Split split;
  for (const Sample& sample : samples) {
    (held_out.count(sample.patient) > 0 ? split.validation : split.training).push_back(sample);
  }
  return split;
}

Split SplitAsStated(const std::vector<Sample>& samples, double validation_fraction, std::uint64_t seed) {
  std::vector<Sample> offered;
  Split stated;
  for (const Sample& sample : samples) {
    if (sample.split == SplitName::kTest) {
      stated.test.push_back(sample);
      continue;
    }
    offered.push_back(sample);
    (sample.split == SplitName::kValidation ? stated.validation : stated.training).push_back(sample);
  }
  if (!stated.validation.empty()) return stated;
  Split split = SplitByPatient(offered, validation_fraction, seed);
  split.test = std::move(stated.test);
  return split;
}

}  // namespace cxr
