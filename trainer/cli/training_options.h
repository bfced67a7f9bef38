// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <set>
#include <string>

#include "trainer/learn/train_options.h"

namespace cxr {

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

/// Options of commands that train, by what they are about. `options` must outlive `command`.

/// What is trained, and when it is enough.
void AddSelectionOptions(CLI::App& command, TrainOptions& options);

/// What pictures may look like in training, beyond --augmentation.
void AddPictureOptions(CLI::App& command, TrainOptions& options);

/// What fine-tuning computes in.
void AddPrecisionOption(CLI::App& command, TrainOptions& options);

/// Checkpoints and how to go on from them.
void AddResumeOptions(CLI::App& command, TrainOptions& options);

}  // namespace cxr
