"""Runs tests in a forked process with bounds: one that runs away or brings the engine down is named, and the only one.

The embedded engine cannot be interrupted from within the process that it runs in.
"""

from __future__ import annotations

import json
import os
import resource
import signal
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from changegate.policy.engines.embedded import policy_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection

    from changegate.policy.author.cases import Case
    from changegate.policy.bundle import Bundle

MEMORY_BYTES = 2 << 30
LOADING = 30.0
"""Seconds that loading a bundle may take before the first test of a process."""
Answer = TypeVar("Answer")
Lines = dict[str, tuple[set[int], set[int]]]
"""File -> the covered lines, and those that were not."""


class Raw(NamedTuple):
    """What the engine said of one test."""

    case: Case
    value: Any = None
    is_defined: bool = False
    error: str = ""
    """The engine's words, with its place; or why the test was stopped."""
    is_stopped: bool = False
    prints: tuple[str, ...] = ()


class Ran(NamedTuple):
    """What a run of tests came to."""

    raws: tuple[Raw, ...]
    coverage: Lines | None
    """None where it was not measured, or was lost."""


def run(bundle: Bundle, cases: Sequence[Case], *, seconds: float, coverage: bool) -> Ran:
    """Run tests, one after another.

    Args:
        bundle: Policies and tests.
        cases: Which.
        seconds: How long each may take.
        coverage: Whether to note which lines are evaluated.

    Raises:
        PolicyError: The modules do not compile together.
    """
    raws: list[Raw] = []
    measured: Lines | None = {} if coverage else None
    while len(raws) < len(cases):
        lost = True
        for message in _messages(bundle, cases[len(raws) :], seconds, coverage=coverage):
            if isinstance(message, str):
                raise policy_error(Exception(message), bundle.modules[0].name)
            if isinstance(message, Raw):
                raws.append(message)
            else:
                lost = False
                measured = _merged(measured, message)
        if lost:
            measured = None
    return Ran(tuple(raws), measured)


def _messages(bundle: Bundle, cases: Sequence[Case], seconds: float, *, coverage: bool) -> Iterator[Any]:
    """What one process says: a result for each test, then the coverage; of one that dies, whose fault it was."""
    import multiprocessing

    context = multiprocessing.get_context("fork")
    reading, writing = context.Pipe(duplex=False)
    child = context.Process(target=_work, args=(writing, bundle, cases, coverage), daemon=True)
    child.start()
    writing.close()
    done = 0
    try:
        while True:
            if not reading.poll(seconds + (LOADING if done == 0 else 0)):
                told = f"it ran for more than {seconds:g} seconds and was stopped"
                yield Raw(cases[done], error=told, is_stopped=True)
                return
            message = reading.recv()
            yield message
            if not isinstance(message, Raw):
                return
            done += 1
    except EOFError:
        child.join(10)
        yield Raw(cases[done], error=f"it brought the engine down ({_how(child.exitcode)})", is_stopped=True)
    finally:
        child.kill()
        child.join()
        reading.close()


def bounded(work: Callable[[], Answer], seconds: float) -> Answer | None:
    """Do a piece of work in a process of its own, with the bounds of a test.

    Args:
        work: What is to be done; its result is pickled.
        seconds: How long it may take.

    Returns:
        Its result; None where it was stopped, or died.
    """
    import multiprocessing

    context = multiprocessing.get_context("fork")
    reading, writing = context.Pipe(duplex=False)
    child = context.Process(target=_alone, args=(writing, work), daemon=True)
    child.start()
    writing.close()
    try:
        answer: Answer | None = reading.recv() if reading.poll(seconds) else None
    except EOFError:
        answer = None
    finally:
        child.kill()
        child.join()
        reading.close()
    return answer


def _alone(writing: Connection, work: Callable[[], Any]) -> None:
    _bound()
    writing.send(work())


def _how(code: int | None) -> str:
    if code is not None and code < 0:
        return signal.Signals(-code).name
    return f"exit code {code}"


def _merged(one: Lines | None, other: Lines) -> Lines | None:
    """Put two measurements together; one that was lost cannot be made up for."""
    if one is None:
        return None
    merged = dict(one)
    for file, (covered, missed) in other.items():
        before = merged.get(file, (set(), set()))
        merged[file] = (before[0] | covered, before[1] | missed)
    return {file: (covered, missed - covered) for file, (covered, missed) in merged.items()}


def _work(writing: Connection, bundle: Bundle, cases: Sequence[Case], coverage: bool) -> None:
    """Run the tests in the process of their own."""
    _bound()
    try:
        loaded = load(bundle)
    except Exception as error:  # noqa: BLE001  (the engine raises its own bare exceptions)
        writing.send(str(error))
        return
    engine = _fresh(loaded, coverage=coverage)
    total: Lines | None = {}
    for case in cases:
        raw = _run(engine, case)
        writing.send(raw)
        if raw.error:
            # NOTE: an error leaves behind what a `with` put in place.
            total = _merged(total, _coverage(engine)) if coverage else total
            engine = _fresh(loaded, coverage=coverage)
    writing.send(_merged(total, _coverage(engine)) if coverage else {})


def _bound() -> None:
    """Give this process its bounds, and nowhere to say its last words: those of the engine are nobody's."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    here = resource.getrlimit(resource.RLIMIT_AS)[1]
    most = MEMORY_BYTES if here == resource.RLIM_INFINITY else min(MEMORY_BYTES, here)
    resource.setrlimit(resource.RLIMIT_AS, (most, here))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def load(bundle: Bundle) -> Any:
    """Load modules, and let the engine look through all of them.

    Raises:
        Exception: The engine's own, with its words.
    """
    import regorus

    engine = regorus.Engine()
    for module in bundle.modules:
        engine.add_policy(module.name, module.text)
    if bundle.data:
        engine.add_data_json(json.dumps(bundle.data))
    engine.eval_query_as_json("true")  # the modules are only looked through together when something is evaluated
    return engine


def _fresh(loaded: Any, *, coverage: bool) -> Any:
    engine = loaded.clone()
    engine.set_gather_prints(True)
    engine.set_enable_coverage(coverage)
    return engine


def _run(engine: Any, case: Case) -> Raw:
    engine.take_prints()
    try:
        rows = json.loads(engine.eval_query_as_json(case.reference)).get("result") or []
    except Exception as error:  # noqa: BLE001  (the engine raises its own bare exceptions)
        words = str(error).partition("Stack backtrace")[0].strip()
        return Raw(case, error=words or "the engine failed", prints=tuple(engine.take_prints()))
    value = rows[0]["expressions"][0]["value"] if rows else None
    return Raw(case, value, bool(rows), prints=tuple(engine.take_prints()))


def _coverage(engine: Any) -> Lines:
    files = json.loads(engine.get_coverage_report_as_json())["files"]
    return {one["path"]: (set(one["covered"]), set(one["not_covered"])) for one in files}
