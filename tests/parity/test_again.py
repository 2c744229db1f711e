"""A verdict can be come to again from its JSON report alone, on both engines, under whatever terms it was settled.

`test_decisions.py` does the same for every pull request of the fixtures.
"""

from __future__ import annotations

import copy
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
import yaml

from changegate import fixtures
from changegate.errors import ReportError
from changegate.judging.rules import Rules
from changegate.names import Stage
from changegate.own_policies.isolated import Apart
from changegate.policy.catalogue import Catalogue
from changegate.rego.bundle import shipped
from changegate.rego.engines import EngineOptions, open_host
from changegate.report.json_reader import read_report
from changegate.settle import settle_again
from changegate.workspace.resolve import resolve
from support import tools
from support.again import RecordedPolicies, differences, report_of, tampered
from support.command import check, whole
from support.documents import verdict_of
from support.hosted import FRAUD, RESEARCH, Hosted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from changegate.rego.engines import Host
    from support.command import Run

pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")

CONFIG, FOLDER = ".changegate/config.yaml", ".changegate/policies"
REASON = "the desk has agreed to that"
STRICT = {"settings": {"rollout": {"minimumBakeSeconds": {"high": 36_000}}}, "reason": REASON}
OWN = """\
package main

# METADATA
# title: T
# custom: {severity: warning, message: "is {bake}", remediation: R}
outcome["told"] := data.changegate.lib.failed(["metadata"], {"bake": input.settings.rollout.minimumBakeSeconds.high})

deny contains msg if {
	input.metadata.name == "fraud-detector"
	msg := "not today"
}
"""


@pytest.fixture(scope="module", params=["embedded", "opa"])
def host(request: pytest.FixtureRequest) -> Iterator[Host]:
    """Each engine, as a run opens it."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "opa":
            patch.setenv("PATH", str(Path(tools.opa()).parent), prepend=":")
        with closing(open_host(EngineOptions(engine=request.param))) as opened:
            yield opened


@pytest.fixture
def hosted(tmp_path: Path) -> Hosted:
    return Hosted(tmp_path)


def adopt(hosted: Hosted, files: dict[str, str | bytes] | None = None, **config: Any) -> None:
    """Merge files into main, and keys into its configuration."""
    known = yaml.safe_load((hosted.path / CONFIG).read_text())
    hosted.repo.commit({CONFIG: yaml.safe_dump({**known, **config}), **(files or {})}, "adopted")
    hosted.protect()


def edited(hosted: Hosted, *edits: tuple[str, str]) -> str:
    """A change of the fraud detector's manifest, and a new version of the research model."""
    text = (hosted.path / FRAUD).read_text()
    for find, replace in (("version: 2.4.0", "version: 2.4.1"), *edits):
        assert text.count(find) == 1, find
        text = text.replace(find, replace)
    return hosted.propose({FRAUD: text, RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")})


SHORT = ("{weight: 50, bake: 1h}", "{weight: 50, bake: 1m}")
OWNER = ("owner: payments-ml", "owner: language-ml")
RENAMED = ("name: fraud-detector\n", "name: fraud-guard\n  replaces: fraud-detector\n")
WAIVER = {
    "rule": "rollout/bake-too-short", "model": "fraud-detector", "reason": "it was agreed to", "approvedBy": "mira",
    "expires": "2026-12-31",
}  # fmt: skip
WAIVERS = yaml.safe_dump({"apiVersion": "changegate.dev/v1", "kind": "Waivers", "waivers": [WAIVER]})


def _overridden(*overrides: dict[str, Any], edits: tuple[tuple[str, str], ...] = (SHORT,), own: bool = False) -> Any:
    def run(hosted: Hosted) -> Run:
        adopt(hosted, {f"{FOLDER}/main.rego": OWN} if own else None, overrides=list(overrides))
        return hosted.judge(edited(hosted, *edits))

    return run


def _waived(hosted: Hosted) -> Run:
    adopt(hosted, {".changegate/waivers.yaml": WAIVERS, f"{FOLDER}/main.rego": OWN})
    return hosted.judge(edited(hosted, SHORT))


def _fails_on_warning(hosted: Hosted) -> Run:
    adopt(hosted, {f"{FOLDER}/main.rego": OWN})
    return hosted.judge(edited(hosted), "--fail-on", "warning")


def _observed(hosted: Hosted) -> Run:
    adopt(hosted, enforcement="observe")
    return hosted.judge(edited(hosted, SHORT))


def _not_configured(hosted: Hosted) -> Run:
    hosted.repo.commit(remove=(CONFIG,), message="no configuration")
    hosted.protect()
    return hosted.judge(edited(hosted, SHORT))


def _invalid(hosted: Hosted) -> Run:
    return hosted.judge(edited(hosted, ("  task: classification", "  tsk: classification")))


def _retired(hosted: Hosted) -> Run:
    adopt(hosted, {f"{FOLDER}/main.rego": OWN}, overrides=[{"models": ["fraud-*"], **STRICT}])
    return hosted.judge(hosted.propose(remove=(FRAUD,)))


def _on_a_laptop(hosted: Hosted) -> Run:
    hosted.repo.write({FRAUD: hosted.edit(FRAUD, *SHORT)})
    return check("--all", "--now", fixtures.NOW, cwd=hosted.path, env=hosted.repo.environ)


def _mends_the_base(hosted: Hosted) -> Run:
    good = (hosted.path / CONFIG).read_text()
    hosted.repo.commit({CONFIG: good + "nonsense: 1\n"}, "broken")
    hosted.protect()
    return hosted.judge(hosted.propose({CONFIG: good, FRAUD: hosted.edit(FRAUD, "version: 2.4.0", "version: 2.4.1")}))


def _approvals_missing(hosted: Hosted) -> Run:
    head = edited(hosted)
    return hosted.run(env=hosted.event(head))


BY_TIER, BY_OWNER = {"tiers": ["high"], **STRICT}, {"owners": ["payments-ml"], **STRICT}
TERMS: dict[str, Callable[[Hosted], Run]] = {
    "off": _overridden({"rules": ["rollout/*"], "models": ["fraud-*"], "severity": "off", "reason": REASON}),
    "lowered": _overridden({"rules": ["rollout/*", "own/*"], "severity": "warning", "reason": REASON}, own=True),
    "observed-by-owner": _overridden({"owners": ["payments-ml"], "enforcement": "observe", "reason": REASON}),
    "raised": _overridden({"tiers": ["high"], "severity": "error", "reason": REASON}, own=True),
    "thresholds-by-model": _overridden({"models": ["fraud-detector"], **STRICT}, edits=(), own=True),
    "thresholds-by-owner": _overridden(BY_OWNER, edits=(), own=True),
    "thresholds-by-tier": _overridden(BY_TIER, edits=(), own=True),
    "another-owner": _overridden(BY_OWNER, edits=(OWNER,), own=True),
    "another-owner-by-tier": _overridden({**BY_OWNER, **BY_TIER}, edits=(OWNER,), own=True),
    "another-name": _overridden({"models": ["fraud-detector"], **STRICT}, BY_TIER, edits=(RENAMED,), own=True),
    "waived": _waived,
    "fail-on-warning": _fails_on_warning,
    "observed": _observed,
    "not-configured": _not_configured,
    "invalid": _invalid,
    "retired": _retired,
    "on-a-laptop": _on_a_laptop,
    "mends-the-base": _mends_the_base,
    "approvals-missing": _approvals_missing,
}


CAME_TO = {
    "off": ("open", 1),
    "lowered": ("open", 1),
    "observed-by-owner": ("not-enforced", 1),
    "thresholds-by-tier": ("closed", 2),
    "another-owner": ("closed", 2),
    "another-owner-by-tier": ("closed", 3),
    "another-name": ("closed", 3),
    "observed": ("not-enforced", 1),
    "not-configured": ("not-enforced", 1),
    "invalid": ("closed", 0),
    "retired": ("open", 1),
}
"""The verdict, and how often policies were asked about the fraud detector; else closed, and once."""


@pytest.mark.parametrize("terms", TERMS)
def test_it_comes_to_the_same_again(terms: str, hosted: Hosted, host: Host) -> None:
    run = TERMS[terms](hosted)
    (subject, *_) = (one for one in run.verdict["subjects"] if one["subject"]["file"] == FRAUD)
    assert (run.verdict["verdict"], len(subject["questions"])) == CAME_TO.get(terms, ("closed", 1))
    policies = _policies(hosted, host, run.verdict["context"])
    assert differences(run.verdict) == []
    assert differences(run.verdict, policies.decide) == []


def _policies(hosted: Hosted, host: Host, context: dict[str, Any]) -> RecordedPolicies:
    """The policies that the report names, as they are at its base."""
    request = fixtures.request(
        fixtures.LaidOut(hosted.path, context["base"], "HEAD", None, None), stage="local", trusted_ref="",
        base=context["base"],
    )  # fmt: skip
    scope = resolve(request.scope, {})
    where = cast("Any", SimpleNamespace(base=scope.base, head=scope.head, root=scope.root, stage=Stage.MERGE))
    try:
        rules = Rules.of_base(where)
    except Exception:  # noqa: BLE001  (the base does not load: then ours alone decided)
        rules = Rules.of_base(cast("Any", SimpleNamespace(base=None, head=scope.head, root=None, stage=Stage.MERGE)))
    assert rules.deciding.digest == context["policyDigest"]
    own = Apart(host, rules.own.bundle) if rules.own is not None else None
    return RecordedPolicies(rules.catalogue, host.load(rules.bundle), rules.own, own)


# What is in it


def test_thresholds_by_owner_and_tier_are_asked_for_each_owner_and_tier(hosted: Hosted) -> None:
    run = TERMS["another-owner-by-tier"](hosted)
    (fraud,) = (one for one in read_report(run.verdict).subjects if one.subject.file == FRAUD)
    asked = [(one.holder and one.holder.owner, one.tier, one.counts) for one in fraud.questions]
    assert asked == [("language-ml", "", True), ("payments-ml", "", False), ("payments-ml", "high", True)]
    bakes = [one.document["settings"]["rollout"]["minimumBakeSeconds"]["high"] for one in fraud.questions]
    assert (bakes[2], bakes[0] == bakes[1] < 36_000) == (36_000, True)


def test_what_changes_an_answer_is_told(hosted: Hosted) -> None:
    adopt(hosted, enforcement="observe")
    head = edited(hosted)
    plain, warned = hosted.judge(head), hosted.judge(head, "--fail-on", "warning", "--all", "--require-config")
    context = plain.verdict["context"]
    assert (context["enforcement"], context["failOn"], context["all"], context["paths"]) == (
        "observe",
        "error",
        False,
        [],
    )
    told = {"failOn": "warning", "all": True, "requireConfig": True}
    assert {key for key in context if context[key] != warned.verdict["context"][key]} == set(told)
    assert {key: warned.verdict["context"][key] for key in told} == told
    assert context["engine"].startswith("embedded (regorus ")


def test_of_settings_that_were_not_read_nothing_is_told(hosted: Hosted) -> None:
    hosted.repo.commit({CONFIG: "kind: [\n"}, "broken")
    hosted.protect()
    run = hosted.judge(edited(hosted))
    context = run.verdict["context"]
    assert (run.code, context["enforcement"], context["settingsDigest"], context["teamsDigest"]) == (2, None, "", "")
    assert read_report(run.verdict).subjects == ()
    assert differences(run.verdict) == []


def test_every_control_file_has_a_digest(hosted: Hosted) -> None:
    digests = ("policyDigest", "settingsDigest", "teamsDigest", "waiversDigest")
    head = edited(hosted)
    before = hosted.judge(head).verdict["context"]
    hosted.repo.switch("main")
    adopt(hosted, {".changegate/waivers.yaml": WAIVERS}, enforcement="observe")
    hosted.repo.switch("topic")
    after = hosted.judge(head).verdict["context"]
    assert [key for key in digests if before[key] != after[key]] == ["settingsDigest", "waiversDigest"]


def test_equal_parts_are_written_once(hosted: Hosted) -> None:
    run = hosted.judge(edited(hosted), "--all")
    subjects = [one for one in whole(run.verdict) if one["input"]]
    questions = [question for one in subjects for question in one["questions"]]
    assert len({question["parts"]["settings"] for question in questions}) == 1
    assert all("settings" not in question["document"] for question in questions)
    settings = run.verdict["parts"]["documents"][questions[0]["parts"]["settings"]]
    assert [one["input"]["settings"] for one in subjects] == [settings] * len(subjects)
    assert len(run.verdict["parts"]["rulings"]) == 2  # of releases, and of the change set


# What was changed by hand


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    verdict = verdict_of(tmp_path_factory.mktemp("tampered") / "repository", fixtures.case("fraud-overnight-update"))
    return report_of(verdict)


def test_a_part_that_was_changed_is_no_part_of_it(report: dict[str, Any]) -> None:
    for kind in ("outcomes", "decisions", "rulings", "documents"):
        changed = copy.deepcopy(report)
        part = next(iter(changed["parts"][kind].values()))
        part.pop(0 if isinstance(part, list) else next(iter(part)))
        with pytest.raises(ReportError, match="was changed"):
            read_report(changed)


def test_a_ruling_that_was_changed_is_noticed(report: dict[str, Any]) -> None:
    rules = sorted({rule for part in report["parts"]["rulings"].values() for rule in part})
    assert len(rules) > 100
    for rule in rules:
        for key, value in (("severity", "off"), ("enforcement", "observe")):

            def change(part: dict[str, Any], rule: str = rule, key: str = key, value: str = value) -> None:
                if rule in part:
                    part[rule][key] = value

            assert any(rule in one for one in differences(tampered(report, "rulings", change))), (rule, key)


def test_an_outcome_that_was_changed_is_noticed(report: dict[str, Any]) -> None:
    rules = sorted({one["rule"] for part in report["parts"]["outcomes"].values() for one in part})
    for rule in rules:

        def change(part: list[dict[str, Any]], rule: str = rule) -> None:
            for one in part:
                if one["rule"] == rule:
                    one["status"] = "passed" if one["status"] != "passed" else "not-applicable"

        assert any(rule in one for one in differences(tampered(report, "outcomes", change))), rule


def test_an_answer_that_was_changed_with_all_that_follows_is_noticed_by_asking(
    report: dict[str, Any], host: Host
) -> None:
    rule = "rollout/bake-too-short"

    def answer(part: dict[str, Any]) -> None:
        if rule in part["outcomes"]:
            part["outcomes"][rule] = {"outcome": "passed"}

    def outcome(part: list[dict[str, Any]]) -> None:
        for one in part:
            if one["rule"] == rule:
                one.update(status="passed", effect="none", violations=[], note="")

    changed = tampered(tampered(report, "decisions", answer), "outcomes", outcome)
    changed["verdict"] = settle_again(read_report(changed)).gate.value
    assert differences(changed) == []
    ours = RecordedPolicies(Catalogue.of(shipped()), host.load(shipped()))
    assert any(rule in one for one in differences(changed, ours.decide))
    assert differences(report, ours.decide) == []


def test_a_threshold_that_was_changed_is_noticed_by_asking(report: dict[str, Any], host: Host) -> None:
    def lower(part: Any) -> None:
        if isinstance(part, dict) and "minimumBakeSeconds" in part.get("rollout", {}):
            part["rollout"]["minimumBakeSeconds"] = dict.fromkeys(part["rollout"]["minimumBakeSeconds"], 0)

    changed = tampered(report, "documents", lower)
    ours = RecordedPolicies(Catalogue.of(shipped()), host.load(shipped()))
    assert any("rollout/bake-too-short" in one for one in differences(changed, ours.decide))


@pytest.mark.parametrize("gate_says", ["open", "awaiting-approval"])
def test_a_gate_that_was_changed_is_noticed(report: dict[str, Any], gate_says: str) -> None:
    assert f" verdict {gate_says} closed" in differences({**report, "verdict": gate_says})


@pytest.mark.parametrize("wrong", [None, [], {}, {"schemaVersion": 3}, {"schemaVersion": True}, {"schemaVersion": 2}])
def test_what_is_no_report_is_refused(wrong: Any) -> None:
    with pytest.raises(ReportError):
        read_report(wrong)
