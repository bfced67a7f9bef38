// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "trainer/learn/train_options.h"

namespace cxr {

/// What --data may be.
inline constexpr char kDataHelp[] =
    "Folder with the folders BACTERIA, NORMAL and VIRUS (or train/ with these), or a .csv file with the columns "
    "file,label,patient[,split]";

/// Of this machine, one at least.
[[nodiscard]] int Cores();

/// An option whose value is one of the names in `choices`. Unlike CLI11's transformer it keeps the name, so that a
/// written configuration holds what a person would type.
template <typename T>
CLI::Option* AddChoice(CLI::App& command, const std::string& name, T& value, const std::map<std::string, T>& choices,
                       const std::string& help) {
  std::set<std::string> names;
  std::string initial;
  for (const auto& [text, choice] : choices) {
    names.insert(text);
    if (choice == value) initial = text;
  }
  return command
      .add_option_function<std::string>(
          name, [&value, choices](const std::string& text) { value = choices.at(text); }, help)
      ->check(CLI::IsMember(names))
      ->default_str(initial);
}

/// The option with that name which both training and exporting have.
void AddBalanceRecall(CLI::App& command, bool& balance);

/// Options of commands that train; `about` receives the texts of --about, for ParseAbout. Both must outlive `command`.
void AddTrain(CLI::App& command, TrainOptions& options, std::vector<std::string>& about);

/// Puts KEY=TEXT entries into options.about. Throws CLI::ValidationError for another form.
void ParseAbout(const std::vector<std::string>& about, TrainOptions& options);

/// The options of a run from its TrainOptions::config. The error says what is not understood.
[[nodiscard]] absl::StatusOr<TrainOptions> ParseTrainConfig(const std::string& config);

}  // namespace cxr
