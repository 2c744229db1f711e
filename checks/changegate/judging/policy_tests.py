"""The tests of own policies that a change touches: what they would come to once it is merged.

Advice and a finding come of it, and never an answer about a release: what judges the change is the base.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.change.would_load import Trial
from changegate.errors import ChangegateError, ConfigurationError, EngineError
from changegate.names import Change
from changegate.own_policies.where import OWN
from changegate.policy.settings import Config

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from changegate.author.cases import RegoTest
    from changegate.author.of_tree import TreeTests
    from changegate.change.changeset import ChangeSet
    from changegate.change.would_load import LoadFault
    from changegate.judging.judge import Judge

_MOST = 100
"""So many failing tests are told."""


def tests_of_change(judge: Judge, change: ChangeSet) -> dict[str, Any]:
    """Run the tests of own policies as they would stand after the merge, where the change touches what they test.

    Returns:
        `facts.control.tests`: a status, how many ran, those that fail, and those of them that fail at the base already.
    """
    config = _config_after(judge)
    if config is None or not touches_policies(judge, change):
        return {"status": "absent", "reason": "the change touches no own policy"}
    from changegate.author.of_tree import run_tests_of

    scope, base = judge.scope, judge.rules.config
    trial = Trial.of(scope, judge.rules.named, base)
    bounds: dict[str, Any] = {"seconds": base.test_seconds, "now": judge.now}
    try:
        after = run_tests_of(scope.head, config, trial, **bounds)
    except EngineError as error:
        return {"status": "unavailable", "reason": f"the policy tests cannot be run here: {error.message}"}
    known = _failing_before(judge, trial, bounds, after) if after.failing else frozenset()
    failing = [_fact(*one) for one in after.failing if _key(*one) not in known]
    late = [_left(after.left, base.test_seconds)] if after.left else []
    before = [_fact(*one) for one in after.failing if _key(*one) in known]
    return {"status": "present", "ran": after.ran, "failing": [*failing, *late][:_MOST], "before": before[:_MOST]}


def failing_already(tests: Mapping[str, Any]) -> Iterator[Change]:
    """Tell the tests that fail at the base already: nobody is blamed, and a reader should know."""
    for one in tests.get("before", ()):
        text = f"{one['message']}; it fails at the base already"
        yield Change((one["at"]["file"], one["name"]), "changed", None, None, "policies", "neutral", text)


def _config_after(judge: Judge) -> Config | None:
    try:
        return Config.load(judge.scope.head)
    except ConfigurationError:
        return None  # a finding by itself


def touches_policies(judge: Judge, change: ChangeSet) -> bool:
    """Whether a change touches an own policy, its data or a test, or says that others decide."""
    if any(kind == "policies" or one.path.startswith(f"{OWN}/") for one, kind in change.control):
        return True
    before, after = judge.rules.config, _config_after(judge)
    return after is not None and any(before.raw.get(key) != after.raw.get(key) for key in ("policies", "engine"))


def _failing_before(judge: Judge, trial: Trial, bounds: Mapping[str, Any], after: TreeTests) -> frozenset[str]:
    """What of this fails at the base as well; nothing where nobody can tell."""
    from changegate.author.of_tree import run_tests_of

    if judge.scope.base is None or judge.rules.stands_in is not None:
        return frozenset()
    names = [name for name, _ in after.failing]
    only = names if all(names) else ()
    try:
        before = run_tests_of(judge.scope.base, judge.rules.config, trial, **bounds, only=only)
    except ChangegateError:
        return frozenset()
    return frozenset(_key(*one) for one in before.failing)


def _key(name: str, fault: LoadFault) -> str:
    """By what a failure is known again: what keeps the tests from running has no name."""
    return name or fault.message


def _fact(name: str, fault: LoadFault) -> dict[str, Any]:
    at: dict[str, Any] = {"file": fault.file, "revision": fault.revision}
    if fault.line is not None:
        at |= {"line": fault.line, "column": fault.column or 1}
    return {"name": name, "message": fault.message, "hint": fault.hint, "at": at}


def _left(left: Sequence[RegoTest], seconds: int) -> dict[str, Any]:
    first = left[0]
    message = f"all tests together may take {seconds} seconds, and {len(left)} of them were not begun in that time"
    hint = "Make the tests faster; `policies.limits.testSeconds` of the base sets the bound."
    at = {"file": first.file, "revision": "head", "line": first.line, "column": 1}
    return {"name": first.reference, "message": message, "hint": hint, "at": at}
