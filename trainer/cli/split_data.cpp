// SPDX-License-Identifier: Apache-2.0
#include "trainer/cli/split_data.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <map>
#include <random>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "trainer/data/atomic_file.h"
#include "trainer/data/csv_table.h"
#include "trainer/report/report.h"

namespace cxr {
namespace {

/// A patient key as series and number: "IM 115" is ("IM", 115). Without a number: of the series "".
std::pair<std::string, std::int64_t> SeriesAndNumber(const std::string& patient) {
  const std::size_t space = patient.rfind(' ');
  std::int64_t number = 0;
  if (space == std::string::npos || !absl::SimpleAtoi(patient.substr(space + 1), &number)) return {"", 0};
  return {patient.substr(0, space), number};
}

/// Patients that are held out in this order until their share is reached.
struct Queue {
  std::vector<std::string> patients;
  std::size_t pictures = 0;
};

std::map<std::string, Queue> Queues(const SplitDataOptions& options, const std::vector<Sample>& samples,
                                    const std::map<std::string, std::size_t>& pictures) {
  std::map<std::string, Queue> queues;
  std::set<std::string> known;
  for (const Sample& sample : samples) {
    if (!known.insert(sample.patient).second) continue;
    std::string name(PatternName(sample.label));
    if (options.hold_out == HoldOut::kFirstNumbers) absl::StrAppend(&name, " ", SeriesAndNumber(sample.patient).first);
    queues[name].patients.push_back(sample.patient);
    queues[name].pictures += pictures.at(sample.patient);
  }
  std::mt19937_64 random(options.seed);
  for (auto& [name, queue] : queues) {
    if (options.hold_out == HoldOut::kRandom) {
      std::shuffle(queue.patients.begin(), queue.patients.end(), random);
    } else {
      std::sort(queue.patients.begin(), queue.patients.end(), [](const std::string& a, const std::string& b) {
        return std::make_pair(SeriesAndNumber(a), a) < std::make_pair(SeriesAndNumber(b), b);
      });
    }
  }
  return queues;
}

const char* SplitText(SplitName split) {
  if (split == SplitName::kTest) return "test";
  return split == SplitName::kValidation ? "validation" : "train";
}

void PrintCounts(const std::vector<Sample>& samples) {
  std::printf("%-10s %8s %8s %8s %8s %8s\n", "part", "patients", "pictures", "BACTERIA", "NORMAL", "VIRUS");
  for (const SplitName split : {SplitName::kTrain, SplitName::kValidation, SplitName::kTest}) {
    std::set<std::string> patients;
    std::array<std::size_t, kPatternCount> counts{};
    for (const Sample& sample : samples) {
      if (sample.split != split) continue;
      patients.insert(sample.patient);
      ++counts[static_cast<std::size_t>(sample.label)];
    }
    std::printf("%-10s %8zu %8zu %8zu %8zu %8zu\n", SplitText(split), patients.size(),
                counts[0] + counts[1] + counts[2], counts[0], counts[1], counts[2]);
  }
}

}  // namespace

void AssignSplits(const SplitDataOptions& options, std::vector<Sample>& samples) {
  std::map<std::string, std::size_t> pictures;
  for (const Sample& sample : samples) ++pictures[sample.patient];
  std::map<std::string, SplitName> assigned;
  for (const auto& [name, queue] : Queues(options, samples, pictures)) {
    const double test = options.test_fraction * static_cast<double>(queue.pictures);
    const double held_out = (options.test_fraction + options.validation_fraction) * static_cast<double>(queue.pictures);
    double taken = 0;
    for (std::size_t i = 0; i + 1 < queue.patients.size() && taken < held_out; ++i) {
      assigned[queue.patients[i]] = taken < test ? SplitName::kTest : SplitName::kValidation;
      taken += static_cast<double>(pictures[queue.patients[i]]);
    }
  }
  for (Sample& sample : samples) {
    const auto found = assigned.find(sample.patient);
    sample.split = found == assigned.end() ? SplitName::kTrain : found->second;
  }
}

absl::Status SplitData(const SplitDataOptions& options) {
  auto samples = ListSamples(options.data);
  if (!samples.ok()) return samples.status();
  AssignSplits(options, *samples);
  std::string text = "file,label,patient,split\n";
  for (const Sample& sample : *samples) {
    const std::string path = std::filesystem::absolute(sample.path).lexically_normal().string();
    absl::StrAppend(&text, CsvField(path), ",", PatternName(sample.label), ",", CsvField(sample.patient), ",",
                    SplitText(sample.split), "\n");
  }
  if (absl::Status status = WriteFile(options.out, text); !status.ok()) return status;
  PrintCounts(*samples);
  return absl::OkStatus();
}

}  // namespace cxr
