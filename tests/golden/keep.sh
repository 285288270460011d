#!/usr/bin/env bash
# Keeps the demonstration's ledger as a golden one, which every later build must decide again to the same bytes.
#
#   make demo && tests/golden/keep.sh NAME      makes tests/golden/NAME (or makes it anew)
#
# Before the first release, a change of the stored bytes makes the kept ledger anew. Behind a release that wrote such
# bytes, none is ever made anew or removed: a new one joins it under another name.
#
#   GRANTS_OUT   where the demonstration has written (default: out/ at the top of the repository)
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
out=${GRANTS_OUT:-$here/../../out}
place=$here/${1:?usage: tests/golden/keep.sh NAME}

[ -f "$out/bundle/manifest" ] || { echo "keep.sh: run make demo first" >&2; exit 1; }
mkdir -p "$place"
cp "$out/demo-data/vkey" "$place/vkey"
# Events and root, beside the archive, so that a reader of a change sees when it is of another ledger.
sed -n 2,3p "$out/bundle/checkpoint" >"$place/root"
# The same folder gives the same archive, whenever and by whomever it is packed.
tar --create --directory "$out" --sort=name --format=ustar --mtime=@0 --owner=0 --group=0 --numeric-owner \
    --mode=u=rwX,go=rX bundle | gzip -9n >"$place/bundle.tar.gz"
echo "$place: $(sed -n 1p "$place/root") events, $(stat -c %s "$place/bundle.tar.gz") bytes"
