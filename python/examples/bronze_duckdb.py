"""A Parquet bronze table with DuckDB: an SQL function, and findings as a table beside the messages.

    python bronze_duckdb.py BRONZE.parquet DAY      # columns: id, message
"""

import sys

import duckdb
import pyarrow as pa

from hallmark_interop import Checker, Config

FINDING = "STRUCT(line BIGINT, rule VARCHAR, severity VARCHAR, path VARCHAR, says VARCHAR)"
FIELDS = ["line", "rule", "severity", "path", "says"]


def register(connection: duckdb.DuckDBPyConnection, checker: Checker) -> None:
    """`hallmark(message)` gives a list of findings, null for null."""

    def hallmark(messages: pa.ChunkedArray) -> pa.Array:
        lists = pa.array(checker.check_column(messages))
        found = lists.values
        columns = [found.field(name) for name in FIELDS]
        return pa.ListArray.from_arrays(lists.offsets, pa.StructArray.from_arrays(columns, FIELDS), mask=lists.is_null())

    connection.create_function(
        "hallmark", hallmark, ["VARCHAR"], f"{FINDING}[]", type="arrow", null_handling="special", exception_handling="default"
    )


def findings(connection: duckdb.DuckDBPyConnection, checker: Checker, table: str) -> tuple[pa.Table, bytes]:
    """Findings of a table with columns `id` and `message`, batch by batch, and the record."""
    run, batches = checker.run(), []
    reader = connection.sql(f"select id, message from {table}").to_arrow_reader(10_000)
    for batch in reader:
        batches.append(pa.record_batch(run.check_batch(batch["message"], id=batch["id"])))
    return pa.Table.from_batches(batches), run.record()


def main(bronze: str, day: str) -> None:
    checker = Checker(Config(today=day, standard="ukcore"))
    with duckdb.connect() as connection:
        register(connection, checker)
        connection.sql("select * from read_parquet($1)", params=[bronze]).create("bronze")
        found, record = findings(connection, checker, "bronze")
        print(connection.sql("select rule, name, severity, count(*) n, count(distinct id) messages from found group by all order by n desc"))
        print(connection.sql("select count(*) from bronze where len(list_filter(hallmark(message), lambda f: f.severity in ('fatal', 'error'))) = 0"))
        print(f"the record has {len(record)} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
