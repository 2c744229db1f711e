"""Policies that cannot decide, through the whole gate: undecided, exit code 2, and where to look; never a pass."""

from __future__ import annotations

import faulthandler
import os
import signal
from typing import TYPE_CHECKING, Any

import pytest

from changegate import fixtures, gate, parallel
from changegate.judging import rules
from changegate.judging.judge import Judge
from changegate.names import Status
from changegate.verdict import Gate, SubjectKind
from support.policies import HOLDS, MAIN, MAIN_FILE, METADATA, OWN_FILE, PACKAGE, bundle, line_of

if TYPE_CHECKING:
    from pathlib import Path

    from changegate.fixtures import LaidOut
    from changegate.rego.bundle import Bundle
    from changegate.verdict import Failure, Verdict

RESEARCH = "models/recommender-research/manifest.yaml"


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> LaidOut:
    """A pull request that our own policies let through."""
    root = tmp_path_factory.mktemp("gate") / "repository"
    edit = {RESEARCH: [{"find": "version: 0.3.0", "replace": "version: 0.4.0"}]}
    return fixtures.lay_out(root, fixtures.Case("research", root.parent, {"edit": edit}))


def check(laid_out: LaidOut, **more: Any) -> Verdict:
    return gate.check(fixtures.request(laid_out, **more), {})


def judged(laid_out: LaidOut, policies: Bundle, monkeypatch: pytest.MonkeyPatch) -> Verdict:
    monkeypatch.setattr(rules, "shipped", lambda: policies)
    return check(laid_out)


def failure(laid_out: LaidOut, policies: Bundle, monkeypatch: pytest.MonkeyPatch) -> Failure:
    """Why the gate could not decide, of a verdict that says nothing else."""
    verdict = judged(laid_out, policies, monkeypatch)
    found, *of_the_change_set = verdict.failures
    assert len(of_the_change_set) <= 1
    assert (verdict.gate, verdict.exit_code, verdict.findings) == (Gate.UNDECIDED, 2, ())
    ended = [one for one in verdict.subjects if one.accident is not None]
    assert {item.outcome.status for one in ended for item in one.settled} <= {Status.UNKNOWN}
    assert all(one in ended for one in verdict.subjects if one.subject.kind is SubjectKind.RELEASE)
    assert verdict.context.now
    assert found.hint
    return found


def test_the_pull_request_is_fine(laid_out: LaidOut) -> None:
    assert check(laid_out).gate is Gate.OPEN


@pytest.mark.parametrize(
    ("words", "gate_says", "rules_seen"),
    [
        ("if input.release", Gate.OPEN, []),
        ("if input.release.nothing", Gate.CLOSED, ["own/holds"]),
    ],
)
def test_a_bundle_decides(
    laid_out: LaidOut, monkeypatch: pytest.MonkeyPatch, words: str, gate_says: Gate, rules_seen: list[str]
) -> None:
    own = METADATA + HOLDS.replace("if input.release", words)
    verdict = judged(laid_out, bundle(own), monkeypatch)
    assert verdict.failures == ()
    assert (verdict.gate, [finding.rule for finding in verdict.findings]) == (gate_says, rules_seen)
    assert all(finding.location.file == RESEARCH for finding in verdict.findings)
    assert all(finding.message == "This does not hold: It holds." for finding in verdict.findings)


@pytest.mark.parametrize(
    ("own", "words"),
    [
        ("x := {\n\n}}  # here", "expecting"),
        ("deny[x] { x := 1 }  # here", "`if` keyword"),
        ("x := y  # here\n\ny := x", "recursive"),
        ("f(x) := data.changegate.checks.own.g  # here\n\ng := f(1)", "recursive"),
        ('x := http.send({"url": "https://example.org"})  # here', "http.send"),
        ("x := opa.runtime()  # here", "opa.runtime"),
        ('x := rand.intn("a", 2)  # here', "rand.intn"),
        ("x := unknown(1)  # here", "unknown"),
        ("x := `" + "a" * 1025 + "`  # here", "columns"),
    ],
)
def test_a_policy_that_is_refused(laid_out: LaidOut, monkeypatch: pytest.MonkeyPatch, own: str, words: str) -> None:
    monkeypatch.setattr(Judge, "release", lambda *_: pytest.fail("a release was judged by a policy that is refused"))
    policies = bundle(f"{METADATA}{HOLDS}\n{own}\n")
    found = failure(laid_out, policies, monkeypatch)
    assert found.kind == "PolicyError"
    assert words in found.message
    assert found.place == f"{OWN_FILE}:{line_of(policies.modules[0].text, '# here')}"


@pytest.mark.parametrize("own", ["count(5)", "lower(input.context.now)", "startswith(input.context.now, 1)"])
def test_a_policy_that_meets_a_wrong_type(laid_out: LaidOut, monkeypatch: pytest.MonkeyPatch, own: str) -> None:
    policies = bundle(METADATA + HOLDS.replace("if input.release\n", f"if {own} == 1 # here\n"))
    found = failure(laid_out, policies, monkeypatch)
    assert found.kind == "PolicyError"
    assert found.place == f"{OWN_FILE}:{line_of(policies.modules[0].text, '# here')}"


def replaced(old: str, new: str, text: str = MAIN) -> str:
    assert old in text
    return text.replace(old, new)


@pytest.mark.parametrize(
    ("policies", "words", "place"),
    [
        (bundle(main="package changegate.main\n\ndecision := 1 if false\n"), "is undefined", MAIN_FILE),
        (bundle(main="package changegate.main\n\nother := 1\n"), "is undefined", MAIN_FILE),
        (bundle(main=replaced('"risk": {', '"risk": input.nowhere, "x": {')), "is undefined", MAIN_FILE),
        (bundle(main=replaced('"requiredApprovals": []', '"requiredApprovals": 1')), "no requiredApprovals", ""),
        (bundle(main=replaced('"requiredApprovals": [],', "")), "no requiredApprovals", ""),
        (bundle(main=replaced('"outcomes": outcomes', '"outcomes": []')), "no outcomes", ""),
        (bundle(main=replaced('"outcomes": outcomes', '"outcomes": {"own/other": {}}')), "own/holds", "outcome["),
        (bundle(main=MAIN + '\noutcomes["own/other"] := {"outcome": "passed"}\n'), "own/other", ""),
        (bundle(METADATA + HOLDS.partition("\n\nelse")[0].replace("input.release", "false") + "\n"),
         "has no outcome", "outcome["),
        (bundle(METADATA + HOLDS.replace('"passed"', '"pass"')), "answered nonsense", "outcome["),
        (bundle(METADATA + HOLDS.replace('"passed"', '"failed"')), "answered nonsense", "outcome["),
        (bundle(METADATA + HOLDS.replace('"passed"', '"failed", "violations": [1]')),
         "answered nonsense", "outcome["),
        (bundle(HOLDS), "METADATA", "outcome["),
        (bundle(METADATA.replace("#   severity: error\n", "") + HOLDS), "severity", "outcome["),
        (bundle(METADATA + HOLDS.replace("own/holds", "Holds")), "malformed", "outcome["),
        (bundle(package=PACKAGE.replace("release", "releases")), "releases", "package"),
    ],
)  # fmt: skip
def test_a_decision_that_is_nonsense(
    laid_out: LaidOut, monkeypatch: pytest.MonkeyPatch, policies: Bundle, words: str, place: str
) -> None:
    found = failure(laid_out, policies, monkeypatch)
    assert found.kind == "PolicyError"
    assert words in found.message
    text = policies.modules[0].text
    assert found.place == (f"{OWN_FILE}:{line_of(text, place)}" if place and place != MAIN_FILE else place)


def test_metadata_that_is_not_yaml_keeps_policies_from_being_loaded(
    laid_out: LaidOut, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = METADATA.replace("# title: It holds", "# title: It: holds") + HOLDS.replace("input.release", "false")
    policies = bundle(own)
    found = failure(laid_out, policies, monkeypatch)
    assert found.kind == "PolicyError"
    assert found.place == f"{OWN_FILE}:{line_of(policies.modules[0].text, 'It: holds') - 1}"
    assert "is no YAML" in found.message


def test_a_tier_that_is_undefined_counts_as_critical(laid_out: LaidOut, monkeypatch: pytest.MonkeyPatch) -> None:
    verdict = judged(laid_out, bundle(main=replaced('"tier": "low"', '"tier": "none"')), monkeypatch)
    assert verdict.subjects[0].tier == "critical"


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_worker_that_crashes_leaves_the_gate_undecided(laid_out: LaidOut, monkeypatch: pytest.MonkeyPatch) -> None:
    """With every manifest judged on two cores, one of which the engine takes down."""
    parent, usual = os.getpid(), Judge.release

    def crash(self: Judge, item: Any, previous: Any) -> Any:
        if os.getpid() != parent and "fraud" in item.file:
            faulthandler.disable()
            os.kill(os.getpid(), signal.SIGSEGV)
        return usual(self, item, previous)

    monkeypatch.setattr(Judge, "release", crash)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0, 1}, raising=False)
    monkeypatch.setattr(parallel, "FROM", 1)
    verdict = check(laid_out, all=True)
    assert (verdict.gate, verdict.exit_code) == (Gate.UNDECIDED, 2)
    (ended,) = [one for one in verdict.subjects if one.accident is not None]
    assert "fraud" in ended.subject.file
    assert {item.outcome.status for item in ended.settled} == {Status.UNKNOWN}
    assert len([one for one in verdict.subjects if not one.not_evaluated]) == len(verdict.subjects) - 1 > 7
    (found,) = verdict.failures
    assert found.kind == "EngineError"
    assert f"while {ended.subject.label} was judged" in found.message


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_the_order_of_manifests_does_not_depend_on_cores(
    laid_out: LaidOut, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    alone = check(laid_out, all=True)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0, 1}, raising=False)
    monkeypatch.setattr(parallel, "FROM", 1)
    assert len(alone.subjects) > 8
    assert check(laid_out, all=True) == alone
