#!/usr/bin/env bash
# Checks a bundle with a program that was not written here: fsck of Tessera, which reads C2SP's tlog-tiles.
#
#   tests/outsider/fsck.sh BUNDLE VKEY
#
#   FSCK   the program, where it is installed already; else Go (1.24 or newer) fetches the version below through its
#          module proxy and builds it in a temporary folder: about a minute
#
# It reads the checkpoint's signature, builds the tree from the entries, and compares every tile and the root.
# Exit status: 0 it says the log is sound; 1 it does not; 2 it could not be asked.
set -euo pipefail

version=v1.0.4 # of github.com/transparency-dev/tessera

[ $# = 2 ] || { echo "usage: tests/outsider/fsck.sh BUNDLE VKEY" >&2; exit 2; }
bundle=$(realpath -e "$1") || exit 2
vkey=$(realpath -e "$2") || exit 2

fsck=${FSCK:-}
if [ -z "$fsck" ]; then
    command -v go >/dev/null || { echo "fsck.sh: Go is missing, and FSCK names no program" >&2; exit 2; }
    place=$(mktemp -d)
    trap 'rm -rf "$place"' EXIT
    GOBIN=$place GOFLAGS=-modcacherw go install "github.com/transparency-dev/tessera/cmd/fsck@$version" >&2 || exit 2
    fsck=$place/fsck
fi

said=$("$fsck" --ui=false --storage_url="file://$bundle/" --public_key="$vkey" 2>&1) || true
printf '%s\n' "$said"
# It ends with status 0 whatever it has found, so its last sentence decides.
case $said in
    *"Successfully fsck'd log"*) ;;
    *) exit 1 ;;
esac
