// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Before a function's definition: its loops are compiled twice, and the loader picks what the processor has.
/// Sanitizers do not get along with ifuncs.
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__linux__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define CXR_VECTOR_CLONES __attribute__((target_clones("default", "arch=x86-64-v3"), optimize("O3")))
#else
#define CXR_VECTOR_CLONES
#endif
