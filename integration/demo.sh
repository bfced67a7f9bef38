#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Shows cxr-triage at work: builds it, starts the service and an Orthanc of its own on free loopback ports, stores
# radiographs by C-STORE, waits for their results, prints them and the addresses to open. Nothing outside the build folder
# and a temporary folder is written, and nothing is left running. Research use only.
#
# Usage: integration/demo.sh [--once] [--any-age] [FILE.dcm|FILE.png|FILE.jpeg|DIR]...
#   --once      end after the results; otherwise Orthanc stays open until INT (Ctrl-C) or TERM
#   --any-age   analyse patients outside the model's ages too, with a warning, instead of refusing them; images unlike the
#               training images likewise, as those of adults often are
#   FILE, DIR   radiographs to store, folders with all they hold; without any: six real radiographs of children, which the
#               shipped model was not trained on, and a chest-like drawing, which is refused as unlike a radiograph
# Exit status: 0 every radiograph has its result, 1 something failed, 2 usage.
set -euo pipefail
# A script starts its background jobs with INT ignored, and what is ignored at the start cannot be trapped.
if [ "$(trap -p INT)" = "trap -- '' SIGINT" ]; then exec env --default-signal=INT bash "${BASH_SOURCE[0]}" "$@"; fi
invoked_from=$PWD
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=integration/demo_orthanc.sh
source "$root/integration/demo_orthanc.sh"

readonly no_progress_limit_s=180
build=${CXR_BINARY_DIR:-$root/build/release} # CXR_BINARY_DIR names a finished build to use as it is
once=false
population=enforce
unlike=enforce
inputs=()
work=
build_pid=
service_pid=
orthanc_pid=
service_address=
incomplete=false # a file was named that is no radiograph
finished=false

say() { printf '%s\n' "$@"; }

fail() {
  say "demo.sh: $1" >&2
  exit "${2:-1}"
}

usage() { sed -n '3,13s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }

parse_arguments() {
  local options=true argument
  for argument in "$@"; do
    if $options; then
      case "$argument" in
        --once) once=true && continue ;;
        --any-age) population=warn unlike=warn && continue ;;
        -h | --help) usage && exit 0 ;;
        --) options=false && continue ;;
        -*) fail "unknown option $argument (see --help)" 2 ;;
      esac
    fi
    case "$argument" in /*) ;; *) argument=$invoked_from/$argument ;; esac
    [ -r "$argument" ] || fail "no such file or folder, or not readable: $argument" 2
    inputs+=("$argument")
  done
}

# A line that replaces itself on a terminal; elsewhere a line of its own, once for each new text.
last_progress=
progress() {
  [ "$1" != "$last_progress" ] || return 0
  last_progress=$1
  if [ -t 1 ]; then printf '\r\033[K%s' "$1"; else say "$1"; fi
}
end_progress() { if [ -t 1 ]; then say ""; fi; }

# Ends a process we started: TERM, and KILL when it has not gone after some seconds.
stop() {
  local pid=$1 tick
  [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null || return 0
  kill -TERM "$pid" 2>/dev/null || true
  for ((tick = 0; tick < 150; tick++)); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
}

cleanup() {
  trap '' INT TERM HUP
  if [ -n "$build_pid" ]; then kill -TERM -- "-$build_pid" 2>/dev/null || true; fi
  stop "$orthanc_pid"
  stop "$service_pid"
  if [ -n "$work" ]; then rm -rf "$work"; fi
}

# Once the results stand, INT and TERM are the ordinary end.
interrupted() {
  $finished && exit 0
  exit "$1"
}

# Runs a long command so that a signal to this script is answered at once.
attended() {
  setsid "$@" </dev/null &
  build_pid=$!
  local status=0
  wait "$build_pid" || status=$?
  build_pid=
  return "$status"
}

# The processes are ended with us whatever happens to us, and a Ctrl-C on the terminal reaches us alone.
spawn() { exec setsid setpriv --pdeathsig TERM -- "$@" </dev/null; }

make_build() {
  [ -z "${CXR_BINARY_DIR:-}" ] || return 0
  attended "$root/integration/install-dependencies.sh"
  mkdir -p "$root/build"
  exec 9>"$root/build/.release.lock"
  flock -n 9 || { say "Waiting for another build in $build ..." && attended flock 9; }
  if [ ! -e "$build/build.ninja" ]; then
    local launcher=()
    if command -v ccache >/dev/null; then launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache); fi
    say "Configuring ..."
    attended env -C "$root" cmake --preset release "${launcher[@]}" >"$work/configure.log" 2>&1 ||
      { cat "$work/configure.log" >&2 && fail "configuring failed"; }
  fi
  say "Building (the first time takes several minutes) ..."
  attended cmake --build "$build" --target cxr-service cxr-demo-radiographs CxrTriage || fail "the build failed"
  exec 9>&-
}

start_service() {
  local models=("$root"/service/models/*/manifest.json) deadline=$((SECONDS + 120))
  [ -e "${models[0]}" ] || fail "service/models holds no model"
  : >"$work/service.log" # we read it before the process below has opened it
  spawn "$build/bin/cxr-service" --model "${models[0]%/*}" --listen 127.0.0.1:0 --population "$population" \
    --unlike "$unlike" \
    >"$work/service.log" 2>&1 9>&- &
  service_pid=$!
  while true; do
    service_address=$(sed -n 's/^cxr-service listening on //p' "$work/service.log")
    [ -z "$service_address" ] || return 0
    if ! kill -0 "$service_pid" 2>/dev/null || [ $SECONDS -gt $deadline ]; then break; fi
    sleep 0.1
  done
  cat "$work/service.log" >&2
  fail "cxr-service did not start"
}

# What was named must be there; among a folder's files some may be something else. The tool has said which, and why.
note_left_out() {
  local input label
  for input in "${inputs[@]}"; do
    label=$(basename -- "$input" | LC_ALL=C tr -c 'A-Za-z0-9._\n-' _)
    [ -d "$input" ] || cut -f 4 "$work/radiographs.tsv" | grep -qxF -- "$label" || incomplete=true
  done
}

# Prepares and stores the inputs. radiographs.tsv: path, study UID, instance UID, label.
store_radiographs() {
  local source=("${inputs[@]}")
  if [ ${#inputs[@]} -eq 0 ]; then
    source=(--phantom --patient-age 3 "$root"/integration/demo-radiographs/*.jpeg)
    say "No radiograph given: storing six real ones of children (Kermany, Zhang, Goldbaum, CC BY 4.0), said to be three years" \
      "old, and a phantom, a chest-like drawing made here that is not an image of a person."
  fi
  mkdir "$work/radiographs"
  "$build/bin/cxr-demo-radiographs" --out "$work/radiographs" "${source[@]}" >"$work/radiographs.tsv" </dev/null ||
    fail "the radiographs could not be prepared"
  note_left_out
  local paths
  mapfile -t paths < <(cut -f 1 "$work/radiographs.tsv")
  [ ${#paths[@]} -gt 0 ] || fail "no radiograph among the inputs"
  say "Storing ${#paths[@]} radiograph(s) by C-STORE ..."
  dcmsend --decompress-never --no-uid-checks 127.0.0.1 "$dicom_port" "${paths[@]}" >"$work/store.log" 2>&1 </dev/null ||
    { cat "$work/store.log" >&2 && fail "C-STORE failed"; }
}

check_alive() {
  kill -0 "$service_pid" 2>/dev/null || { tail -n 20 "$work/service.log" >&2 && fail "cxr-service has ended"; }
  kill -0 "$orthanc_pid" 2>/dev/null || { tail -n 20 "$work/orthanc.log" >&2 && fail "Orthanc has ended"; }
}

main() {
  parse_arguments "$@"
  trap cleanup EXIT
  trap 'interrupted 130' INT
  trap 'interrupted 143' TERM HUP
  work=$(mktemp -d "${TMPDIR:-/tmp}/cxr-demo.XXXXXX")

  make_build
  start_service
  start_orthanc
  say "Orthanc: http://127.0.0.1:$http_port"
  store_radiographs
  wait_for_results
  local status=0
  print_results || status=1
  print_worklist
  if $incomplete; then status=1; fi
  print_addresses
  finished=true
  $once && exit $status

  say "" "Running until Ctrl-C (INT) or TERM ..."
  wait -n "$service_pid" "$orthanc_pid" || true
  check_alive
}

main "$@"
