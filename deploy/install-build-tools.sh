#!/bin/sh
# Installs what building this repository needs, and nothing that is there already.
#
#   deploy/install-build-tools.sh             to build, run and test
#   deploy/install-build-tools.sh --lint      to format and lint as well
#   deploy/install-build-tools.sh --brokers   to test on real brokers as well: Java, Maven, and clients that are not ours
#
# On a machine that has everything it needs neither root nor a network.
# Otherwise it asks rustup where rustup is, and Debian's package manager for the rest.
set -eu
cd "$(dirname "$0")/.."

lint=no brokers=no
for wish in "$@"; do
    case $wish in
    --lint) lint=yes ;;
    --brokers) brokers=yes ;;
    *) echo "$0: unknown: $wish" >&2; exit 2 ;;
    esac
done
PATH="${HOME:-/nonexistent}/.cargo/bin:$PATH"

say() { echo "build tools: $*" >&2; }
die() { say "$@"; exit 1; }

# The oldest minor version of Rust 1 that will do, from the one place that names it.
minor_min=$(sed -n 's/^rust-version = "1\.\([0-9]*\).*/\1/p' Cargo.toml)
[ -n "$minor_min" ] || die "Cargo.toml names no rust-version"

minor_of() { "$1" --version 2>/dev/null | sed -n 's/^[a-z]* 1\.\([0-9]*\)\..*/\1/p'; }
recent() { [ "$minor_min" -le "$(minor_of "$1" | grep . || echo 0)" ]; }
has_rust() { recent cargo && recent rustc; }
has_lint() { [ "$lint" = no ] || { cargo fmt --version && cargo clippy --version; } >/dev/null 2>&1; }

# bindgen loads libclang when the build runs, and libclang looks for the C headers that come with it.
has_libclang() {
    [ -n "${LIBCLANG_PATH:-}" ] && return 0
    for header in /usr/lib/llvm-*/lib/clang/*/include/stddef.h /usr/lib*/clang/*/include/stddef.h; do
        [ -e "$header" ] && return 0
    done
    return 1
}

# The check of a bundle by a program that is not ours. A python3 of one's own may lack what Debian's has.
has_cryptography() {
    for python in python3 /usr/bin/python3; do
        "$python" -c 'import cryptography' >/dev/null 2>&1 && return 0
    done
    return 1
}

# The consumer of the public feed runs on Debian's python3, whatever other one is there.
has_consumer() { /usr/bin/python3 -c 'import confluent_kafka, google.protobuf' >/dev/null 2>&1; }

missing=""
if ! has_rust || ! has_lint; then
    if command -v rustup >/dev/null 2>&1; then
        say "rustup installs Rust 1.$minor_min or newer with its formatter and linter"
        rustup toolchain install stable --profile minimal --component rustfmt --component clippy >&2 ||
            die "rustup could not install the stable toolchain; install Rust 1.$minor_min or newer and start again"
    else
        missing="rustc-web cargo-web"
        [ "$lint" = no ] || missing="$missing rustfmt-web rust-web-clippy"
    fi
fi
command -v gcc >/dev/null 2>&1 && command -v g++ >/dev/null 2>&1 || missing="$missing g++"
command -v make >/dev/null 2>&1 || missing="$missing make"
has_libclang || missing="$missing libclang-dev"
# Tests watch and break the system calls of the ledger with it.
command -v strace >/dev/null 2>&1 || missing="$missing strace"
has_cryptography || missing="$missing python3 python3-cryptography"
# TLS and SCRAM of the connection to brokers.
pkg-config --exists openssl 2>/dev/null || missing="$missing libssl-dev pkg-config"
if [ "$brokers" = yes ]; then
    command -v java >/dev/null 2>&1 || missing="$missing openjdk-17-jre-headless"
    command -v mvn >/dev/null 2>&1 || missing="$missing maven"
    command -v kcat >/dev/null 2>&1 || missing="$missing kcat"
    command -v openssl >/dev/null 2>&1 || missing="$missing openssl"
    command -v protoc >/dev/null 2>&1 || missing="$missing protobuf-compiler"
    has_consumer || missing="$missing python3 python3-confluent-kafka python3-protobuf"
fi

if [ -n "$missing" ]; then
    command -v apt-get >/dev/null 2>&1 ||
        die "install these, under whatever names your system has for them: $missing (Rust 1.$minor_min or newer)"
    if [ "$(id -u)" = 0 ]; then
        as_root="env"
    elif command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
        as_root="sudo"
    else
        die "root must install packages once: apt-get update && apt-get install --no-install-recommends$(printf ' %s' $missing)"
    fi
    say "installing$(printf ' %s' $missing)"
    export DEBIAN_FRONTEND=noninteractive
    $as_root apt-get -qq update >&2
    # shellcheck disable=SC2086 # the list is words
    $as_root apt-get -qq install -y --no-install-recommends $missing >&2
fi

has_rust || die "Rust is too old: $(rustc --version 2>&1 | head -n 1). At least 1.$minor_min is needed;" \
    "on Debian 12 it is in the security updates (packages rustc-web and cargo-web)"
has_cryptography || die "neither python3 nor /usr/bin/python3 has the package cryptography (Debian: python3-cryptography)"
has_lint || die "cargo fmt or cargo clippy is missing (Debian: rustfmt-web, rust-web-clippy)"
