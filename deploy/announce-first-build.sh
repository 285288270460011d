#!/bin/sh
# Says how long a first build takes, and is silent when RocksDB's C++ has been built already.
set -eu

built="${CARGO_TARGET_DIR:-target}"/debug/build
for library in "$built"/librocksdb-sys-*/out/librocksdb.a; do
    [ -e "$library" ] && exit 0
done

echo "First build: RocksDB's C++ (about 340 files) comes with it and takes about 20 minutes on two cores; later builds skip it." >&2
case ":$PATH:" in
*:/usr/lib/ccache:*) echo "ccache is here: files it has compiled before, in any checkout, take a few minutes instead." >&2 ;;
esac
