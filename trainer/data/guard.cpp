// SPDX-License-Identifier: Apache-2.0
#include "trainer/data/guard.h"

#include <exception>
#include <new>
#include <string>

namespace cxr {

absl::Status Guarded(const std::function<absl::Status()>& work) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return absl::ResourceExhaustedError("no memory is left");
  } catch (const std::exception& error) {
    const std::string text = error.what();
    return absl::InternalError(text.substr(0, text.find('\n')));
  }
}

}  // namespace cxr
