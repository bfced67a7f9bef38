// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service/base/file.h"  // IWYU pragma: export
