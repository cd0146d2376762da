"""Spark says what the command line says, however the feed is split; tasks that are tried again are counted once."""

import json
import os
import shutil
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from conftest import FIELDS, KEY, SOURCE, TODAY, Told, counts, numbered

from hallmark_interop import Checker, Config, HallmarkError, merge, report

if shutil.which("java") is None:
    pytest.skip("Java is not installed", allow_module_level=True)
pyspark = pytest.importorskip("pyspark", reason="PySpark is not installed")
from pyspark.sql import DataFrame, SparkSession  # noqa: E402
from pyspark.sql import functions as F  # noqa: E402

from hallmark_interop import spark as on_spark  # noqa: E402

PATIENT = '{"resourceType": "Patient", "gender": "woman"}'


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory):
    os.environ["PYSPARK_PYTHON"] = sys.executable
    folder = tmp_path_factory.mktemp("spark")
    builder = SparkSession.builder.master("local[2, 4]").appName("hallmark")
    for name, value in {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.warehouse.dir": str(folder),
        "spark.sql.execution.arrow.maxRecordsPerBatch": "16",
    }.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


def feed(spark: SparkSession, told: Told, partitions: int) -> DataFrame:
    rows = [(r["value"], r["payload"], r["line"], SOURCE) for r in numbered(told.lines)]
    return spark.createDataFrame(rows, "value string, payload long, line long, source string").repartition(partitions)


WHERE = {"payload": "payload", "line": "line", "source": "source"}


def fields(findings: DataFrame) -> list[dict[str, object]]:
    """Findings in the order of the command line."""
    rows = [row.asDict() for row in findings.collect()]
    rows.sort(key=lambda r: (r["payload"], r["line"], r["column"], r["rule"], r["path"], r["profile"], r["says"]))
    return [{name: row[name] for name in FIELDS} for row in rows]


def in_order(findings: list[dict[str, object]]) -> list[dict[str, object]]:
    return sorted(findings, key=lambda r: (r["payload"], r["line"], r["column"], r["rule"], r["path"], r["profile"], r["says"]))


@pytest.mark.parametrize(("partitions", "merging"), [(1, "driver"), (4, "tree"), (64, "driver")])
def test_findings_fingerprints_and_record(spark: SparkSession, told: Told, config: Config, partitions: int, merging: str) -> None:
    df = feed(spark, told, partitions)
    found, record = on_spark.check_and_record(df, config=config, **WHERE, merging=merging)
    assert fields(on_spark.with_fingerprints(found)) == in_order(told.findings)
    assert counts(record) == told.record


def test_a_key_from_a_secret_scope(spark: SparkSession, told: Told, config: Config) -> None:
    key = KEY
    _, record = on_spark.check_and_record(feed(spark, told, 3), config=config, **WHERE, key=lambda: key)
    assert counts(record) == told.keyed


def test_pseudonyms_that_spark_groups(spark: SparkSession, told: Told, config: Config) -> None:
    key = KEY
    feed_of = feed(spark, told, 5)
    found, record = on_spark.check_and_record(feed_of, config=config, **WHERE, key=lambda: key, pseudonyms="table")
    assert fields(on_spark.with_fingerprints(found)) == in_order(told.findings)
    bare = counts(record)["parts"][0]
    assert not bare.get("keys")
    seen = shares(record)
    assert seen == shares((told.folder / "keyed.json").read_bytes()) and any("payload-unique" in str(share) for share in seen)


def shares(record: bytes) -> list[object]:
    """Measures of the gap report over a record."""
    return json.loads(report([record], format="json"))["measures"]


def test_a_text_file(spark: SparkSession, told: Told, config: Config) -> None:
    df = on_spark.numbered(spark.read.text(str(told.folder / SOURCE))).withColumn("source", F.lit(SOURCE))
    assert fields(on_spark.with_fingerprints(on_spark.check(df, config=config, **WHERE))) == in_order(told.findings)


def test_ids_sql_and_quarantine(spark: SparkSession, config: Config) -> None:
    df = spark.createDataFrame([(1, PATIENT), (2, None), (3, '{"resourceType": "Patient"}'), (4, " ")], "n long, value string")
    found = on_spark.check(df, config=config, id="n")
    assert found.schema["id"].dataType.simpleString() == "bigint"
    assert {row["id"] for row in found.collect() if row["path"] == "Patient.gender"} == {1}
    good, bad = on_spark.quarantine(df, found, "n")
    assert ({row["n"] for row in good.collect()}, {row["n"] for row in bad.collect()}) == ({2, 3, 4}, {1})
    on_spark.register(spark, config)
    df.createOrReplaceTempView("bronze")
    sql = "select n, hallmark_check(value) as found from bronze order by n"
    lists = {row["n"]: row["found"] for row in spark.sql(sql).collect()}
    assert lists[2] is None and lists[4] == [] and "Patient.gender" in [found["path"] for found in lists[1]]
    kept, record = on_spark.check_and_record(df.repartition(5), config=config, id="n")
    assert {row["id"] for row in kept.collect() if row["path"] == "Patient.gender"} == {1}
    assert json.loads(record)["parts"][0]["counts"]["given"] == 2


def test_a_task_that_is_tried_again_is_counted_once(spark: SparkSession, told: Told, config: Config, tmp_path: Path) -> None:
    """The first try of a partition dies with its worker after its work; and a record that came twice is refused."""
    marker = str(tmp_path / "died")

    def dying():
        if not os.path.exists(marker):
            open(marker, "w").close()
            os._exit(3)
        return KEY

    _, record = on_spark.check_and_record(feed(spark, told, 4), config=config, **WHERE, key=dying)
    assert os.path.exists(marker) and counts(record) == told.keyed
    run = Checker(config).run(label="feed/3")
    run.check_batch([PATIENT])
    again = Checker(config).run(label="feed/3")
    again.check_batch(pa.array([PATIENT]))
    with pytest.raises(HallmarkError, match="more than one record"):
        merge([run.record(), again.record()])


def test_two_versions_in_one_run_are_refused(config: Config) -> None:
    with pytest.raises(HallmarkError, match="install one version"):
        on_spark._checker(config, None, "0.0.7")


def test_a_stream(spark: SparkSession, told: Told, config: Config, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    shutil.copy(told.folder / SOURCE, tmp_path / "in" / "a.txt")
    df = spark.readStream.text(str(tmp_path / "in"))
    query = on_spark.check(df, config=config).writeStream.format("memory").queryName("found").trigger(availableNow=True).start()
    query.awaitTermination()
    assert spark.sql("select * from found").count() == len(told.findings)
