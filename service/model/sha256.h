// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service/base/sha256.h"  // IWYU pragma: export
