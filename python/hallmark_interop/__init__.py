"""hallmark for Python: NHS FHIR messages checked where they already are.

>>> from hallmark_interop import Checker, Config
>>> checker = Checker(Config(today="2026-11-21", standard="ukcore"))
>>> [finding.name for finding in checker.check('{"resourceType": "Patient", "gender": "woman"}')][:1]
['code-not-in-required-value-set']
"""

from ._native import (
    Array,
    Checker,
    Config,
    Finding,
    HallmarkError,
    RecordBatch,
    Run,
    __version__,
    fingerprint,
    merge,
    pooled,
    report,
)

__all__ = [
    "Array",
    "Checker",
    "Config",
    "Finding",
    "HallmarkError",
    "RecordBatch",
    "Run",
    "__version__",
    "fingerprint",
    "merge",
    "pooled",
    "report",
]
