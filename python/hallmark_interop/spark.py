"""hallmark on Spark 4, Spark Connect and Structured Streaming among them; 3.5 has the calls that are used here. PySpark is imported when it is used.

Every task checks its partition in the Python worker that Spark gives it, by ``mapInArrow``, with one thread: Spark runs a task
a core. Executors read no clock (``today`` stands in the ``Config``), and take the key of pseudonyms from ``HALLMARK_HMAC_KEY``
in their own environment or from ``key``, a function that fetches it from a secret scope where the task runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Literal

from . import Checker, Config, HallmarkError, __version__, merge, pooled

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql import Column, DataFrame, SparkSession

__all__ = ["check", "check_and_record", "numbered", "quarantine", "register", "with_fingerprints"]

Key = Callable[[], "str | bytes"]

#: Columns of `hallmark.findings.v1` after `row` and `id`, as Spark names their types.
COLUMNS = (
    "source string, payload long, line long, column int, end_line long, end_column int, rule string, name string, "
    "severity string, path string, profile string, element string, origin string, resource string, says string, "
    "fingerprint string, waived boolean, shadow boolean"
)

#: Columns of pseudonyms beside findings, inside of `check_and_record` alone.
KEYS = ("kind", "key", "fact", "count")

#: Checkers of this worker process, by settings: Spark uses a worker again for the next task.
_CHECKERS: dict[tuple[str, object], Checker] = {}


def _checker(config: Config, key: Key | None, version: str) -> Checker:
    if version != __version__:
        raise HallmarkError(f"this executor has hallmark_interop {__version__}, the driver {version}: install one version")
    held = None if key is None else key()
    name = (config.digest, held)
    if name not in _CHECKERS:
        _CHECKERS[name] = Checker(config, threads=1, hmac_key=held)
    return _CHECKERS[name]


def _beside(names: dict[str, str | None], batch: pyarrow.RecordBatch) -> dict[str, Any]:
    return {word: batch.column(name) for word, name in names.items() if name is not None}


def _schema(df: DataFrame, id: str | None) -> str:
    of = "string" if id is None else df.schema[id].dataType.simpleString()
    return f"row long, id {of}, {COLUMNS}"


def _selected(df: DataFrame, message: str, names: dict[str, str | None]) -> DataFrame:
    """Only the columns that are looked at, so that no other crosses into Python."""
    wanted = [message, *dict.fromkeys(name for name in names.values() if name is not None and name != message)]
    return df.select(*wanted)


def check(
    df: DataFrame,
    message: str = "value",
    *,
    config: Config,
    id: str | None = None,
    source: str | None = None,
    payload: str | None = None,
    line: str | None = None,
    key: Key | None = None,
) -> DataFrame:
    """Findings of a column of messages, one a row: `hallmark.findings.v1`.

    `id`, `source`, `payload` and `line` name columns: an id that is passed through, the name of the source, the number of the
    payload in it and the line it starts on. `row` counts inside of one Arrow batch. Works on streams.
    """
    names = {"id": id, "source": source, "payload": payload, "line": line}
    version = __version__

    def work(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        import pyarrow as pa

        checker = _checker(config, key, version)
        for batch in batches:
            yield pa.record_batch(checker.check_batch(batch.column(message), **_beside(names, batch)))

    return _selected(df, message, names).mapInArrow(work, _schema(df, id))


def check_and_record(
    df: DataFrame,
    message: str = "value",
    *,
    config: Config,
    id: str | None = None,
    source: str | None = None,
    payload: str | None = None,
    line: str | None = None,
    sources: int = 1,
    label: str = "",
    key: Key | None = None,
    merging: Literal["driver", "tree"] = "driver",
    pseudonyms: Literal["record", "table"] = "record",
) -> tuple[DataFrame, bytes]:
    """Findings and the record of the whole, in one pass over the messages.

    Each task hands on the record of its partition as the last row of its findings; the rows are kept by Spark (``persist``) and
    the records merged on the driver or, with ``merging="tree"``, in groups on the executors first. ``label`` names this feed
    among others; a partition that is given twice is refused. ``sources`` is how many sources the feed has. With
    ``pseudonyms="table"`` Spark groups the pseudonyms of all partitions, so that no record grows with the number of patients; such a
    record is complete, and is not merged with others of the same month.
    """
    from pyspark.sql import functions as F

    names = {"id": id, "source": source, "payload": payload, "line": line}
    version, run_label = __version__, label or "feed"
    kind = None if id is None else df.schema[id].dataType

    def work(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        import pyarrow as pa
        from pyspark import TaskContext

        context = TaskContext.get()
        partition = 0 if context is None else context.partitionId()
        checker = _checker(config, key, version)
        run = checker.run(sources=sources if partition == 0 else 0, label=f"{run_label}/{partition}")

        def table(found: Any, record: Any) -> pyarrow.RecordBatch:
            # Plain fields, so that tables and the last row have one schema.
            columns = [column if word != "id" or of is None else column.cast(of) for word, column in zip(words, found)]
            return whole([*columns, pa.array(record, pa.binary())], len(record))

        def whole(columns: list[Any], rows: int, keys: list[Any] | None = None) -> pyarrow.RecordBatch:
            columns += keys or [pa.nulls(rows, of_key) for of_key in (pa.string(), pa.binary(), pa.binary(), pa.int64())]
            return pa.RecordBatch.from_arrays(columns, [*words, "record", *KEYS])

        empty = pa.record_batch(checker.check_batch([]))
        words, of = empty.schema.names, None
        if kind is not None:
            from pyspark.sql.pandas.types import to_arrow_type

            of = to_arrow_type(kind)
        for batch in batches:
            found = pa.record_batch(run.check_batch(batch.column(message), **_beside(names, batch)))
            yield table(found.columns, [None] * found.num_rows)
        yield table([pa.nulls(1, field.type) for field in empty.schema], [run.record(pseudonyms=pseudonyms == "record")])
        if pseudonyms == "table":
            keys = pa.record_batch(run.pseudonyms())
            for at in range(0, keys.num_rows, 50_000):
                some = keys.slice(at, 50_000)
                nulls = [pa.nulls(some.num_rows, of if of and n == "id" else empty.schema.field(n).type) for n in words]
                yield whole([*nulls, pa.nulls(some.num_rows, pa.binary())], some.num_rows, list(some.columns))

    schema = f"{_schema(df, id)}, record binary, kind string, key binary, fact binary, count long"
    kept = _selected(df, message, names).mapInArrow(work, schema).persist()
    records = kept.where(F.col("record").isNotNull()).select("record")
    if merging == "tree":
        records = _merged_in_groups(records, version)
    whole = merge([bytes(row["record"]) for row in records.collect()])
    if pseudonyms == "table":
        whole = pooled(whole, _totals(kept.where(F.col("kind").isNotNull())))
    return kept.where(F.col("rule").isNotNull()).drop("record", *KEYS), whole


def _totals(keys: DataFrame) -> list[tuple[str, int, int, int]]:
    """Of each kind of pseudonyms: sightings, distinct keys, keys with more than one fact. Grouped by Spark."""
    from pyspark.sql import functions as F

    facts = keys.groupBy("kind", "key", "fact").agg(F.sum("count").alias("seen"))
    of_key = facts.groupBy("kind", "key").agg(F.sum("seen").alias("seen"), F.count("*").alias("facts"))
    contradicted = F.sum((F.col("facts") > 1).cast("long"))
    rows = of_key.groupBy("kind").agg(F.sum("seen").alias("s"), F.count("*").alias("k"), contradicted.alias("c")).collect()
    return [(row["kind"], row["s"], row["k"], row["c"]) for row in rows]


def _merged_in_groups(records: DataFrame, version: str) -> DataFrame:
    """Records merged on the executors, in groups of about the square root of their number: the driver merges what is left."""
    groups = max(1, round(records.count() ** 0.5))

    def work(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        import pyarrow as pa

        if version != __version__:
            raise HallmarkError(f"this executor has hallmark_interop {__version__}, the driver {version}: install one version")
        held = [record.as_py() for batch in batches for record in batch.column(0)]
        if held:
            yield pa.RecordBatch.from_arrays([pa.array([merge(held)], pa.binary())], ["record"])

    return records.repartition(groups).mapInArrow(work, "record binary")


def register(spark: SparkSession, config: Config, name: str = "hallmark_check", *, key: Key | None = None) -> None:
    """A function for SQL: `hallmark_check(message)` gives an array of findings, null for null."""
    from pyspark.sql import functions as F

    version = __version__
    dropped = ("source", "payload", "fingerprint")
    fields = [column for column in COLUMNS.split(", ") if column.split()[0] not in dropped]
    words = [column.split()[0] for column in fields]

    def work(message: str | bytes | None) -> list[tuple[Any, ...]] | None:
        if message is None:
            return None
        if not message.strip():
            return []
        found = _checker(config, key, version).check(bytes(message) if isinstance(message, bytearray) else message)
        return [tuple(getattr(finding, word) for word in words) for finding in found]

    spark.udf.register(name, F.udf(work, f"array<struct<{', '.join(c.replace(' ', ': ') for c in fields)}>>"))


def with_fingerprints(findings: DataFrame) -> DataFrame:
    """Findings with the fingerprints of the command line, which number the like findings of a source: one window in Spark.

    Payloads must be numbered in their source (`payload=` of `check`; `numbered` numbers those of a text file).
    """
    from pyspark.sql import Window
    from pyspark.sql import functions as F

    path = F.regexp_replace("path", r"\[[0-9][^\]]*\]", "")
    like = Window.partitionBy("source", "rule", "profile", path)
    order = like.orderBy("payload", "line", "column", "path", "says", "end_line", "end_column")
    nul = F.lit("\0")
    occurrence = F.row_number().over(order).cast("string")
    told = F.concat("rule", nul, "profile", nul, path, nul, occurrence, nul)
    return findings.withColumn("fingerprint", F.substring(F.sha2(told, 256), 1, 16))


def numbered(df: DataFrame, message: str = "value") -> DataFrame:
    """Rows of a text file as the command line numbers them: `payload`, which blank lines are none of, and `line`.

    The file must be read in the order of its partitions (one file, as `spark.read.text` reads it); a first pass counts them.
    """
    from pyspark.sql import functions as F

    inside = (1 << 33) - 1
    present = ~F.col(message).rlike(r"^[ \t\n\r\f]*$")
    at = df.select(
        "*", F.spark_partition_id().alias("_part"), F.monotonically_increasing_id().bitwiseAND(F.lit(inside)).alias("_line")
    )
    sums = at.groupBy("_part").agg(F.count("*").alias("n"), F.sum(present.cast("long")).alias("p")).collect()
    lines = payloads = 0
    before: list[Column] = []
    counted: list[Column] = []
    for row in sorted(sums, key=lambda row: row["_part"]):
        before += [F.lit(row["_part"]), F.lit(lines)]
        counted += [F.lit(row["_part"]), F.lit(payloads)]
        lines, payloads = lines + row["n"], payloads + (row["p"] or 0)
    if not before:
        return at.select(*df.columns, F.lit(None).cast("long").alias("payload"), F.lit(None).cast("long").alias("line"))
    kept = at.where(present).select("*", F.monotonically_increasing_id().bitwiseAND(F.lit(inside)).alias("_payload"))
    of = F.col("_part")
    payload = (F.create_map(*counted)[of] + F.col("_payload") + 1).cast("long")
    line = (F.create_map(*before)[of] + F.col("_line") + 1).cast("long")
    return kept.select(*df.columns, payload.alias("payload"), line.alias("line"))


def quarantine(
    df: DataFrame, findings: DataFrame, id: str, *, at: tuple[str, ...] = ("fatal", "error")
) -> tuple[DataFrame, DataFrame]:
    """Messages that may go on, and those that stay behind, by the ids of findings that count (not waived, not in shadow)."""
    from pyspark.sql import functions as F

    failing = findings.where(F.col("severity").isin(*at) & ~F.col("waived") & ~F.col("shadow"))
    failing = failing.select(F.col("id").alias(id)).distinct()
    return df.join(failing, id, "left_anti"), df.join(failing, id, "left_semi")
