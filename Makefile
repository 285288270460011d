# The same few commands on a laptop and in CI.
#
#   make demo      build the workspace and run the demonstration
#   make test      every test of every crate
#   make torture   the same tests, with many more and much larger random cases
#   make mutants   changes the code that decides, place by place, and sees which tests notice; takes hours, goes on where it was
#   make kafka     only the tests on real brokers: Apache Kafka, fetched from Maven Central and started by the tests
#   make bench     the benchmarks
#   make lint      formatting, lints and licences
#   make clean     remove what was built, and what the demonstration left in out/
#   make env       print the settings below for a shell: eval "$(make env)"
#
# Each installs what is missing first (deploy/install-build-tools.sh) and does nothing else as root.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help tools lint-tools broker-tools claim build demo test torture mutants kafka bench lint fmt clippy deny clean env

# The only place that says where things go: one cache for every checkout, outside the tree.
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/grants-ledger
export CARGO_TARGET_DIR := $(or $(CARGO_TARGET_DIR),$(CACHE)/target)
# ccache is used through its folder of compiler names, because a changed CXX would build RocksDB again.
export PATH := $(patsubst %,%:,$(wildcard /usr/lib/ccache))$(HOME)/.cargo/bin:$(PATH)

BUILT := $(CARGO_TARGET_DIR)/debug
# One set of crates and features for every command: another selection may build RocksDB once more.
ALL := --workspace --all-targets --locked
DENY_VERSION := 0.20.2
DENY := $(CACHE)/cargo-deny-$(DENY_VERSION)/bin/cargo-deny

help:
	@sed -n '3,13s/^# \{0,1\}//p' Makefile

tools:
	@deploy/install-build-tools.sh

lint-tools:
	@deploy/install-build-tools.sh --lint

# Where they cannot be installed, the tests that need brokers are passed over, and the last lines name them.
broker-tools:
	@deploy/install-build-tools.sh --brokers || [ "$${CI:-}" != true ]

# The cache is shared by checkouts, and cargo cannot tell whose build it finds there.
claim:
	@deploy/claim-target-dir.sh

build: tools claim
	@deploy/announce-first-build.sh
	@cargo build $(ALL)

demo: build
	@if [ -x tests/demo/run.sh ]; then GRANTS_BIN_DIR="$(BUILT)" tests/demo/run.sh; \
	else echo "make demo: tests/demo/run.sh is missing" >&2; exit 1; fi

# The total at the end adds up the closing lines of all test programs, and says what did not run; cargo's exit status is
# kept.
TOTAL := awk ' \
	  { print; fflush() } \
	  /^not run: / { missed[++misses] = $$0 } \
	  /^test result: / { programs++; passed += $$4; failed += $$6; skipped += $$8 } \
	  END { if (!programs) exit; printf "\n"; for (one = 1; one <= misses; one++) print missed[one]; \
	    printf "total: %d passed, %d failed, %d skipped", passed, failed, skipped; \
	    if (misses) printf ", %d of the passed did not run", misses; printf "\n" }'

test: build broker-tools
	@cargo test --workspace --locked --no-fail-fast 2>&1 | $(TOTAL)

torture:
	@GRANTS_TORTURE=1 $(MAKE) --no-print-directory test

mutants: tools
	@tests/mutants/run.sh

kafka: build broker-tools
	@cargo test --package grants-tests --package grants-server --test suite --test torture --locked --no-fail-fast \
	  -- kafka:: elected:: brokers:: 2>&1 | $(TOTAL)

bench: build
	@if [ -x "$(BUILT)/bench" ]; then "$(BUILT)/bench"; \
	else echo "make bench: the program 'bench' of grants-tests is missing" >&2; exit 1; fi

lint: fmt deny clippy

fmt: lint-tools
	@cargo fmt --all --check

clippy: lint-tools claim
	@deploy/announce-first-build.sh
	@cargo clippy $(ALL) -- -D warnings

# Licences, bans and sources need no network. The list of known vulnerabilities does, so it is not asked here:
# run "cargo deny check advisories" before a release. A wrapper may be allowed before it makes use of that.
deny: lint-tools $(DENY)
	@"$(DENY)" --locked check --allow unused-wrapper --hide-inclusion-graph licenses bans sources

# Optimised a little instead of to the utmost: it runs for a second, and is built once.
$(DENY):
	@echo "cargo-deny $(DENY_VERSION) is built once and kept in $(CACHE): some minutes on two cores" >&2
	@CARGO_TARGET_DIR="$(CACHE)/cargo-deny-build" CARGO_PROFILE_RELEASE_LTO=off \
	  CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
	  cargo install --quiet --locked cargo-deny --version $(DENY_VERSION) --root "$(CACHE)/cargo-deny-$(DENY_VERSION)"
	@rm -rf "$(CACHE)/cargo-deny-build"

clean:
	@echo "removing out/ and $(CARGO_TARGET_DIR): the next build is a first build" >&2
	@rm -rf out
	@cargo clean

env: claim
	@printf 'export CARGO_TARGET_DIR=%q PATH=%q\n' "$$CARGO_TARGET_DIR" "$$PATH"
