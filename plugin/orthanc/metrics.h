// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <orthanc/OrthancCPlugin.h>

#include <cstdint>

#include "plugin/core/dispatcher.h"

namespace cxr::plugin {

/// Publishes `snapshot` under /tools/metrics-prometheus, each name beginning with cxr_triage_.
void PublishMetrics(OrthancPluginContext* context, const DispatcherSnapshot& snapshot);

}  // namespace cxr::plugin
