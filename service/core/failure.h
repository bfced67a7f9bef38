// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service/base/failure.h"  // IWYU pragma: export
