// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace cxr {

/// Keeps SIGTERM and SIGINT pending for AwaitTermination, in this thread and in all that it starts from now on, and
/// ignores SIGPIPE: a reader of our output that goes away must not end the service. Call it before any thread starts.
void HoldTerminationSignals();

/// Waits for SIGTERM or SIGINT and returns its name. One that came since HoldTerminationSignals is not missed.
[[nodiscard]] const char* AwaitTermination();

}  // namespace cxr
