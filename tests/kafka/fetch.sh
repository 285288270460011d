#!/bin/sh
# Fetches the jars of Apache Kafka once, and prints the folder they are in.
#
#   tests/kafka/fetch.sh
#
# They come from Maven Central into the user's cache, under the hash of pom.xml. Needs mvn and java (Debian: maven,
# openjdk-17-jre-headless). Two runs at the same time fetch once.
set -eu
cd "$(dirname "$0")"

cache="${XDG_CACHE_HOME:-$HOME/.cache}/grants-ledger/kafka"
libs="$cache/$(sha256sum pom.xml | cut -c1-16)"
mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9
# The jars are of no use without it.
command -v java >/dev/null || { echo "no java: install openjdk-17-jre-headless" >&2; exit 1; }
if [ ! -d "$libs" ]; then
    command -v mvn >/dev/null || { echo "no mvn: install maven" >&2; exit 1; }
    rm -rf "$libs.part"
    mvn -q -B -f pom.xml dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$libs.part" >&2
    mv "$libs.part" "$libs"
fi
echo "$libs"
