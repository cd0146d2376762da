"""The recipes say what the command line says."""

import json
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest
from conftest import FIELDS, SOURCE, TODAY, Told, counts, numbered

from hallmark_interop import Checker

sys.path.insert(0, str(Path(__file__).parent.parent / "examples"))


def test_a_folder_with_polars(told: Told, checker: Checker, capsys: pytest.CaptureFixture[str]) -> None:
    pl = pytest.importorskip("polars")
    import folder_polars

    messages = folder_polars.read(told.folder)
    found, record = folder_polars.check(messages, checker)
    assert found.select(FIELDS).to_dicts() == told.findings
    assert counts(record) == told.record
    assert pl.Series(checker.check_column(messages["message"])).len() == messages.height
    folder_polars.main(str(told.folder), TODAY)
    assert "messages may go on" in capsys.readouterr().out


def test_a_bronze_table_with_duckdb(told: Told, checker: Checker, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    duckdb = pytest.importorskip("duckdb")
    import bronze_duckdb

    rows = numbered(told.lines)
    bronze = tmp_path / "bronze.parquet"
    table = pa.table({"id": [f"m{r['payload']}" for r in rows] + ["none"], "message": [r["value"] for r in rows] + [None]})
    pyarrow.parquet.write_table(table, bronze)
    with duckdb.connect() as connection:
        bronze_duckdb.register(connection, checker)
        connection.sql("select * from read_parquet($1)", params=[str(bronze)]).create("bronze")
        found, record = bronze_duckdb.findings(connection, checker, "bronze")
        told_of = [name for name in FIELDS if name not in ("source", "line")]
        expected = [{name: row[name] for name in told_of} for row in told.findings]
        assert [{name: row[name] for name in told_of} for row in found.to_pylist()] == expected
        assert {row["id"] for row in found.to_pylist()} == {f"m{row['payload']}" for row in told.findings}
        given = json.loads(record)["parts"][0]["counts"]
        assert given == told.record["parts"][0]["counts"]
        sql = "select id, hallmark(message) as found from bronze"
        lists = dict(connection.sql(sql).fetchall())
        assert lists["none"] is None
        by_id = {f"m{row['payload']}": 0 for row in rows}
        for row in told.findings:
            by_id[f"m{row['payload']}"] += 1
        assert {name: len(found) for name, found in lists.items() if found is not None} == by_id
    bronze_duckdb.main(str(bronze), TODAY)
    assert "the record has" in capsys.readouterr().out
