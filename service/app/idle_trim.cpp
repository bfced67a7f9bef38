// SPDX-License-Identifier: Apache-2.0
#include "service/app/idle_trim.h"

#include <malloc.h>

#include <chrono>

namespace cxr {
namespace {

constexpr std::chrono::seconds kQuiet{1};

}  // namespace

IdleTrim::IdleTrim(AnalysisHandler& handler)
    : thread_([&handler] {
        while (handler.AwaitRest(kQuiet)) malloc_trim(0);
      }) {}

IdleTrim::~IdleTrim() {
  thread_.join();
}

}  // namespace cxr
