"""What tests share: the fixture feed as lines, and what the command line says of it."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from hallmark_interop import Checker, Config

FIXTURES = Path(__file__).parent.parent.parent / "fixtures" / "feeds" / "riverside"
TODAY = "2026-11-21"
KEY = "6b6579206f6620746865207465737473206f6620746865206d6f64756c652121ab"
SOURCE = "feed.ndjson"
WHERE = ["source", "payload", "line", "column", "path", "profile", "element", "origin", "says"]
FIELDS = ["rule", "name", "severity", *WHERE, "fingerprint", "waived", "shadow"]

BROKEN = '{"resourceType": "Patient", "gender": '


def lines() -> list[str]:
    """Every message of the fixture feed as one line, JSON and XML, and what befalls feeds: blank lines, doubles, broken ones."""
    out: list[str] = []
    for path in sorted(FIXTURES.rglob("*")):
        if path.suffix == ".json":
            out.append(json.dumps(json.loads(path.read_text("utf-8")), ensure_ascii=False))
        elif path.suffix == ".xml":
            out.append(path.read_text("utf-8").replace("\n", " "))
        elif path.suffix == ".ndjson":
            out.extend(line for line in path.read_text("utf-8").splitlines() if line.strip())
    assert len(out) > 50
    return [*out[:9], "", "  ", *out[9:], out[3], BROKEN, out[3], "not FHIR", '{"resourceType": "Patient", "gender": "woman"}']


def numbered(all_lines: list[str]) -> list[dict[str, object]]:
    """Lines that are payloads, each with its number and line."""
    rows, payload = [], 0
    for line, text in enumerate(all_lines, 1):
        if text.strip():
            payload += 1
            rows.append({"value": text, "payload": payload, "line": line})
    return rows


@dataclass
class Told:
    """What the command line said."""

    folder: Path
    lines: list[str]
    findings: list[dict[str, object]]
    record: dict[str, object]
    keyed: dict[str, object]


def command(folder: Path, *words: str, key: str | None = None) -> subprocess.CompletedProcess[str]:
    """Runs the command that the module carries."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HALLMARK_")}
    if key:
        environment["HALLMARK_HMAC_KEY"] = key
    line = [sys.executable, "-m", "hallmark_interop", *words]
    return subprocess.run(line, cwd=folder, capture_output=True, text=True, encoding="utf-8", env=environment)


def row(finding: dict[str, object]) -> dict[str, object]:
    """A finding of NDJSON as the table has it."""
    return {
        name: finding[name] is not None if name == "waived" else finding.get(name, name != "shadow" and None)
        for name in FIELDS
    }


def counts(record: bytes | str) -> dict[str, object]:
    """A record without what names the run: ids of runs and the digest over them."""
    parsed = json.loads(record)
    parsed.pop("digest", None)
    for part in parsed["parts"]:
        assert part.pop("shards")
    return parsed


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("feed")
    given = lines()
    (folder / SOURCE).write_text("\n".join(given) + "\n", encoding="utf-8")
    common = ["check", SOURCE, "--no-config", "--today", TODAY, "--standard", "careconnect", "--fail-on", "never", "--partner", "RX1"]
    run = command(folder, *common, "--format", "ndjson", "--record", "record.json")
    assert run.returncode == 0, run.stderr
    keyed = command(folder, *common, "--format", "ndjson", "--record", "keyed.json", key=KEY)
    assert keyed.returncode == 0, keyed.stderr
    rows = [json.loads(line) for line in run.stdout.splitlines()]
    findings = [row(finding) for finding in rows if finding["type"] == "finding"]
    assert len(findings) > 60
    read = lambda name: counts((folder / name).read_text("utf-8"))  # noqa: E731
    return Told(folder, given, findings, read("record.json"), read("keyed.json"))


@pytest.fixture(scope="session")
def config() -> Config:
    return Config(today=TODAY, standard="careconnect", partner="RX1")


@pytest.fixture(scope="session")
def checker(config: Config) -> Checker:
    return Checker(config, threads=2)
