#!/bin/bash
# Proves that the first commands of the README work on a bare Debian 12 with nothing but this repository.
#
#   tests/bare/run.sh FOLDER [TARGET...]     TARGET: what to make, "demo test" unless told otherwise
#
# Needs root, debootstrap and git. Makes a new Debian in FOLDER (must not exist; remove it afterwards), with the
# mirrors, certificates and proxies of this machine, installs git and make in it, clones the committed state and
# runs make as a person would. Only /proc and /dev are shared. Prints how long each step took.
# BARE_MIRROR and BARE_SECURITY name the mirrors where this machine's apt does not know bookworm.
set -euo pipefail

die() { echo "bare: $*" >&2; exit 1; }

[ $# -ge 1 ] || die "usage: tests/bare/run.sh FOLDER [TARGET...]"
[ "$(id -u)" = 0 ] || die "root must run this: it makes a chroot"
command -v debootstrap >/dev/null || die "debootstrap is missing: apt-get install debootstrap"
folder=$(realpath -m "$1")
shift
[ $# -gt 0 ] || set -- demo test

# In a mount namespace of its own, whatever is mounted here vanishes with this process.
if [ -z "${BARE_INSIDE:-}" ]; then
    [ ! -e "$folder" ] || die "$folder exists; a bare system is a new one"
    BARE_INSIDE=yes exec unshare --mount "$0" "$folder" "$@"
fi

repository=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../..")
# Where it is cloned to. Not spelt out, because a test refuses the checkout's own path in any file.
clone=srv/$(basename "$repository")-bare

# The mirror from which this machine gets the suite, or nothing.
mirror_of() {
    apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
        awk -v suite="$1" '$1 == suite && !found { print $2; found = 1 }'
}

timed() {
    local name=$1 start=$SECONDS status=0
    shift
    echo "bare: $name" >&2
    "$@" || status=$?
    echo "bare: $name took $((SECONDS - start)) s, exit status $status" >&2
    return "$status"
}

# As a fresh login would see it, except for the proxies of this machine.
inside() {
    local proxies=() name
    for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY; do
        [ -z "${!name:-}" ] || proxies+=("$name=${!name}")
    done
    chroot "$folder" /usr/bin/env -i HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "${proxies[@]}" \
        /bin/bash -c "$1" </dev/null
}

make_debian() {
    debootstrap --variant=minbase --include=ca-certificates bookworm "$folder" "$mirror" >/dev/null
    mount -t proc proc "$folder/proc"
    mount --bind /dev "$folder/dev"
}

# What a machine behind a proxy, or with certificates of its own, has set up before anyone clones anything.
lend_network() {
    printf 'deb %s bookworm main\ndeb %s bookworm-security main\n' "$mirror" "$security" >"$folder/etc/apt/sources.list"
    cp -L /etc/resolv.conf /etc/hosts "$folder/etc/"
    grep -lsE '^ *Acquire' /etc/apt/apt.conf.d/* | xargs -r cp -t "$folder/etc/apt/apt.conf.d/"
    find /usr/local/share/ca-certificates -name '*.crt' -exec cp -t "$folder/usr/local/share/ca-certificates/" {} +
    inside update-ca-certificates >/dev/null 2>&1
    local cargo="${CARGO_HOME:-$HOME/.cargo}/config.toml"
    [ ! -e "$cargo" ] || install -D "$cargo" "$folder$(inside 'echo ~')/.cargo/config.toml"
}

install_git_and_make() {
    inside 'apt-get -qq update && apt-get -qq install -y --no-install-recommends git make' >/dev/null
}

mirror=${BARE_MIRROR:-$(mirror_of bookworm)}
security=${BARE_SECURITY:-$(mirror_of bookworm-security)}
[ -n "$mirror" ] && [ -n "$security" ] || die "no mirror known for bookworm and bookworm-security"

timed "a new Debian 12" make_debian
timed "mirrors, certificates and proxies" lend_network
timed "git and make" install_git_and_make
timed "clone" git clone --quiet --no-hardlinks "$repository" "$folder/$clone"
for target in "$@"; do
    timed "make $target" inside "cd /$clone && make $target"
done
inside 'cargo --version && g++ --version | head -n 1' >&2
