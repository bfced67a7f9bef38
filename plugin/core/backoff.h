// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/base/backoff.h"  // IWYU pragma: export
