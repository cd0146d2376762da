"""Figures of docs/scale.md: `python bench.py FEED.ndjson [--spark]`. Processor time and wall time of the same bytes, in turn, five rounds.

Rows that are timed with the command line are read before the clock starts; the command line reads its file.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from hallmark_interop import Checker, Config, merge

TODAY = "2026-11-21"


def timed(work) -> tuple[float, float]:
    """Wall and processor seconds of this process and its children that have ended."""
    before, start = os.times(), time.perf_counter()
    work()
    wall, after = time.perf_counter() - start, os.times()
    return wall, sum(after[:4]) - sum(before[:4])


def line(name: str, rounds: list[tuple[float, float]], size: int, count: int) -> None:
    wall, cpu = (statistics.median(part) for part in zip(*rounds))
    print(f"{name:<44} {wall:7.2f} s  {cpu:7.2f} s processor  {size / wall / 1e6:6.1f} MB/s  {cpu / count * 1e6:7.0f} µs a message")


def cold() -> None:
    """Import, checker and first message beyond Python's own start."""
    code = f"from hallmark_interop import Checker, Config\nChecker(Config(today='{TODAY}')).check('{{\"resourceType\": \"Patient\"}}')"
    start = lambda words: timed(lambda: subprocess.run([sys.executable, *words], check=True))  # noqa: E731
    rounds = [(start(["-c", "pass"]), start(["-c", code])) for _ in range(15)]
    for n, word in enumerate(("wall", "processor")):
        ms = statistics.median(b[n] - a[n] for a, b in rounds) * 1000
        print(f"cold: {ms:.0f} ms ({word}) beyond Python's own start")


def main() -> None:
    feed = Path(sys.argv[1])
    rows = [text for text in feed.read_bytes().split(b"\n") if text.strip()]
    size = sum(map(len, rows))
    print(f"{len(rows)} messages, {size / 1e6:.1f} MB, {size / len(rows):.0f} bytes each")
    cold()
    config = Config(today=TODAY)
    checkers = {n: Checker(config, threads=n) for n in (1, 2)}

    def command(jobs: int, *more: str) -> None:
        words = ["check", str(feed), "--no-config", "--today", TODAY, "--fail-on", "never", "--quiet"]
        words += ["--format", "ndjson=/dev/null", "--jobs", str(jobs), *more]
        subprocess.run([sys.executable, "-m", "hallmark_interop", *words], check=True)

    def run(threads: int) -> None:
        run = checkers[threads].run(source=feed.name)
        run.check_batch(rows)
        run.record()

    cases = {
        "command, 1 worker": lambda: command(1),
        "check_batch, 1 thread": lambda: checkers[1].check_batch(rows),
        "command, 2 workers": lambda: command(2),
        "check_batch, 2 threads": lambda: checkers[2].check_batch(rows),
        "command, 2 workers, record": lambda: command(2, "--record", "/tmp/hallmark-bench-record"),
        "run, 2 threads, record": lambda: run(2),
    }
    checkers[2].check_batch(rows[:2000])
    rounds: dict[str, list[tuple[float, float]]] = {name: [] for name in cases}
    for _ in range(5):
        for name, work in cases.items():
            rounds[name].append(timed(work))
    for name, times in rounds.items():
        line(name, times, size, len(rows))
    for key in [None, "6b6579206f66207468652062656e6368" * 3]:
        sizes = {}
        checker = Checker(config, threads=2, hmac_key=key)
        for n in (1, 64):
            records = []
            for part in range(n):
                one = checker.run(source=feed.name, sources=int(part == 0), label=f"bench/{part}")
                one.check_batch(rows[part::n])
                records.append(one.record())
            wall, _ = timed(lambda: merge(records))
            sizes[n] = (sum(map(len, records)), len(merge(records)), wall)
        print(f"records {'with' if key else 'without'} a key, parts: (bytes of all, bytes merged, seconds to merge): {sizes}")
    if "--spark" in sys.argv:
        spark(rows, config, size)


def workers(pid: int) -> float:
    """Processor seconds of all Python workers below a process, as Linux counts them."""
    tick, total = os.sysconf("SC_CLK_TCK"), 0.0
    parents, spent = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                text = (entry / "stat").read_text()
            except OSError:
                continue
            words = text[text.rindex(")") + 2 :].split()
            parents[int(entry.name)] = int(words[1])
            spent[int(entry.name)] = (text[text.index("(") + 1 : text.rindex(")")], sum(map(int, words[11:15])) / tick)
    for one, (name, seconds) in spent.items():
        up = one
        while up not in (0, 1, pid):
            up = parents.get(up, 0)
        if up == pid and one != pid and name.startswith("python"):
            total += seconds
    return total


def spark(rows: list[bytes], config: Config, size: int) -> None:
    """Processor time of Spark's Python workers over the same rows."""
    import tempfile

    from pyspark.sql import SparkSession

    from hallmark_interop import spark as on_spark

    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    with tempfile.TemporaryDirectory() as folder:
        frame = session.createDataFrame([(row.decode(),) for row in rows], "value string").repartition(8)
        frame.write.parquet(folder + "/bronze")
        bronze = session.read.parquet(folder + "/bronze")
        on_spark.check(bronze.limit(100), config=config).count()
        rounds = []
        for _ in range(5):
            before = workers(os.getpid())
            start = time.perf_counter()
            on_spark.check(bronze, config=config).write.mode("overwrite").format("noop").save()
            rounds.append((time.perf_counter() - start, workers(os.getpid()) - before))
        line("Spark, 2 tasks: Python workers alone", rounds, size, len(rows))
        start = time.perf_counter()
        _, record = on_spark.check_and_record(bronze, config=config)
        counts = json.loads(record)["parts"][0]["counts"]
        print(f"Spark with a record: {time.perf_counter() - start:.2f} s, {counts['given']} payloads, {len(record)} bytes")
    session.stop()


if __name__ == "__main__":
    main()
