# Exactly what CI runs.
ready:
    bash .ci/run

# All tests.
test:
    cargo test

# The gap report of the fixture feed.
report:
    cargo run --release -- check fixtures/feeds/riverside --fail-on never --report target/riverside.html

# Benchmarks.
bench:
    cargo bench --features bench

# Beside the fastest open peer, in one run: `just bench-peers [--unbundle] [NDJSON...]`. Builds a crate of its own, which takes long the first time.
bench-peers *args:
    cargo run --release --locked --manifest-path peers/Cargo.toml -- {{args}}

# Accessibility of the report pages: axe-core in Chromium, on a desktop, a telephone and A4; screenshots in target/audit.
audit:
    bash audit/run

# Beside the reference engine: `just oracle [FEED...]`. Needs Java and Maven, and the packages at ../shared/packages (--packages DIR).
oracle *args:
    cargo build --profile quick --locked
    python3 oracle/compare.py {{args}}
