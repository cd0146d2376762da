"""A process that forks while checks go on: neither it nor its child stands still."""

import multiprocessing
import os
import sys
import threading

import pytest
from conftest import Told, numbered

from hallmark_interop import Checker, Config, HallmarkError

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")


def first(checker: Checker, message: str) -> str:
    return repr(checker.check(message)[:1])


def in_child(work) -> int:
    """Does `work` in a forked child; its exit code, or -1 where it stood still."""
    child = multiprocessing.get_context("fork").Process(target=work)
    child.start()
    child.join(60)
    if child.exitcode is None:
        child.kill()
        return -1
    return child.exitcode


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_fork_amid_checks(told: Told, checker: Checker, config: Config) -> None:
    values = [str(row["value"]) for row in numbered(told.lines)]
    expected = first(checker, values[0])
    over = threading.Event()

    def busy() -> None:
        while not over.is_set():
            checker.check_batch(values)

    threads = [threading.Thread(target=busy) for _ in range(2)]
    [thread.start() for thread in threads]
    run = checker.run()

    def work() -> None:
        assert first(checker, values[0]) == expected
        assert checker.check_batch(values[:40]).num_rows > 0
        assert first(Checker(config), values[0]) == expected
        with pytest.raises(HallmarkError, match="process"):
            run.check_batch(values[:1])
        sys.exit(7)

    try:
        assert [in_child(work) for _ in range(12)] == [7] * 12
    finally:
        over.set()
        [thread.join() for thread in threads]
    assert first(checker, values[0]) == expected


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_pool_of_processes(told: Told, checker: Checker) -> None:
    values = [str(row["value"]) for row in numbered(told.lines)][:20]
    jobs = [(checker, value) for value in values]
    for kind in ["fork", "spawn"]:
        with multiprocessing.get_context(kind).Pool(2) as pool:
            assert pool.starmap(first, jobs) == [first(checker, value) for value in values]
