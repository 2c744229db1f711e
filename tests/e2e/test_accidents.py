"""What nobody expected while one subject is judged costs that subject its answer, and no other its findings."""

from __future__ import annotations

import json
import os
import re
import signal
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from changegate import fixtures
from changegate.cli import checking
from changegate.rego.engines import EngineOptions
from changegate.report.registry import REPORTS
from support.hosted import FRAUD, RESEARCH, Hosted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RETIRED = "models/voice-command/manifest.yaml"
NAME = "fraud-detector"
SECRET = "glpat-abcdefghij0123456789"
IN_JUDGING = {
    "previous release": ("changegate.change.lineage", "goes_back", "'name': 'fraud-detector'"),
    "diff": ("changegate.judging.judge", "semantic", "'name': 'fraud-detector'"),
    "operation": ("changegate.judging.judge", "operation", "'name': 'fraud-detector'"),
    "evidence": (
        "changegate.evidence",
        "section_of",
        "EvidenceRequest(release={'apiVersion': 'changegate.dev/v1', "
        "'kind': 'ModelRelease', 'metadata': {'name': 'fraud-detector'",
    ),
    "input": ("changegate.judging.judge", "document", "name='fraud-detector'"),
    "schema of the input": ("changegate.judging.judge", "validate", "'name': 'fraud-detector', 'variant'"),
    "settling": ("changegate.judging.judge", "settle", "name='fraud-detector'"),
    "plan": ("changegate.rollout", "planned", "'name': 'fraud-detector'"),
}
"""A stage of judging -> a function that it calls, and what its arguments say of the release."""


@pytest.fixture
def changed(hosted: Hosted, monkeypatch: pytest.MonkeyPatch) -> Hosted:
    """A change of two models and the retirement of a third, of which one other has a fault."""
    hosted.propose(
        {
            FRAUD: (hosted.path / FRAUD).read_text().replace("bake: 30m", "bake: 1m", 1),
            RESEARCH: (hosted.path / RESEARCH).read_text().replace("  owner:", "  odd: 1\n  owner:"),
            ".changegate/waivers.yaml": "apiVersion: changegate.dev/v1\nkind: Waivers\nwaivers: []\n",
        },
        remove=(RETIRED,),
    )
    for name, value in hosted.repo.environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("XDG_STATE_HOME", "")
    return hosted


def judge(hosted: Hosted, *more: str, **options: Any) -> tuple[int, dict[str, Any]]:
    """Run the gate in this process, as the command does, and write every report."""
    out = hosted.folder / "reports"
    out.mkdir(exist_ok=True)
    given: dict[str, Any] = {
        **{one.dest: () if one.multiple else False if one.kind == "flag" else one.default for one in checking.OPTIONS},
        "engine": EngineOptions(),
        "directory": hosted.path,
        "base": "main",
        "stage": "local",
        "now": fixtures.NOW,
        "verbose": False,
        "quiet": False,
        "outputs": tuple(f"{name}={out / name}" for name in REPORTS),
        **options,
    }
    try:
        code = checking.check(**given)
    except Exception as error:  # noqa: BLE001  (what the command itself turns into exit code 2)
        code, given["error"] = 2, error
    return code, json.loads((out / "json").read_text())


def fail_for(monkeypatch: pytest.MonkeyPatch, module: str, name: str, wanted: str, how: Callable[[], Any]) -> None:
    """Let a function fail where its arguments name something."""
    original = getattr(import_module(module), name)

    def failing(*args: Any, **named: Any) -> Any:
        return how() if wanted in repr(args) else original(*args, **named)

    monkeypatch.setattr(f"{module}.{name}", failing)


def break_it() -> Any:
    raise ZeroDivisionError(f"with {SECRET}")


def written(hosted: Hosted, name: str) -> str:
    """What a report says, without what its format escapes."""
    text = re.sub(r"\s+", " ", (hosted.folder / "reports" / name).read_text())
    return re.sub(r"\\(.)|</?span>", r"\1", text)


def ended(verdict: dict[str, Any]) -> set[str]:
    return {_label(one) for one in verdict["subjects"] if one["notEvaluated"].startswith("judging it ended")}


def _label(one: dict[str, Any]) -> str:
    identity = one["subject"]["identity"]
    return identity["name"] if identity else one["subject"]["file"] or "change set"


def rules(verdict: dict[str, Any]) -> set[tuple[str, str]]:
    return {(_label(one), finding["rule"]) for one in verdict["subjects"] for finding in one["findings"]}


def test_without_a_fault(changed: Hosted) -> None:
    code, verdict = judge(changed)
    assert code == 1, verdict["failures"]
    assert ended(verdict) == set()
    assert (NAME, "rollout/bake-too-short") in rules(verdict)
    assert ("change set", "manifest/schema") in rules(verdict)


@pytest.mark.parametrize("stage", IN_JUDGING)
def test_the_others_are_judged_and_reported(changed: Hosted, monkeypatch: pytest.MonkeyPatch, stage: str) -> None:
    _, before = judge(changed)
    fail_for(monkeypatch, *IN_JUDGING[stage], break_it)
    code, verdict = judge(changed)
    assert (code, verdict["verdict"]) == (2, "undecided")
    assert ended(verdict) == {NAME}
    assert rules(verdict) == {one for one in rules(before) if one[0] != NAME}
    (failure,) = verdict["failures"]
    assert f"while {NAME} was judged" in failure["message"]
    assert failure["place"] == FRAUD
    (log,) = (changed.repo.home / ".local/state/changegate").iterdir()
    assert str(log) in failure["hint"]
    assert "ZeroDivisionError" in log.read_text()
    assert SECRET not in log.read_text() + json.dumps(verdict)


def test_every_report_says_it(changed: Hosted, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_for(monkeypatch, *IN_JUDGING["diff"], break_it)
    judge(changed)
    (log,) = (changed.repo.home / ".local/state/changegate").iterdir()
    for name in REPORTS:
        text = written(changed, name)
        assert f"while {NAME} was judged" in text, name
        assert log.name in text, name
        assert "odd" in text, name


@pytest.mark.parametrize(
    ("wanted", "label"),
    [("kind=<SubjectKind.CHANGE_SET", "change set"), ("kind=<SubjectKind.RETIREMENT", "voice-command")],
)
def test_a_change_set_and_a_retirement_are_subjects_too(
    changed: Hosted, monkeypatch: pytest.MonkeyPatch, wanted: str, label: str
) -> None:
    fail_for(monkeypatch, "changegate.judging.judge", "document", wanted, break_it)
    code, verdict = judge(changed)
    assert (code, ended(verdict)) == (2, {label})
    assert (NAME, "rollout/bake-too-short") in rules(verdict)


@pytest.mark.parametrize(
    "error", [RecursionError("too deep"), MemoryError(), UnicodeDecodeError("utf-8", b"", 0, 1, "")]
)
def test_a_file_that_cannot_be_loaded(changed: Hosted, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail() -> Any:
        raise error

    fail_for(monkeypatch, "changegate.change.manifests", "load_manifests", FRAUD, fail)
    code, verdict = judge(changed)
    assert (code, ended(verdict)) == (2, {FRAUD})
    assert ("change set", "manifest/schema") in rules(verdict)
    assert {_label(one) for one in verdict["subjects"]} >= {"voice-command", "recommender-research", "change set"}


def test_where_nothing_is_enforced_an_error_is_no_pass(changed: Hosted, monkeypatch: pytest.MonkeyPatch) -> None:
    changed.repo.switch("main")
    changed.repo.commit({}, "nothing is configured", remove=(".changegate/config.yaml",))
    changed.repo.branch("other")
    changed.repo.commit({FRAUD: changed.edit(FRAUD, "version: 2.4.0", "version: 2.4.1")})
    assert judge(changed)[0] == 0
    fail_for(monkeypatch, *IN_JUDGING["diff"], break_it)
    assert judge(changed)[0] == 2


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_is_without_what_it_cannot_say(changed: Hosted, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    reporter = import_module(REPORTS[name])
    original = reporter.render

    def render(verdict: Any, options: Any) -> str:
        if any(one.changes and one.subject.label == NAME for one in verdict.subjects):
            raise KeyError("thresholdMs")
        text: str = original(verdict, options)
        return text

    monkeypatch.setattr(reporter, "render", render)
    code, _ = judge(changed)
    text = written(changed, name)
    assert code == 2
    assert f"is without {NAME}, at which it failed" in text
    assert "odd" in text


def test_two_faults_are_in_one_file(changed: Hosted, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_for(monkeypatch, *IN_JUDGING["diff"], break_it)
    fail_for(monkeypatch, "changegate.judging.judge", "document", "kind=<SubjectKind.CHANGE_SET", break_it)
    _, verdict = judge(changed)
    assert ended(verdict) == {NAME, "change set"}
    (failure,) = verdict["failures"]
    assert "the change set were judged" in failure["message"]
    (log,) = (changed.repo.home / ".local/state/changegate").iterdir()
    assert log.read_text().count("builtins.ZeroDivisionError") == 2


def variants(hosted: Hosted, count: int) -> None:
    text = hosted.repo.git("show", f"main:{RESEARCH}")
    for number in range(count):
        named = text.replace("name: recommender-research", f"name: research-{number:03}", 1)
        hosted.repo.write({f"models/research-{number:03}.yaml": named})
    hosted.repo.commit({}, "many")


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
@pytest.mark.parametrize("ends", ["an error", "a signal", "no memory"])
@pytest.mark.parametrize("everything", [True, False])
def test_in_parallel(
    changed: Hosted, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ends: str, everything: bool
) -> None:
    """Of many releases, in several processes, one ends whoever judges it."""

    def end() -> Any:
        if ends == "a signal":
            import faulthandler

            faulthandler.disable()
            os.kill(os.getpid(), signal.SIGKILL)
        raise MemoryError if ends == "no memory" else ZeroDivisionError

    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0, 1}, raising=False)
    if everything:
        changed.repo.switch("main")
        variants(changed, 80)
        options = {"base": "main", "head": "main", "everything": True, "stage": "local"}
    else:
        variants(changed, 80)
        options = {}
    fail_for(monkeypatch, "changegate.judging.judge", "semantic", "'research-042'", end)
    code, verdict = judge(changed, **options)
    assert code == 2
    assert len(ended(verdict)) == 1
    assert {f"research-{number:03}" for number in range(80) if number != 42} <= set(map(_label, verdict["subjects"]))
    told = [one for one in verdict["subjects"] if _label(one).startswith("research-") and not one["notEvaluated"]]
    assert len(told) == 79


POLICY = """package hog

deny contains "never" if {
	input.metadata.name == "fraud-detector"
	some a in numbers.range(1, 3000)
	some b in numbers.range(1, 3000)
	some c in numbers.range(1, 3000)
	[a, b, c] == [0, 0, 0]
}

deny contains "it is research" if input.metadata.name == "recommender-research"

deny contains "it has so many" if count(input.spec.version) > 99
"""
WRONG = POLICY.replace("some a", "lower(input.spec.artifacts) == 1\n\tsome a")


@pytest.mark.parametrize("policy", [POLICY, WRONG])
def test_a_policy_that_cannot_answer_about_one(hosted: Hosted, policy: str) -> None:
    """It runs for ever, or meets a value of a wrong type, on one release of two."""
    config = (hosted.path / ".changegate/config.yaml").read_text() + "policies: {limits: {seconds: 2}}\n"
    hosted.repo.commit({".changegate/config.yaml": config, ".changegate/policies/hog.rego": policy}, "adopted")
    hosted.protect()
    hosted.repo.branch("topic")
    files = {FRAUD: hosted.edit(FRAUD, "retentionDays: 30", "retentionDays: 29")}
    files[RESEARCH] = hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")
    run = hosted.judge(hosted.repo.commit(files, "two"))
    assert (run.code, ended(run.verdict)) == (2, {NAME})
    (failure,) = run.verdict["failures"]
    assert f"while {NAME} was judged" in failure["message"]
    assert failure["place"].startswith(".changegate/policies/hog.rego")
    assert "it is research" in {one["message"] for one in run.findings}
