// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/model/script_model.h"

#include <torch/script.h>

#include <sstream>

namespace cxr::test {

std::string ScriptModel(const std::string& source) {
  torch::jit::Module module("Scripted");
  module.define(source);
  std::ostringstream bytes;
  module.save(bytes);
  return bytes.str();
}

}  // namespace cxr::test
