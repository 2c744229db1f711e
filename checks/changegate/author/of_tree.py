"""Runs the tests of own policies as a tree has them: read from git's objects, never checked out, and within bounds.

A change may bring any Rego, tests as well. It is read, looked through and evaluated in processes that have neither the
environment nor a file of ours, and that are ended at a bound. What they answer says something of tests, and of nothing
else.
"""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING

from changegate.author.apart import told_apart
from changegate.author.cases import Result, find
from changegate.author.failure import errored, failed
from changegate.author.precise import precise
from changegate.author.probe import Prober
from changegate.author.source import sources
from changegate.author.worker import Raw, bounded, run
from changegate.change.snapshot import Snapshot
from changegate.change.would_load import LoadFault
from changegate.errors import ChangegateError, EngineError, PolicyError
from changegate.own_policies.tested import bundle_with_tests
from changegate.own_policies.where import PolicyPlace
from changegate.records import NamedTuple
from changegate.rego.engines import EngineOptions, is_embedded, open_host, parsed_by
from changegate.worker import WorkerError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from changegate.author.cases import RegoTest
    from changegate.change.would_load import Trial
    from changegate.policy.settings import Config
    from changegate.rego.bundle import Bundle
    from changegate.workspace.tree import Tree


class TreeTests(NamedTuple):
    """What the tests of a tree came to."""

    ran: int = 0
    """How many."""
    failing: tuple[tuple[str, LoadFault], ...] = ()
    """Those that did not hold, each by its whole name, with its place; what kept them from running has no name."""
    left: tuple[RegoTest, ...] = ()
    """Those that were not begun, since the time was over."""


class _Read(NamedTuple):
    """Policies and tests, as they are run."""

    bundle: Bundle
    cases: tuple[RegoTest, ...]


def run_tests_of(
    tree: Tree, config: Config, trial: Trial, *, seconds: float, now: int, only: Sequence[str] = ()
) -> TreeTests:
    """Run the tests of a tree's own policies.

    Args:
        tree: Whose policies, tests and data.
        config: The settings of that tree.
        trial: The bounds of each test, and what is beside the tree.
        seconds: How long all tests together may take.
        now: What the clock says to them, in seconds since the epoch.
        only: The whole names of some tests; all where none are given.

    Raises:
        EngineError: The engine that the settings name is not to be had here.
    """
    kept = Snapshot(tree, config, with_tests=True)
    try:
        read = _read(PolicyPlace(kept, trial.root, trial.is_local), config, trial, now)
    except (PolicyError, WorkerError) as error:
        return TreeTests(failing=(("", kept.placed(_fault_of(error), config)),))
    cases = [case for case in read.cases if not only or case.reference in only]
    runnable = [case for case in cases if not case.is_skipped and not case.problem]
    raws = _ran(read.bundle, runnable, config, trial, time.monotonic() + seconds)
    done = {raw.case for raw in raws}
    results = [Result(case, "error", case.problem, case.file, case.line) for case in cases if case.problem]
    results += [_told(raw, read.bundle, trial) for raw in raws if raw.error or raw.value is not True]
    failing = tuple((one.case.reference, kept.placed(_fault(one), config)) for one in results)
    return TreeTests(len(raws), failing, tuple(case for case in runnable if case not in done))


def _read(where: PolicyPlace, config: Config, trial: Trial, now: int) -> _Read:
    """Read policies and tests, let the engine's own parser read them, and look for the tests."""
    seconds, memory = trial.limits
    options = EngineOptions(config.engine)
    bundle = bounded(lambda: bundle_with_tests(where, config, trial.named), seconds, memory)
    bundle = bundle._replace(modules=parsed_by(options, bundle.modules, trial.limits), now=now * 10**9)
    bundle = _apart(bundle, options, trial)
    return bounded(lambda: _looked_through(bundle, embedded=is_embedded(options)), seconds, memory)


def _apart(bundle: Bundle, options: EngineOptions, trial: Trial) -> Bundle:
    """Tell tests of one name apart; what is parsed is parsed within bounds."""
    changed = bounded(lambda: told_apart(bundle, sources(bundle), tuple), *trial.limits)
    unread = tuple(one for one, before in zip(changed.modules, bundle.modules, strict=True) if one.text != before.text)
    again = {one.name: one for one in parsed_by(options, unread, trial.limits)} if unread else {}
    return changed._replace(modules=tuple(again.get(one.name, one) for one in changed.modules))


def _looked_through(bundle: Bundle, *, embedded: bool) -> _Read:
    """Refuse what the gate would refuse, and find the tests."""
    from changegate.rego.syntax.refuse import refusals

    parsed = sources(bundle)
    cases = find(parsed)
    if not cases:
        return _Read(bundle, ())
    for refusal in refusals(bundle, embedded=embedded):
        raise refusal
    return _Read(precise(bundle, parsed) if embedded else bundle, cases)


def _ran(bundle: Bundle, cases: Sequence[RegoTest], config: Config, trial: Trial, until: float) -> list[Raw]:
    if not cases:
        return []
    if is_embedded(EngineOptions(config.engine)):
        seconds, memory = trial.limits
        return list(run(bundle, cases, seconds=seconds, coverage=False, memory=memory, until=until).raws)
    return list(_on_opa(bundle._replace(limits=trial.limits), cases, until))


def _on_opa(bundle: Bundle, cases: Sequence[RegoTest], until: float) -> Iterator[Raw]:
    """Run tests on an OPA that is started for them; one that was stopped is followed by another OPA."""
    with closing(open_host(EngineOptions("opa"))) as host:
        engine = host.load(bundle)
        for case in cases:
            if time.monotonic() >= until:
                return
            try:
                found = engine.query((case.query,), {})
            except PolicyError as error:
                yield Raw(case, error=f"--> {error.place}:1\nerror: {error.message}")
            except EngineError as error:
                yield Raw(case, error=error.message, is_stopped=True)
                engine = host.load(bundle)
            else:
                yield Raw(case, found.get(case.query), case.query in found)


def _told(raw: Raw, bundle: Bundle, trial: Trial) -> Result:
    """Say where a test failed, which is found out within bounds, too."""
    case = raw.case
    if raw.is_stopped:
        return Result(case, "error", raw.error, case.file, case.line)
    try:
        return bounded(lambda: _explained(raw, bundle), *trial.limits)
    except ChangegateError:
        message = raw.error.splitlines()[-1].removeprefix("error: ") if raw.error else "it does not hold"
        return Result(case, "failed", message, case.file, case.line)


def _explained(raw: Raw, bundle: Bundle) -> Result:
    parsed = sources(bundle)
    return errored(raw, parsed) if raw.error else failed(raw, Prober(bundle), parsed)


def _fault(one: Result) -> LoadFault:
    file, line = one.file or one.case.file, one.line or one.case.line
    place = f" in {file}" if file != one.case.file else ""
    message = f"the test {one.case.reference.removeprefix('data.')} fails{place}: {one.message}"
    return LoadFault(file, message, HINT, line, 1)


def _fault_of(error: ChangegateError) -> LoadFault:
    fault = LoadFault.of(error)
    return fault._replace(message=f"the policy tests cannot be run: {error.message}", hint=error.hint or HINT)


HINT = "Mend the policy or its test; `changegate policy test` runs all of them."
