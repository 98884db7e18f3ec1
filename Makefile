# The two commands that matter are `make demo` and `make test`: each does all set-up itself.

export SWIFT_BACKTRACE ?= enable=no

.PHONY: demo test soak fuzz build bench screenshots lint format setup clean

demo: setup
	swift build --product reunite-sync
	"$$(swift build --show-bin-path)/reunite-sync" demo

test:
	@scripts/setup tests
	@$(MAKE) --no-print-directory lint
	swift build --build-tests
	scripts/test

# Long: many more random worlds, each longer. `make soak WORLDS=5000 STEPS=200` for a night.
WORLDS ?= 1000
STEPS ?= 120
soak: setup
	swift build --build-tests
	REUNITE_SEEDS=$(WORLDS) REUNITE_STEPS=$(STEPS) swift test --skip-build --filter 'SimulationTests|ScopeModelTests|FileWorldTests'

# Long: libFuzzer over every form that bytes from outside are read in; what it finds is kept in .build-fuzz/corpus.
SECONDS ?= 600
fuzz: setup
	REUNITE_FUZZ=1 swift build --sanitize=fuzzer --scratch-path .build-fuzz --product reunite-fuzz
	python3 Fuzz/seeds.py .build-fuzz/seeds
	mkdir -p .build-fuzz/corpus
	"$$(swift build --scratch-path .build-fuzz --show-bin-path)/reunite-fuzz" -max_total_time=$(SECONDS) \
		-timeout=10 -rss_limit_mb=2048 -max_len=65536 -artifact_prefix=.build-fuzz/ .build-fuzz/corpus .build-fuzz/seeds

build: setup
	swift build -c release --product reunite-sync

# Slow: builds everything for release, then about ten minutes of measuring. See docs/benchmarks.md.
bench: setup
	REUNITE_BENCH=1 swift run -c release --scratch-path .build-bench reunite-bench --rows 200000
	swift build -c release --scratch-path .build-bench --product reunite-sync
	python3 Benchmarks/people.py .build-bench/release/reunite-sync
	python3 Benchmarks/pages.py .build-bench/release/reunite-sync --people
	python3 Benchmarks/pages.py .build-bench/release/reunite-sync 10000

# Pictures of the pages into docs/images, of an invented network.
screenshots:
	@scripts/setup tests
	swift build --product reunite-sync
	scripts/screenshots

lint:
	swift format lint --strict --recursive --parallel Package.swift Sources Schemas Tests Benchmarks Fuzz

format:
	swift format --in-place --recursive --parallel Package.swift Sources Schemas Tests Benchmarks Fuzz

setup:
	@scripts/setup

clean:
	swift package clean
