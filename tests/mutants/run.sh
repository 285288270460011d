#!/usr/bin/env bash
# Changes the code that assesses, caps, compares and rounds, one place at a time, and sees whether a test notices.
#
#   tests/mutants/run.sh [--afresh] [MODULE…]     such as: tests/mutants/run.sh cap overlap
#
# Takes hours, so it can be stopped and goes on where it was: what was found for a module is kept in the cache until that
# file changes. What is killed once stays killed when tests are added; --afresh forgets everything, for a release.
# The quickest tests judge first, and only what they let live is shown to the other tests of the crate; not to those with
# random histories, which take minutes: what only they would notice counts as alive, and wants a case of its own.
# Ends with a table, and fails if less than 98 of 100 viable mutants are killed, if one lives that survivors.txt does not
# argue, or if survivors.txt argues one that is dead.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

version=27.1.0
cache="${XDG_CACHE_HOME:-$HOME/.cache}/grants-ledger/mutants"
tool="$cache/cargo-mutants-$version/bin/cargo-mutants"
argued=tests/mutants/survivors.txt
threshold=98

# Each module: its crate, then the tests that judge it quickly, in the order in which they run.
policy="--test=shipped --test=rows --test=standing --test=scenarios"
quick() { # module
    case $1 in
    # What has tests of its own beside it.
    */number.rs | */weigh.rs) echo "--lib" ;;
    grants-policy/*) echo "$policy" ;;
    *) echo "--lib --test=suite" ;;
    esac
}
slow="mutants"
modules=(
    grants-policy/src/number.rs grants-policy/src/answered.rs grants-policy/src/evidence.rs
    grants-policy/src/claim.rs grants-policy/src/benefit.rs grants-policy/src/interest.rs
    grants-policy/src/overlap.rs grants-policy/src/condition.rs grants-policy/src/cap.rs
    grants-policy/src/assess.rs grants-policy/src/weigh.rs
)

[ "${1:-}" = "--afresh" ] && { rm -rf "$cache/found"; shift; }
chosen=("${modules[@]}")
if [ $# -gt 0 ]; then
    chosen=()
    for name in "$@"; do
        for module in "${modules[@]}"; do
            [ "$(basename "$module" .rs)" = "$name" ] && chosen+=("$module")
        done
    done
    [ "${#chosen[@]}" = $# ] || { echo "mutants: one of these is no module here: $*" >&2; exit 2; }
fi

if [ ! -x "$tool" ]; then
    cargo install cargo-mutants --version "$version" --locked --root "$cache/cargo-mutants-$version" \
        --target-dir "$cache/tool-target" >&2
    rm -rf "$cache/tool-target"
fi

export CARGO_TARGET_DIR="$cache/target" CARGO_TERM_COLOR=never

# The copy that is changed stands at one place for ever, so that what does not change is compiled once.
tree="$cache/tree"
rm -rf "$tree"
mkdir -p "$tree"
git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents --preserve=timestamps --target-directory="$tree"
# A run that was stopped may have compiled a mutant of a module, and half of it: its file has to look new.
rm -rf "$CARGO_TARGET_DIR/debug/incremental"
for module in "${modules[@]}"; do touch "$tree/services/$module"; done

# What does not compile is no mutant: kept apart, because the next run counts it among what was caught before.
keep_unviable() { # folder
    cat "$1/unviable" "$1/mutants.out/unviable.txt" 2>/dev/null | sort -u >"$1/unviable.new" || true
    mv "$1/unviable.new" "$1/unviable"
}

# Runs the mutants of a module that are not decided yet; exit status 2 and 3 mean that some live or take too long.
judge() { # module folder test-arguments…
    local module=$1 folder=$2 status=0
    shift 2
    # Said to every call of cargo: what only the tests are told would still compile all of them, four times as long.
    local tests=("${@/#/--cargo-arg=}")
    keep_unviable "$folder"
    nice -n 19 "$tool" mutants --dir "$tree" --in-place --package "${module%%/*}" --file "services/$module" \
        --output "$folder" --iterate --no-shuffle --colors never --timeout 600 \
        --cargo-arg="--config=$tree/tests/mutants/profile.toml" "${tests[@]}" >"$folder/said" 2>&1 || status=$?
    case $status in
    0 | 2 | 3) ;;
    *) tail -n 20 "$folder/said" >&2; echo "mutants: cargo-mutants ended with $status on $module" >&2; exit 1 ;;
    esac
    keep_unviable "$folder"
}

all() { # module
    printf -- '--lib '
    for file in "services/${1%%/*}"/tests/*.rs; do
        [ "$(basename "$file" .rs)" = "$slow" ] || printf -- '--test=%s ' "$(basename "$file" .rs)"
    done
}

lines() { cat "$@" 2>/dev/null | grep -c . || true; }
# What a mutant is, without the line it is on, so that a line added above changes nothing.
nameless() { sed -E 's/^([^:]+):[0-9]+:[0-9]+: /\1: /' "$@" | sort; }

mkdir -p "$cache/found"
lived="$cache/lived"
: >"$lived"
printf '%-36s %7s %7s %7s %9s\n' module viable killed alive unviable
total_viable=0 total_killed=0
for module in "${chosen[@]}"; do
    folder="$cache/found/$(basename "$module" .rs)-$(sha256sum "services/$module" | cut -c1-16)"
    mkdir -p "$folder"
    # shellcheck disable=SC2046 # the arguments are words
    [ -e "$folder/done" ] || judge "$module" "$folder" $(quick "$module")
    # Of what is done, only what lived is shown again: tests may have been added for it. If this is stopped, nothing says
    # any more what lived, so it is not done until then.
    if [ ! -e "$folder/done" ] || [ -s "$folder/mutants.out/missed.txt" ]; then
        rm -f "$folder/done"
        # shellcheck disable=SC2046
        judge "$module" "$folder" $(all "$module")
        touch "$folder/done"
    fi
    out="$folder/mutants.out"
    alive=$(lines "$out/missed.txt")
    unviable=$(lines "$folder/unviable")
    decided=$(cat "$out/caught.txt" "$out/previously_caught.txt" "$out/timeout.txt" "$out/unviable.txt" | sort -u | lines)
    killed=$((decided - unviable))
    cat "$out/missed.txt" >>"$lived"
    printf '%-36s %7s %7s %7s %9s\n' "$module" $((killed + alive)) "$killed" "$alive" "$unviable"
    total_viable=$((total_viable + killed + alive)) total_killed=$((total_killed + killed))
done
printf '%-36s %7s %7s %7s\n' total "$total_viable" "$total_killed" $((total_viable - total_killed))

status=0
[ $((total_killed * 100)) -ge $((total_viable * threshold)) ] ||
    { echo "mutants: fewer than $threshold of 100 are killed" >&2; status=1; }
unargued=$(comm -23 <(nameless "$lived") <(grep -v '^ *#' "$argued" | sed 's/ *#.*//' | grep . | sort))
[ -z "$unargued" ] || { printf 'mutants: these live, and no reason is given:\n%s\n' "$unargued" >&2; status=1; }
if [ $# = 0 ]; then
    dead=$(comm -13 <(nameless "$lived") <(grep -v '^ *#' "$argued" | sed 's/ *#.*//' | grep . | sort))
    [ -z "$dead" ] || { printf 'mutants: these are argued, and do not live:\n%s\n' "$dead" >&2; status=1; }
fi
exit "$status"
