"""The compiled module."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from os import PathLike
from typing import Any, Protocol, final

__version__: str

class HallmarkError(ValueError):
    """What hallmark cannot take: settings, packages, records."""

class ArrowArray(Protocol):
    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...

class ArrowStream(Protocol):
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

Column = ArrowArray | ArrowStream
Messages = Column | Iterable[str | bytes | None]
Numbers = Column | Sequence[int | None]
Texts = Column | Sequence[str | None]
Path = str | PathLike[str]

@final
class Config:
    """Settings of a checker, frozen and picklable; never a key. `today` has no default."""

    def __new__(
        cls,
        *,
        today: str | date,
        standard: str | None = None,
        profiles: Sequence[str] = (),
        packages: Sequence[Path] = (),
        terminology: Path | None = None,
        fhir_version: str | None = None,
        rules: str | Sequence[str] | None = None,
        shadow: str | Sequence[str] | None = None,
        severity: Mapping[str, str] | None = None,
        waivers: Sequence[Mapping[str, str | date]] = (),
        environment: str = "test",
        partner: str | None = None,
        product: str | None = None,
        interface: str | None = None,
        period: str | None = None,
        limits: Mapping[str, int] | None = None,
    ) -> Config: ...
    @staticmethod
    def from_toml(path: Path, *, today: str | date) -> Config: ...
    @property
    def toml(self) -> str: ...
    @property
    def today(self) -> str: ...
    @property
    def digest(self) -> str: ...
    def __eq__(self, other: object) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Finding:
    """One finding. No value of a message is in it."""

    @property
    def source(self) -> str: ...
    @property
    def payload(self) -> int: ...
    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...
    @property
    def end_line(self) -> int: ...
    @property
    def end_column(self) -> int: ...
    @property
    def rule(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def profile(self) -> str: ...
    @property
    def element(self) -> str: ...
    @property
    def origin(self) -> str: ...
    @property
    def resource(self) -> str: ...
    @property
    def says(self) -> str: ...
    @property
    def fingerprint(self) -> str: ...
    @property
    def waived(self) -> bool: ...
    @property
    def shadow(self) -> bool: ...

@final
class RecordBatch:
    """A table of findings, schema `hallmark.findings.v1`; any reader of Arrow takes it."""

    @property
    def num_rows(self) -> int: ...
    @property
    def column_names(self) -> list[str]: ...
    def __len__(self) -> int: ...
    def __arrow_c_schema__(self) -> object: ...
    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

@final
class Array:
    """A list of findings for each message."""

    def __len__(self) -> int: ...
    def __arrow_c_schema__(self) -> object: ...
    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

@final
class Run:
    """Batches of a feed or of a part of one, counted."""

    def check_batch(
        self,
        messages: Messages,
        *,
        id: Column | Sequence[Any] | None = None,
        source: str | Texts | None = None,
        payload: Numbers | None = None,
        line: Numbers | None = None,
    ) -> RecordBatch: ...
    def record(self, *, pseudonyms: bool = True) -> bytes: ...
    def pseudonyms(self) -> RecordBatch: ...

@final
class Checker:
    """Checks messages. Built once; threads share it; it survives a fork and is pickled without its key."""

    def __new__(cls, config: Config, *, threads: int = 0, hmac_key: str | bytes | None = None) -> Checker: ...
    @property
    def config(self) -> Config: ...
    def check(self, message: str | bytes, *, source: str = "-") -> list[Finding]: ...
    def check_batch(
        self,
        messages: Messages,
        *,
        id: Column | Sequence[Any] | None = None,
        source: str | Texts | None = None,
        payload: Numbers | None = None,
        line: Numbers | None = None,
    ) -> RecordBatch: ...
    def check_column(self, messages: Messages) -> Array: ...
    def operation_outcome(self, message: str | bytes) -> bytes: ...
    def run(self, *, source: str = "-", sources: int = 1, label: str = "") -> Run: ...

def merge(records: Iterable[bytes]) -> bytes:
    """One record of many; refuses the same run twice, and runs of different versions, rules, packages or keys."""

def pooled(record: bytes, totals: Iterable[tuple[str, int, int, int]]) -> bytes:
    """The record of a whole with what its pseudonyms came to, grouped by an engine: kind, sightings, keys, contradicted keys."""

def report(
    records: Iterable[bytes],
    *,
    format: str = "html",
    criteria: Path | None = None,
    attestations: Sequence[Path] = (),
    audience: str = "design-authority",
    today: str | date | None = None,
) -> bytes:
    """The gap report; its day is that of the latest run unless `today` says another."""

def fingerprint(rule: str, profile: str, path: str, occurrence: int) -> str:
    """The fingerprint of the `occurrence`th (from 1) like finding of a source."""

def command(arguments: Sequence[str]) -> int:
    """Runs the command line; gives its exit code."""
