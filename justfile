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
    cargo bench

# Accessibility of the report pages: axe-core in Chromium, on a desktop, a telephone and A4; screenshots in target/audit.
audit:
    bash audit/run
