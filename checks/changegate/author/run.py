"""Running the tests of a bundle: from files to a report."""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING

from changegate.author.apart import told_apart
from changegate.author.cases import Covered, RegoTest, Result, RunReport, find
from changegate.author.failure import errored, failed
from changegate.author.folder import is_ours
from changegate.author.precise import precise
from changegate.author.probe import Prober
from changegate.author.source import SourceFile, sources
from changegate.author.worker import Ran, Raw, bounded, run
from changegate.errors import PolicyError, UsageError
from changegate.records import NamedTuple
from changegate.rego.bundle import is_test
from changegate.rego.engines import DEFAULT as EMBEDDED
from changegate.rego.engines import parsed_by
from changegate.worker import Limits, WorkerError

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Mapping, Sequence

    from changegate.rego.bundle import Bundle
    from changegate.rego.engines import EngineOptions


class Wanted(NamedTuple):
    """What is asked of a run of tests."""

    pattern: re.Pattern[str] | None = None
    """Only tests in whose name it is found."""
    coverage: bool = False
    threshold: float | None = None
    """The least percentage of lines that may be covered."""
    seconds: float = 30
    """How long one test may take."""


def test(bundle: Bundle, options: EngineOptions, wanted: Wanted) -> RunReport:
    """Run the tests of a bundle.

    Args:
        bundle: Policies and their tests.
        options: The engine.
        wanted: Which tests, and what is measured.

    Raises:
        UsageError: There is no test, or the engine cannot measure what is asked.
        PolicyError: A policy or a test does not compile, or has a form that is refused.
        EngineError: The engine cannot be reached.
    """
    options = options._replace(engine=options.engine or EMBEDDED)
    if wanted.coverage and options.engine != EMBEDDED:
        hint = "add --engine embedded, which measures it"
        raise UsageError("coverage is measured by the embedded engine only", hint=hint)
    if not bundle.shipped:
        bundle = bundle._replace(modules=parsed_by(options, bundle.modules, Limits()), now=time.time_ns())
    parsed = _sound(bundle, embedded=options.engine == EMBEDDED)
    apart = told_apart(bundle, parsed, lambda modules: parsed_by(options, modules, Limits()))
    if apart is not bundle:
        bundle, parsed = apart, sources(apart)
    cases = _some(find(parsed, wanted.pattern), find(parsed))
    runnable = [case for case in cases if not case.is_skipped and not case.problem]
    ran, name = _run(bundle, parsed, runnable, options, wanted)
    told = {raw.case: _result(raw, bundle, parsed, options.engine, wanted.seconds) for raw in ran.raws}
    results = tuple(told.get(case) or _not_run(case) for case in cases)
    lost = wanted.coverage and ran.coverage is None
    notes = ("the coverage was lost with a test that was stopped",) if lost else ()
    coverage = None if ran.coverage is None else _coverage(ran.coverage, parsed.values())
    return RunReport(name, results, coverage, notes, wanted.threshold)


def _sound(bundle: Bundle, *, embedded: bool) -> dict[str, SourceFile]:
    """Parse, and refuse what the gate would refuse."""
    from changegate.rego.syntax.refuse import refusals

    parsed = sources(bundle)
    for refusal in () if bundle.shipped else refusals(bundle, embedded=embedded):
        raise refusal
    return parsed


def _some(cases: Sequence[RegoTest], every: Sequence[RegoTest]) -> Sequence[RegoTest]:
    """Refuse a run of nothing: no test is no pass."""
    if not every:
        hint = "write a rule whose name begins with `test_`, in a file that ends with _test.rego"
        raise UsageError("there are no tests, so nothing was tested", hint=hint)
    if not cases:
        raise UsageError(f"none of {len(every)} tests has such a name", hint="--run takes a regular expression")
    return cases


def _run(
    bundle: Bundle, parsed: Mapping[str, SourceFile], cases: Sequence[RegoTest], options: EngineOptions, wanted: Wanted
) -> tuple[Ran, str]:
    if options.engine == EMBEDDED:
        from changegate.rego.engines.engine import EMBEDDED as NAME

        return run(precise(bundle, parsed), cases, seconds=wanted.seconds, coverage=wanted.coverage), NAME
    from changegate.rego.engines import open_host

    with closing(open_host(options)) as host:
        engine = host.load(bundle)
        raws = []
        for case in cases:
            try:
                found = engine.query((case.query,), {})
            except PolicyError as error:
                raws.append(Raw(case, error=f"--> {error.place}:1\nerror: {error.message}"))
                continue
            raws.append(Raw(case, found.get(case.query), case.query in found))
        return Ran(tuple(raws), None), host.name


def _result(raw: Raw, bundle: Bundle, parsed: Mapping[str, SourceFile], engine: str, seconds: float) -> Result:
    if raw.error:
        return errored(raw, parsed)
    if raw.is_defined and raw.value is True:
        return Result(raw.case, "passed", prints=raw.prints)
    # NOTE: finding out why takes longer than the test, and all that was said of the test holds without it.
    try:
        result = bounded(lambda: failed(raw, Prober(bundle), parsed), seconds)
    except (WorkerError, PolicyError) as error:
        case, said = raw.case, f"it does not hold; why could not be found out: {error.message}"
        result = Result(case, "failed", said, case.file, case.line, prints=raw.prints)
    if engine != EMBEDDED:
        result = result._replace(details=(*result.details, "(the values are those of the embedded engine)"))
    return result


def _not_run(case: RegoTest) -> Result:
    if case.problem:
        return Result(case, "error", case.problem, case.file, case.line)
    return Result(case, "skipped", "it is still to be written")


def _coverage(measured: Mapping[str, tuple[set[int], set[int]]], parsed: Iterable[SourceFile]) -> tuple[Covered, ...]:
    """The lines of the policies; a file that no test reached is covered nowhere."""
    found = []
    for source in parsed:
        if not is_test(source.file) and not is_ours(source.file):
            covered, missed = measured.get(source.file, (set(), set(source.statement_lines)))
            found.append(Covered(source.file, tuple(sorted(covered)), tuple(sorted(missed))))
    return tuple(found)
