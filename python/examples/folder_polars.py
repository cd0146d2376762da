"""A folder of NDJSON with Polars: findings by rule, and the messages that may go on.

    python folder_polars.py FOLDER DAY
"""

import sys
from pathlib import Path

import polars as pl

from hallmark_interop import Checker, Config


def read(folder: Path) -> pl.DataFrame:
    """Every line of every file with its source, its line and the number of its payload; blank lines are no payloads."""
    files = []
    for path in sorted(folder.rglob("*.ndjson")):
        lines = [text.removesuffix("\r") for text in path.read_text("utf-8").split("\n")]
        frame = pl.DataFrame({"message": lines}).with_row_index("line", offset=1)
        frame = frame.filter(pl.col("message").str.strip_chars() != "").with_row_index("payload", offset=1)
        files.append(frame.with_columns(source=pl.lit(path.relative_to(folder).as_posix())))
    return pl.concat(files)


def check(messages: pl.DataFrame, checker: Checker) -> tuple[pl.DataFrame, bytes]:
    """Findings with fingerprints, and the record of the run."""
    run = checker.run(sources=messages["source"].n_unique())
    batch = run.check_batch(
        messages["message"], source=messages["source"], payload=messages["payload"], line=messages["line"]
    )
    return pl.DataFrame(batch), run.record()


def main(folder: str, day: str) -> None:
    messages = read(Path(folder))
    found, record = check(messages, Checker(Config(today=day, standard="ukcore")))
    counting = found.filter(~pl.col("waived") & ~pl.col("shadow"))
    by_rule = counting.group_by("rule", "name", "severity").agg(pl.len().alias("findings"), pl.col("payload").n_unique())
    print(by_rule.sort("findings", descending=True))
    failing = counting.filter(pl.col("severity").is_in(["fatal", "error"]))
    good = messages.join(failing, on=["source", "payload"], how="anti")
    print(f"{good.height} of {messages.height} messages may go on; the record has {len(record)} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
