"""Runs tests in a process with bounds: one that runs away or brings the engine down is named, and is the only one lost.

The embedded engine cannot be interrupted from within the process that it runs in.
"""

from __future__ import annotations

import json
import math
import pickle
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any, TypeVar

from changegate.records import NamedTuple
from changegate.rego.faults import policy_error
from changegate.worker import Limits, Worker, WorkerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from changegate.author.cases import RegoTest
    from changegate.rego.bundle import Bundle

MEMORY_BYTES = 1 << 30
_LOAD, _COVERAGE = b"load", b"coverage"
Answer = TypeVar("Answer")
Lines = dict[str, tuple[set[int], set[int]]]
"""File -> the covered lines, and those that were not."""


class Raw(NamedTuple):
    """What the engine said of one test."""

    case: RegoTest
    value: Any = None
    is_defined: bool = False
    error: str = ""
    """The engine's words, with its place; or why the test was stopped."""
    is_stopped: bool = False
    prints: tuple[str, ...] = ()


class Ran(NamedTuple):
    """What a run of tests came to."""

    raws: tuple[Raw, ...]
    coverage: Lines | None = None
    """None where it was not measured, or was lost."""


def run(
    bundle: Bundle,
    cases: Sequence[RegoTest],
    *,
    seconds: float,
    coverage: bool,
    memory: int = MEMORY_BYTES,
    until: float = math.inf,
) -> Ran:
    """Run tests, one after another.

    Args:
        bundle: Policies and tests.
        cases: Which.
        seconds: How long each may take.
        coverage: Whether to note which lines are evaluated.
        memory: How many bytes of address space they may take.
        until: When no other test is begun, by the monotonic clock: what is left is not in the answer.

    Raises:
        PolicyError: The modules do not compile together.
        WorkerError: They cannot be loaded within bounds.
    """
    raws: list[Raw] = []
    measured: Lines | None = {}
    while len(raws) < len(cases) and time.monotonic() < until:
        limits = Limits(seconds, memory)
        with closing(Worker(lambda: _Tests(bundle, coverage=coverage).answer, limits)) as worker:
            worker.call(_LOAD)
            raws.extend(_until_stopped(worker, cases[len(raws) :], until))
            if raws and raws[-1].is_stopped:
                measured = None
            elif coverage:
                measured = _merged(measured, pickle.loads(worker.call(_COVERAGE)))  # noqa: S301  (a fork's own words)
    return Ran(tuple(raws), measured if coverage else None)


def _until_stopped(worker: Worker, cases: Sequence[RegoTest], until: float) -> Iterator[Raw]:
    """Run tests until all are done, one had to be stopped, or the time is over."""
    for case in cases:
        if time.monotonic() >= until:
            return
        try:
            value, is_defined, error, prints = pickle.loads(worker.call(case.query.encode()))  # noqa: S301  (as above)
        except WorkerError as gone:
            yield Raw(case, error=gone.message, is_stopped=True)
            return
        yield Raw(case, value, is_defined, error, prints=prints)


def bounded(work: Callable[[], Answer], seconds: float, memory: int = MEMORY_BYTES) -> Answer:
    """Do a piece of work in a process of its own, with the bounds of a test.

    Args:
        work: What is to be done; its result is pickled.
        seconds: How long it may take.
        memory: How many bytes of address space it may take.

    Raises:
        WorkerError: It was stopped, or died.
        ChangegateError: What the work itself raised.
    """
    with closing(Worker(lambda: lambda _: pickle.dumps(work()), Limits(seconds, memory))) as worker:
        answer: Answer = pickle.loads(worker.call(b""))  # noqa: S301  (a fork's own words)
    return answer


def _merged(one: Lines | None, other: Lines) -> Lines | None:
    """Put two measurements together; one that was lost cannot be made up for."""
    if one is None:
        return None
    merged = dict(one)
    for file, (covered, missed) in other.items():
        before = merged.get(file, (set(), set()))
        merged[file] = (before[0] | covered, before[1] | missed)
    return {file: (covered, missed - covered) for file, (covered, missed) in merged.items()}


def load_policies(bundle: Bundle) -> Any:
    """Load modules, and let the engine look through all of them.

    Raises:
        PolicyError: They do not compile; names the file and line.
    """
    engine = interpreter(bundle)
    name = ""
    try:
        for module in bundle.modules:
            name = module.name
            engine.add_policy(name, module.text)
        if bundle.data:
            engine.add_data_json(json.dumps(bundle.data))
        engine.eval_query_as_json("true")  # modules are only looked through together when something is evaluated
    except Exception as error:  # noqa: BLE001  (the engine raises its own bare exceptions)
        raise policy_error(error, name) from None
    return engine


def interpreter(bundle: Bundle) -> Any:
    """An empty engine of the kind that evaluates a bundle: the library's for ours, the normal form's for others."""
    if bundle.shipped:
        import regorus

        return regorus.Engine()
    from changegate.rego.normal.interpreter import Interpreter

    made = Interpreter()
    made.files = bundle.files
    made.now = bundle.now
    return made


# What runs in the process of the tests


class _Tests:
    def __init__(self, bundle: Bundle, *, coverage: bool) -> None:
        self._loaded = load_policies(bundle)
        self._coverage = coverage
        self._total: Lines = {}
        self._engine = self._fresh()

    def _fresh(self) -> Any:
        engine = self._loaded.clone()
        engine.set_gather_prints(True)
        engine.set_enable_coverage(self._coverage)
        return engine

    def answer(self, request: bytes) -> bytes:
        if request == _LOAD:
            return b""
        if request == _COVERAGE:
            return pickle.dumps(_merged(self._total, _lines(self._engine)))
        self._engine.take_prints()
        try:
            rows = json.loads(self._engine.eval_query_as_json(request.decode())).get("result") or []
        except MemoryError:
            raise  # the worker says so, and is stopped
        except Exception as error:  # noqa: BLE001  (the engine raises its own bare exceptions)
            return pickle.dumps((None, False, *self._failed(error)))
        value = rows[0]["expressions"][0]["value"] if rows else None
        return pickle.dumps((value, bool(rows), "", tuple(self._engine.take_prints())))

    def _failed(self, error: Exception) -> tuple[str, tuple[str, ...]]:
        """The engine's words, and what was printed. It is replaced: errors leave behind what a `with` put in place."""
        words = str(error).partition("Stack backtrace")[0].strip()
        prints = tuple(self._engine.take_prints())
        if self._coverage:
            self._total = _merged(self._total, _lines(self._engine)) or {}
        self._engine = self._fresh()
        return words or "the engine failed", prints


def _lines(engine: Any) -> Lines:
    files = json.loads(engine.get_coverage_report_as_json())["files"]
    return {one["path"]: (set(one["covered"]), set(one["not_covered"])) for one in files}
