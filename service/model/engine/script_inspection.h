// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/script.h>

#include <string>
#include <vector>

namespace cxr {

/// Refuses a TorchScript archive whose loading would run code: torch::jit::load calls the `__setstate__` of a class,
/// which may hold any operator, and builds custom C++ classes from the file's data. To be called before
/// torch::jit::load. Throws std::runtime_error with a sentence for people.
void RefuseCodeThatRunsOnLoading(const std::string& archive);

/// Refuses a module whose methods use anything but the operators that a convolutional network for images needs: a
/// TorchScript can write files (torch.save), change its own state, loop for ever, or draw random numbers. Looks at each
/// method with everything it calls inlined. Throws std::runtime_error that names the method and the operator.
void RefuseUnknownOperators(const torch::jit::Module& module, const std::vector<std::string>& methods);

}  // namespace cxr
