#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the Debian 12 packages that cxr-triage is built, run and tested with. Does nothing where all are there, and is
# quiet unless it fails. Debian's orthanc package starts a daemon on the standard ports (8042, 4242) when it is installed;
# here it is kept from doing so, and from being enabled at boot, unless it was installed before.
#
# Usage: integration/install-dependencies.sh [--list] [PACKAGE...]
#   --list       print the packages and exit
#   PACKAGE...   further packages to install
# Exit status: 0 all installed, 1 something is missing and could not be installed, 2 usage.
set -euo pipefail

readonly packages=(
  # build
  build-essential cmake ninja-build pkg-config git ca-certificates
  # contract and transport
  libgrpc++-dev libprotobuf-dev protobuf-compiler protobuf-compiler-grpc libabsl-dev
  # network, images, DICOM
  libtorch-dev libopencv-dev libinsighttoolkit5-dev libgdcm-dev libdcmtk-dev libopenjp2-7-dev libssl-dev zlib1g-dev
  # the trainer's plots
  libplplot-dev plplot-driver-cairo fonts-dejavu-core
  # command lines, logs, metrics, JSON, UTF-8
  libcli11-dev libspdlog-dev prometheus-cpp-dev nlohmann-json3-dev libutfcpp-dev
  # the archive and its tools
  orthanc orthanc-dev orthanc-dicomweb dcmtk curl jq util-linux bsdextrautils
  # tests
  libgtest-dev libgmock-dev libbenchmark-dev dicom3tools libgdcm-tools python3 python3-pydicom binutils
  # layout and static checks of the source
  clang-format clang-tidy
  # fuzzers
  clang libclang-rt-14-dev
  # conformance
  python3-numpy python3-pil libpixelmed-java default-jdk-headless
)

readonly policy=/usr/sbin/policy-rc.d
readonly saved=/usr/sbin/policy-rc.d.before-cxr-triage

fail() {
  printf 'install-dependencies.sh: %s\n' "$1" >&2
  exit "${2:-1}"
}

# Prints the packages among the arguments that are not installed, one per line.
missing_of() {
  local package
  for package in "$@"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || printf '%s\n' "$package"
  done
}

# The guard says no to orthanc alone and hands every other service to the policy that was there before.
guard_services() {
  if [ -e "$policy" ] && ! grep -q cxr-triage "$policy"; then
    mv "$policy" "$saved"
  fi
  cat >"$policy" <<EOF
#!/bin/sh
# Put here by cxr-triage while packages are installed; the policy that was here before is $saved.
case "\$1" in orthanc | orthanc.service) exit 101 ;; esac
[ -x $saved ] && exec $saved "\$@"
exit 0
EOF
  chmod 755 "$policy"
}

unguard_services() {
  rm -f "$policy"
  if [ -e "$saved" ]; then
    mv "$saved" "$policy"
  fi
}

apt() {
  DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 "$@" </dev/null
}

install_packages() {
  local log=$1
  shift
  apt update >"$log" 2>&1 || true # an outdated list may do; the installation below judges
  apt install --yes --no-install-recommends "$@" >>"$log" 2>&1
}

main() {
  local -a wanted=("${packages[@]}") missing
  while [ $# -gt 0 ]; do
    case "$1" in
      --list) printf '%s\n' "${packages[@]}" && exit 0 ;;
      -h | --help) sed -n '3,11s/^# \{0,1\}//p' "$0" && exit 0 ;;
      -*) fail "unknown option $1 (see --help)" 2 ;;
      *) wanted+=("$1") ;;
    esac
    shift
  done

  command -v dpkg-query >/dev/null || fail "this is not Debian; install what these packages hold: ${wanted[*]}"
  mapfile -t missing < <(missing_of "${wanted[@]}")
  [ ${#missing[@]} -gt 0 ] || exit 0
  if [ "$(id -u)" -ne 0 ]; then
    fail "packages are missing; install them with
  sudo apt-get update && sudo apt-get install --yes --no-install-recommends ${missing[*]}"
  fi

  mkdir -p /run/lock
  exec 9>/run/lock/cxr-triage-install.lock
  flock 9
  mapfile -t missing < <(missing_of "${missing[@]}") # another run may have installed them while we waited
  [ ${#missing[@]} -gt 0 ] || exit 0

  printf 'Installing %d Debian packages (a minute or two) ...\n' "${#missing[@]}"
  local new_orthanc
  log=$(mktemp)
  new_orthanc=$(printf '%s\n' "${missing[@]}" | grep -cx orthanc || true)
  trap 'unguard_services; rm -f "$log"' EXIT
  guard_services
  if ! install_packages "$log" "${missing[@]}"; then
    cat "$log" >&2
    fail "apt-get failed; see above"
  fi
  if [ "$new_orthanc" -gt 0 ] && command -v update-rc.d >/dev/null; then
    update-rc.d orthanc disable >>"$log" 2>&1 || true
  fi
}

log= # global: the EXIT trap removes it after main has returned
main "$@"
