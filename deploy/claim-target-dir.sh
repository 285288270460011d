#!/bin/sh
# Makes what was built for another checkout count as old, when checkouts share one target directory.
#
# Cargo tells fresh from stale by file times and by names that do not contain the checkout's path. Another copy of
# this repository, built later from other sources, would therefore pass for a build of this one.
set -eu
cd "$(dirname "$0")/.."

owner="${CARGO_TARGET_DIR:-target}/.checkout"
here=$(pwd -P)
[ "$(cat "$owner" 2>/dev/null)" = "$here" ] && exit 0

[ ! -e "$owner" ] || echo "the target directory was last used by another checkout: the workspace's own crates are built again" >&2
find services tests -name '*.rs' -exec touch {} +
mkdir -p "$(dirname "$owner")"
echo "$here" >"$owner"
