#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Holds every C++ file of the repository against .clang-format.
#
# Usage: tests/style/check_format.sh [--fix] [FILE...]     default: every tracked file
#   --fix   write the files as they should be
# Exit status: 0 all are formatted (or were written), 1 some are not
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
mode=(--dry-run --Werror)
if [ "${1:-}" = --fix ]; then mode=(-i) && shift; fi
if [ $# -eq 0 ]; then
  mapfile -t files < <(git ls-files '*.h' '*.cpp')
  set -- "${files[@]}"
fi
[ $# -gt 0 ] || { echo "clang-format: no file to check" && exit 1; }
clang-format "${mode[@]}" -- "$@" || { echo "clang-format: write the files with tests/style/check_format.sh --fix" && exit 1; }
echo "clang-format: $# files are formatted"
