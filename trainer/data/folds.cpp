// SPDX-License-Identifier: Apache-2.0
#include "trainer/data/folds.h"

#include <algorithm>
#include <map>
#include <random>
#include <string>

namespace cxr {

std::vector<int> AssignFolds(const std::vector<Sample>& samples, int folds, std::uint64_t seed) {
  std::map<std::string, std::vector<std::size_t>> pictures;
  std::map<Pattern, std::vector<std::string>> patients;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    std::vector<std::size_t>& own = pictures[samples[i].patient];
    if (own.empty()) patients[samples[i].label].push_back(samples[i].patient);
    own.push_back(i);
  }
  std::mt19937_64 random(seed);
  std::vector<int> assignment(samples.size(), 0);
  for (auto& [label, names] : patients) {
    std::shuffle(names.begin(), names.end(), random);
    // Those with many pictures first, so that the small ones can even out what is left.
    std::stable_sort(names.begin(), names.end(), [&](const std::string& a, const std::string& b) {
      return pictures[a].size() > pictures[b].size();
    });
    std::vector<std::size_t> sizes(static_cast<std::size_t>(folds), 0);
    for (const std::string& name : names) {
      const auto smallest = std::min_element(sizes.begin(), sizes.end());
      for (const std::size_t picture : pictures[name]) assignment[picture] = static_cast<int>(smallest - sizes.begin());
      *smallest += pictures[name].size();
    }
  }
  return assignment;
}

Split HoldOutFold(const std::vector<Sample>& samples, const std::vector<int>& assignment, int fold) {
  Split split;
  for (std::size_t i = 0; i < samples.size(); ++i)
    (assignment[i] == fold ? split.validation : split.training).push_back(samples[i]);
  return split;
}

}  // namespace cxr
