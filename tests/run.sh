#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, checks the layout of the sources, builds the release preset, checks the contract with buf and
# changed sources with clang-tidy, runs the fuzzers, fetches the viewers that show the results, runs every test. The last
# thing it prints is ctest's own summary.
#
# Usage: tests/run.sh [CTEST ARGUMENT...]      for example: tests/run.sh -R Overlay
# Environment: CXR_DATA   folder of real radiographs (default: ../shared/data beside the repository); absent: such tests
#                         say so and are skipped, their counterparts on generated images run in any case
#              JOBS       parallel compilations and tests (default: number of processors)
#              TIDY       changed (default: what differs from the main branch, or there from the commit before), all, off
#              FUZZ_SECONDS  how long each fuzzer goes on after it has replayed its corpus (default: 20), or off
#              TIDY_SECONDS  clang-tidy begins no further source after so many seconds (default: 600) and names the rest
# Exit status: 0 everything passed, otherwise the first failure's.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
jobs=${JOBS:-$(nproc)}
fuzz_seconds=${FUZZ_SECONDS:-20}
readonly root jobs fuzz_seconds buf_version=1.75.0

case "${1:-}" in -h | --help) sed -n '3,15s/^# \{0,1\}//p' "$0" && exit 0 ;; esac

step() { printf '\n== %s\n' "$1"; }

# buf comes from npm, pinned, into the build folder. Without npm the contract is not checked, and that is said.
lint_contract() {
  local buf=build/buf/node_modules/.bin/buf log=build/buf/install.log
  if ! command -v npm >/dev/null && [ "$(id -u)" -eq 0 ]; then
    integration/install-dependencies.sh nodejs npm || true
  fi
  if ! command -v npm >/dev/null; then
    echo "buf lint: NOT RUN, because npm is absent (install nodejs and npm)"
    return 0
  fi
  mkdir -p build/buf
  if [ "$("$buf" --version 2>/dev/null)" != "$buf_version" ] &&
    ! npm install --prefix build/buf --no-save --no-audit --no-fund "@bufbuild/buf@$buf_version" >"$log" 2>&1 </dev/null; then
    echo "buf lint: NOT RUN, because npm could not install @bufbuild/buf@$buf_version:"
    tail -n 5 "$log"
    return 0
  fi
  "$buf" lint proto
  echo "buf lint: proto is clean"
}

step "Dependencies"
integration/install-dependencies.sh

step "Layout"
tests/style/check_format.sh

step "Build (release preset, $jobs jobs)"
launcher=()
if command -v ccache >/dev/null; then launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache); fi
mkdir -p build
exec 9>build/.release.lock
flock 9 # demo.sh builds in the same folder
cmake --preset release "${launcher[@]}"
cmake --build --preset release --parallel "$jobs"
flock -u 9
exec 9>&-

step "Contract"
lint_contract

step "Static checks"
JOBS=$jobs tests/style/run_clang_tidy.py build/release

step "Fuzzers"
fuzz() {
  if ! command -v clang++ >/dev/null; then
    echo "fuzzers: NOT RUN, because clang++ is absent (install clang)"
    return 0
  fi
  cmake --preset fuzz "${launcher[@]}" >build/fuzz-configure.log || { cat build/fuzz-configure.log && return 1; }
  cmake --build --preset fuzz --parallel "$jobs"
  tests/fuzz/run.py --seconds "$fuzz_seconds" --jobs "$jobs" build/fuzz
}
if [ "$fuzz_seconds" = off ]; then echo "fuzzers: off"; else fuzz; fi

step "Viewers"
integration/viewers/install.sh

step "Tests"
CXR_DATA=${CXR_DATA:-$(cd .. && pwd)/shared/data}
export CXR_DATA
exec ctest --preset release --parallel "$jobs" "$@"
