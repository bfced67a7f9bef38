#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what the tests of the viewers need: node, npm, Chromium and Orthanc's web viewer from Debian; OHIF (MIT) and
# playwright-core (Apache-2.0) from npm as package-lock.json pins them, into build/viewers. The registry or proxy of the
# user's .npmrc is used. What cannot be had is said; the tests are then skipped, and say so too.
#
# Usage: integration/viewers/install.sh
# Exit status: 0 in any case; the last line tells whether the tests of the viewers will run.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
target=$root/build/viewers
readonly here root target

not_run() {
  printf 'viewers: NOT RUN, because %s\n' "$1"
  exit 0
}

# The Debian packages whose program or file is not there. Node and npm may have come from elsewhere.
missing_packages() {
  command -v node >/dev/null || echo nodejs
  command -v npm >/dev/null || echo npm
  command -v chromium >/dev/null || echo chromium
  [ -e /usr/share/orthanc/plugins/libOrthancWebViewer.so ] || echo orthanc-webviewer
  /usr/bin/python3 -c 'import numpy, PIL' 2>/dev/null || echo python3-numpy python3-pil
}

install_debian() {
  local -a packages
  mapfile -t packages < <(missing_packages | tr ' ' '\n')
  [ ${#packages[@]} -gt 0 ] || return 0
  "$root/integration/install-dependencies.sh" "${packages[@]}" ||
    not_run "Debian packages are missing (${packages[*]})"
}

# npm ci verifies the checksums of the lock file and removes what it does not name.
install_npm() {
  mkdir -p "$target"
  if [ -f "$target/node_modules/.package-lock.json" ] &&
    cmp -s "$here/package-lock.json" "$target/package-lock.json"; then
    return
  fi
  rm -rf "$target/node_modules" # first, so that an interrupted installation is not taken for a finished one
  cp "$here/package.json" "$here/package-lock.json" "$target"
  local -a options=(--ignore-scripts --fetch-retries=1 --no-audit --no-fund)
  if ! (cd "$target" && npm ci "${options[@]}" >install.log 2>&1 </dev/null); then
    tail -n 5 "$target/install.log"
    not_run "npm could not install what integration/viewers/package.json names"
  fi
}

install_debian
install_npm
node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' || not_run "node is older than 18"
echo "viewers: ready"
