"""The checker says what the command line says, whatever the messages come in."""

import datetime
import hashlib
import json
import pickle
import threading

import pyarrow as pa
import pytest
from conftest import FIELDS, KEY, SOURCE, TODAY, Told, counts, numbered

import hallmark_interop
from hallmark_interop import Checker, Config, HallmarkError, fingerprint, merge, pooled, report

PATIENT = '{"resourceType": "Patient", "gender": "woman"}'
SCHEMA = ["row", "id", "source", "payload", "line", "column", "end_line", "end_column", "rule", "name", "severity"]
SCHEMA += ["path", "profile", "element", "origin", "resource", "says", "fingerprint", "waived", "shadow"]


def table(batch: object) -> list[dict[str, object]]:
    return pa.record_batch(batch).to_pylist()


def fields(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return [{name: row[name] for name in FIELDS} for row in rows]


def bare(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """Without fingerprints, which a batch has none of."""
    return [{**row, "fingerprint": None} for row in rows]


def as_columns(told: Told) -> tuple[list[str], list[int], list[int]]:
    rows = numbered(told.lines)
    return [r["value"] for r in rows], [r["payload"] for r in rows], [r["line"] for r in rows]


def test_a_batch_equals_the_command_line(told: Told, checker: Checker) -> None:
    values, payloads, lines = as_columns(told)
    batch = checker.check_batch(values, source=SOURCE, payload=payloads, line=lines)
    assert batch.column_names == SCHEMA
    assert fields(table(batch)) == bare(told.findings)


def test_a_run_equals_the_command_line_with_fingerprints_and_record(told: Told, config: Config) -> None:
    for threads in [1, 2, 5]:
        for key, expected in [(None, told.record), (KEY, told.keyed)]:
            run = Checker(config, threads=threads, hmac_key=key).run(source=SOURCE)
            values, payloads, lines = as_columns(told)
            found: list[dict[str, object]] = []
            for at in range(0, len(values), 37):
                part = slice(at, at + 37)
                found += table(run.check_batch(values[part], payload=payloads[part], line=lines[part]))
            assert fields(found) == told.findings
            record = run.record()
            assert counts(record) == expected
            assert run.record() == record
            with pytest.raises(HallmarkError, match="ended"):
                run.check_batch([PATIENT])


@pytest.mark.parametrize("partitions", [1, 4, 64])
def test_parts_merge_to_the_record_of_the_whole(told: Told, config: Config, partitions: int) -> None:
    rows = numbered(told.lines)
    for key, expected in [(None, told.record), (KEY, told.keyed)]:
        checker = Checker(config, threads=1, hmac_key=key)
        records = []
        for n in range(partitions):
            part = rows[n::partitions]
            run = checker.run(source=SOURCE, sources=int(n == 0), label=f"feed/{n}")
            batch = run.check_batch(
                [r["value"] for r in part], payload=[r["payload"] for r in part], line=[r["line"] for r in part]
            )
            assert all(row["fingerprint"] is None for row in table(batch))
            records.append(run.record())
        assert counts(merge(records)) == expected
        assert counts(merge([merge(records[::2]), *records[1::2]])) == expected
        if partitions > 1:
            with pytest.raises(HallmarkError, match="more than one record"):
                merge([*records, records[0]])


def test_one_message(checker: Checker) -> None:
    first = next(f for f in checker.check(PATIENT) if f.path == "Patient.gender")
    assert (first.path, first.line, first.severity, first.source) == ("Patient.gender", 1, "error", "-")
    assert first.fingerprint == fingerprint(first.rule, first.profile, "Patient.gender", 1)
    assert [repr(f) for f in checker.check(PATIENT.encode())] == [repr(f) for f in checker.check(PATIENT)]
    assert checker.check("") and checker.check(b"\xff\xfe\xff")
    outcome = json.loads(checker.operation_outcome(PATIENT))
    assert outcome["resourceType"] == "OperationOutcome"
    assert any(issue.get("expression") == ["Patient.gender"] for issue in outcome["issue"])
    with pytest.raises(TypeError, match="text or bytes"):
        checker.check(7)  # type: ignore[arg-type]


XML = '<Patient xmlns="http://hl7.org/fhir"><gender value="woman"/></Patient>'
MESSAGES = [PATIENT, None, "", " \n", XML, PATIENT]


@pytest.mark.parametrize(
    "column",
    [
        MESSAGES,
        [m and m.encode() for m in MESSAGES],
        *[pa.array([m and m.encode() for m in MESSAGES], pa.binary()).cast(t) for t in [pa.binary(), pa.large_binary()]],
        *[pa.array(MESSAGES, t) for t in [pa.string(), pa.large_string(), pa.string_view()]],
        pa.array([m and m.encode() for m in MESSAGES], pa.binary_view()),
        pa.array(MESSAGES).dictionary_encode(),
        pa.chunked_array([MESSAGES[:1], [], MESSAGES[1:]], pa.string()),
        pa.table({"value": MESSAGES}),
        pa.record_batch({"value": MESSAGES}),
    ],
    ids=lambda c: str(getattr(c, "type", type(c).__name__)),
)
def test_any_column_is_taken(checker: Checker, column: object) -> None:
    rows = table(checker.check_batch(column))
    places = [(row["row"], row["payload"]) for row in rows if row["path"] == "Patient.gender"]
    assert places == [(0, 1), (4, 2), (5, 3)]
    lists = pa.array(checker.check_column(column)).to_pylist()
    assert [None if found is None else any(f["path"] == "Patient.gender" for f in found) for found in lists] == [
        True, None, False, False, True, True,
    ]


def test_columns_beside_messages(checker: Checker) -> None:
    batch = checker.check_batch(
        [PATIENT, PATIENT], id=pa.array([7, None], pa.uint16()), source=["a", "b"], payload=pa.array([4, 9]), line=[8, 9]
    )
    assert pa.record_batch(batch).schema.field("id").type == pa.uint16()
    assert pa.record_batch(batch).schema.metadata == {b"hallmark.schema": b"hallmark.findings.v1"}
    rows = [row for row in table(batch) if row["path"] == "Patient.gender"]
    assert [(r["id"], r["source"], r["payload"], r["line"]) for r in rows] == [(7, "a", 4, 8), (None, "b", 9, 9)]
    for wrong in [{"id": [1]}, {"payload": [1, 2, 3]}]:
        with pytest.raises(ValueError, match="rows beside 2 messages"):
            checker.check_batch([PATIENT, PATIENT], **wrong)  # type: ignore[arg-type]
    for column in [PATIENT, [1], pa.array([1]), pa.table({"a": [""], "b": [""]})]:
        with pytest.raises(TypeError):
            checker.check_batch(column)  # type: ignore[arg-type]


def test_nothing_is_a_batch_too(checker: Checker, config: Config) -> None:
    for column in [[], pa.array([], pa.string()), pa.chunked_array([], pa.string()), [None], [""]]:
        assert checker.check_batch(column).num_rows == 0
        assert table(checker.check_batch(column)) == []
    empty = checker.run(label="part 3", sources=0)
    empty.check_batch([])
    full = checker.run(label="part 4")
    full.check_batch([PATIENT])
    whole = counts(full.record())
    assert counts(merge([empty.record(), full.record(), checker.run(label="part 9", sources=0).record()])) == whole


def test_settings() -> None:
    one = Config(today=datetime.date(2026, 11, 21), rules=["fhir"], severity={"HM0105": "warning"}, limits={"payload_bytes": 4096})
    assert one == Config(today=TODAY, rules=["fhir"], severity={"HM0105": "warning"}, limits={"payload-bytes": 4096})
    assert one != Config(today="2026-11-22", rules=["fhir"]) and len({one, Config(today=TODAY)}) == 2
    again = pickle.loads(pickle.dumps(one))
    assert (again, again.digest, again.today) == (one, one.digest, TODAY)
    with pytest.raises(AttributeError):
        one.today = "2026-11-22"  # type: ignore[misc]
    with pytest.raises(TypeError):
        Config(standard="ukcore")  # type: ignore[call-arg]
    for wrong in [{"environment": "live"}, {"severity": {"HM0105": "grave"}}, {"limits": {"deepness": 3}}, {"period": "May"}]:
        with pytest.raises(HallmarkError):
            Config(today=TODAY, **wrong)  # type: ignore[arg-type]
    for wrong in [{"standard": "welsh"}, {"packages": ["/no/such/package.tgz"]}, {"terminology": "/no/such/index"}]:
        with pytest.raises(HallmarkError):
            Checker(Config(today=TODAY, **wrong))  # type: ignore[arg-type]
    with pytest.raises(HallmarkError, match="day"):
        Config(today="tomorrow")


def test_a_file_of_settings_is_the_command_lines(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hallmark.toml").write_text('rules = ["fhir"]\npackages = ["missing.tgz"]\n')
    config = Config.from_toml(tmp_path / "hallmark.toml", today=TODAY)
    assert config.digest == pickle.loads(pickle.dumps(config)).digest
    with pytest.raises(HallmarkError, match=str(tmp_path)):
        Checker(config)
    (tmp_path / "hallmark.toml").write_text('hmac-key-file = "key"\n')
    with pytest.raises(HallmarkError, match="HALLMARK_HMAC_KEY"):
        Config.from_toml(tmp_path / "hallmark.toml", today=TODAY)


def test_waivers_are_said_once_over_all_parts() -> None:
    accepted = {"reason": "known to the sender", "owner": "Integration", "approved_by": "Design authority", "rule": "code-not-in-required-value-set"}
    config = Config(today=TODAY, waivers=[{**accepted, "expires": datetime.date(2027, 1, 31)}, {**accepted, "rule": "HM0268", "expires": "2026-01-31"}])
    checker = Checker(config)
    found = [f for f in checker.check(PATIENT) if f.path == "Patient.gender"]
    assert [f.waived for f in found] == [True]
    parts = [checker.run(label=str(n), sources=int(n == 0)) for n in range(3)]
    for part in parts:
        part.check_batch([PATIENT])
    whole = checker.run()
    whole.check_batch([PATIENT] * 3)
    assert counts(merge([part.record() for part in parts]))["parts"][0]["counts"] == counts(whole.record())["parts"][0]["counts"]


def test_keys_come_from_the_environment_and_are_never_pickled(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    key_of = lambda checker: json.loads(checker.run().record())["header"]["keyId"]  # noqa: E731
    monkeypatch.delenv("HALLMARK_HMAC_KEY", raising=False)
    given = Checker(config, hmac_key=bytes.fromhex(KEY))
    assert key_of(given) == key_of(Checker(config, hmac_key=KEY)) != ""
    pickled = pickle.dumps(given)
    assert KEY.encode() not in pickled and bytes.fromhex(KEY) not in pickled
    assert key_of(pickle.loads(pickled)) == ""
    monkeypatch.setenv("HALLMARK_HMAC_KEY", KEY)
    assert key_of(pickle.loads(pickled)) == key_of(given) == key_of(Checker(config))
    for wrong in ["short", "abcd", b"too short"]:
        with pytest.raises(HallmarkError, match="hexadecimal"):
            Checker(config, hmac_key=wrong)


def test_reports(checker: Checker) -> None:
    run = checker.run()
    run.check_batch([PATIENT])
    record = run.record()
    assert b'lang="en-GB"' in report([record])
    assert json.loads(report([record], format="json"))["scope"]
    assert report([record], format="xlsx")[:2] == b"PK"
    for wrong in [{"format": "pdf"}, {"criteria": "none such"}, {"audience": "nobody"}]:
        with pytest.raises(HallmarkError):
            report([record], **wrong)  # type: ignore[arg-type]
    for wrong in [[], [b"{}"], [b"\xff"], [record, record]]:
        with pytest.raises(HallmarkError):
            merge(wrong)


def test_pseudonyms_grouped_elsewhere_give_the_same_measures(told: Told, config: Config) -> None:
    """What an engine does with the pseudonyms of all parts, done here by PyArrow."""
    rows, parts = numbered(told.lines), []
    for n in range(3):
        run = Checker(config, hmac_key=KEY).run(source=SOURCE, sources=int(n == 0), label=str(n))
        run.check_batch([r["value"] for r in rows[n::3]])
        parts.append(run)
    keys = pa.Table.from_batches([pa.record_batch(part.pseudonyms()) for part in parts])
    facts = keys.group_by(["kind", "key", "fact"]).aggregate([("count", "sum")])
    totals: dict[str, list[int]] = {}
    of_key: dict[tuple[str, bytes], list[int]] = {}
    for row in facts.to_pylist():
        seen = of_key.setdefault((row["kind"], row["key"]), [0, 0])
        seen[0] += row["count_sum"]
        seen[1] += 1
    for (kind, _), (seen, n) in of_key.items():
        one = totals.setdefault(kind, [0, 0, 0])
        one[0], one[1], one[2] = one[0] + seen, one[1] + 1, one[2] + (n > 1)
    assert totals["payload"][0] == len(rows) > totals["payload"][1]
    measures = lambda record: json.loads(report([record], format="json"))["measures"]  # noqa: E731
    bare = merge([part.record(pseudonyms=False) for part in parts])
    whole = merge([part.record() for part in parts])
    assert measures(pooled(bare, [(kind, *one) for kind, one in totals.items()])) == measures(whole) != measures(bare)
    assert len(bare) < len(whole)
    for wrong in [(whole, []), (bare, [("payload", 1, 2, 0)]), (bare, [("shoe-size", 2, 2, 0)])]:
        with pytest.raises(HallmarkError):
            pooled(*wrong)


def test_records_of_two_versions_are_refused(checker: Checker) -> None:
    runs = [checker.run(label=label) for label in "ab"]
    for run in runs:
        run.check_batch([PATIENT])
    one, other = (run.record() for run in runs)
    version = hallmark_interop.__version__
    assert f'"tool":"{version}"'.encode() in other
    body, mark, _ = other.replace(f'"tool":"{version}"'.encode(), b'"tool":"0.0.7"').rpartition(b'"digest":"')
    with pytest.raises(HallmarkError, match="digest"):
        merge([one, other.replace(version.encode(), b"0.0.7", 1)])
    with pytest.raises(HallmarkError, match="version"):
        merge([one, body + mark + hashlib.sha256(body).hexdigest().encode() + b'"}\n'])


def test_eight_threads_share_a_checker(told: Told, checker: Checker) -> None:
    values, payloads, lines = as_columns(told)
    expected = table(checker.check_batch(values, source=SOURCE, payload=payloads, line=lines))
    found: list[object] = [None] * 8

    def work(n: int) -> None:
        found[n] = table(checker.check_batch(values, source=SOURCE, payload=payloads, line=lines))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert all(one == expected for one in found)


def test_a_small_stack_is_enough(checker: Checker) -> None:
    inner = ""
    for n in range(116):
        inner = f'{{"linkId":"{n}"{f",{chr(34)}item{chr(34)}:[{inner}]" if inner else ""}}}'
    deep = f'{{"resourceType":"QuestionnaireResponse","status":"completed","item":[{inner}]}}'
    expected = [repr(f) for f in checker.check(deep)]
    found: list[str] = []
    before = threading.stack_size(256 * 1024)
    try:
        thread = threading.Thread(target=lambda: found.extend(repr(f) for f in checker.check(deep)))
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    assert found == expected != []


NAME, NUMBERS = "quorlinda", ["9990009995", "999 000 9995", "999-000-9995"]


def planted(value: object, text: str):
    """The message once for each leaf, with `text` in its place."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in ("resourceType", "profile"):
                yield from ({**value, name: changed} for changed in planted(inner, text))
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield from ([*value[:n], changed, *value[n + 1 :]] for changed in planted(inner, text))
    else:
        yield text


def test_no_value_of_a_message_leaves(told: Told, config: Config) -> None:
    checker = Checker(config, hmac_key=KEY)
    shapes: dict[str, object] = {}
    for line in told.lines:
        if len(line) < 20_000:
            try:
                message = json.loads(line)
            except ValueError:
                continue
            shapes.setdefault(str(sorted(message)) + str(message.get("type")), message)
    given = []
    for message in shapes.values():
        for text in [f"Zx{NAME}", *NUMBERS]:
            given += [json.dumps(changed) for changed in planted(message, text)]
    given += [line[: len(line) // 2] for line in given[::50]]
    assert len(given) > 1000
    given = given[:: max(1, len(given) // 6000)]
    run = checker.run(source="admissions")
    outputs = [json.dumps(table(run.check_batch(given, id=list(range(len(given))))))]
    record = run.record()
    outputs += [record.decode(), report([record]).decode(), report([record], format="json").decode()]
    outputs.append(json.dumps(pa.array(checker.check_column(given)).to_pylist()))
    for message in given[::40]:
        outputs.append(checker.operation_outcome(message).decode())
        outputs += [repr(f) for f in checker.check(message)]
    for text in outputs:
        low = text.lower()
        for canary in [NAME, *NUMBERS]:
            at = low.find(canary)
            assert at < 0, low[max(0, at - 120) : at + 60]
