"""Spark Connect: the client has no Java objects; everything goes through plans."""

import os
import shutil
import sys

import pytest
from conftest import SOURCE, Told, counts, numbered

from hallmark_interop import Config

if shutil.which("java") is None:
    pytest.skip("Java is not installed", allow_module_level=True)
pyspark = pytest.importorskip("pyspark", reason="PySpark is not installed")
if int(pyspark.__version__.split(".")[0]) < 4:
    pytest.skip("the server of Spark Connect is no part of PySpark 3", allow_module_level=True)
pytest.importorskip("grpc_status", reason="grpcio-status is not installed")


def test_connect(told: Told, config: Config, tmp_path) -> None:
    script = tmp_path / "client.py"
    script.write_text(CLIENT)
    import subprocess

    (tmp_path / "lines").write_text("\n".join(repr(r) for r in numbered(told.lines)), encoding="utf-8")
    environment = {**os.environ, "PYSPARK_PYTHON": sys.executable}
    run = subprocess.run([sys.executable, str(script), str(tmp_path)], env=environment, capture_output=True, text=True, timeout=240)
    assert run.returncode == 0, run.stderr[-3000:]
    assert counts((tmp_path / "record").read_bytes()) == told.record
    assert int(run.stdout.split()[-1]) == len(told.findings)


CLIENT = f"""
import ast, sys
from pyspark.sql import SparkSession
from hallmark_interop import Config
from hallmark_interop import spark as on_spark

folder = sys.argv[1]
session = SparkSession.builder.remote("local[2]").config("spark.ui.enabled", "false").getOrCreate()
rows = [ast.literal_eval(line) for line in open(folder + "/lines", encoding="utf-8")]
df = session.createDataFrame(
    [(r["value"], r["payload"], r["line"], {SOURCE!r}) for r in rows], "value string, payload long, line long, source string"
).repartition(3)
config = Config(today="2026-11-21", standard="careconnect", partner="RX1")
found, record = on_spark.check_and_record(
    df, config=config, payload="payload", line="line", source="source", merging="tree"
)
open(folder + "/record", "wb").write(record)
print(on_spark.with_fingerprints(found).count())
session.stop()
"""
