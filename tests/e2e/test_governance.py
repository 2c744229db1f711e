"""A change of the rules of the game is told in every report, by what it does, and what loosens them comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from changegate import fixtures
from support.command import changegate
from support.hosted import FRAUD, Hosted

if TYPE_CHECKING:
    from pathlib import Path

    from support.command import Run

CONFIG, TEAMS, WAIVERS = ".changegate/config.yaml", ".changegate/teams.yaml", ".changegate/waivers.yaml"
REASON = "the desk has agreed to that"
WAIVER = {
    "rule": "rollout/bake-too-short", "model": "fraud-detector", "reason": "it was agreed to", "approvedBy": "mira",
    "expires": "2026-12-31",
}  # fmt: skip


@pytest.fixture
def hosted(tmp_path: Path) -> Hosted:
    return Hosted(tmp_path)


def config(hosted: Hosted, **keys: Any) -> str:
    """The configuration with some keys laid over it."""
    return yaml.safe_dump(over(yaml.safe_load((hosted.path / CONFIG).read_text()), keys))


def over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    both = {key: over(below[key], value) for key, value in above.items() if isinstance(below.get(key), dict)}
    return {**below, **above, **both}


def told(run: Run) -> list[tuple[str, str]]:
    """Of the change as a whole, what each difference does, and its sentence."""
    (one,) = (subject for subject in run.verdict["subjects"] if subject["subject"]["kind"] == "change-set")
    return [(change["impact"], change["text"]) for change in one["changes"]]


def judged(hosted: Hosted, files: dict[str, str | bytes] | None = None, remove: tuple[str, ...] = ()) -> Run:
    return hosted.judge(hosted.propose(files, remove=remove))


def back(hosted: Hosted) -> None:
    """Give up the pull request."""
    hosted.repo.git("checkout", "-q", "main")
    hosted.repo.git("branch", "-q", "-D", "topic")


def override(**keys: Any) -> dict[str, Any]:
    return {"overrides": [{**keys, "reason": REASON}]}


SETTINGS: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "a threshold": (
        {"settings": {"rollout": {"minimumBakeSeconds": {"high": 60}, "maximumFirstWeightPercent": {"high": 1}}}},
        [
            ("loosens", "`rollout.minimumBakeSeconds.high`: 1800 becomes 60"),
            ("tightens", "`rollout.maximumFirstWeightPercent.high`: 10 becomes 1"),
        ],
    ),
    "fewer people": (
        {"settings": {"approvals": {"required": {"high": [{"role": "owner", "count": 1}]}}}},
        [
            ("loosens", "`approvals.required.high.owner`: 2 becomes 1"),
        ],
    ),
    "observed": ({"enforcement": "observe"}, [("loosens", "what fails is only observed from now on")]),
    "a rule is off": (
        override(rules=["rollout/*"], models=["fraud-*"], severity="off"),
        [("loosens", f"`rollout/*` is `off` for model `fraud-*`: {REASON}")],
    ),
    "a warning is an error": (
        override(rules=["rollout/*"], severity="error"),
        [("tightens", f"`rollout/*` is `error` for everybody: {REASON}")],
    ),
    "thresholds for some": (
        override(owners=["payments-ml"], settings={"rollout": {"minimumBakeSeconds": {"high": 60}}}),
        [("loosens", f"`rollout.minimumBakeSeconds.high` for owner `payments-ml`: 1800 becomes 60: {REASON}")],
    ),
    "the engine": (
        {"engine": "opa"}, [("may-loosen", "the engine opa evaluates policies from then on, and embedded no more")]
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", SETTINGS)
def test_a_change_of_the_settings_is_told(what: str, hosted: Hosted) -> None:
    keys, said = SETTINGS[what]
    assert told(judged(hosted, {CONFIG: config(hosted, **keys)})) == said


def test_comments_and_order_of_keys_change_nothing(hosted: Hosted) -> None:
    text = "# a word\n" + config(hosted)
    assert told(judged(hosted, {CONFIG: text})) == []


def test_globs_that_leave_more_out_loosen(hosted: Hosted) -> None:
    manifests = {"manifests": {"include": ["models/**/*.yaml"], "exclude": ["models/fraud-detector/**"]}}
    found = told(judged(hosted, {CONFIG: config(hosted, **manifests)}))
    assert ("loosens", "the globs that are left out: with `models/fraud-detector/**`") in found


def test_who_joins_a_team_may_approve_and_who_leaves_may_not(hosted: Hosted) -> None:
    teams = yaml.safe_load((hosted.path / TEAMS).read_text())
    name, team = next(iter(teams["teams"].items()))
    gone = team["members"][0]
    team["members"] = [*team["members"][1:], "New-Person"]
    found = told(judged(hosted, {TEAMS: yaml.safe_dump(teams)}))
    assert ("loosens", f"new-person joins the team {name}") in found
    assert ("tightens", f"{gone} leaves the team {name}") in found
    assert [impact for impact, _ in found] == sorted(impact for impact, _ in found)  # loosens before tightens


def test_a_waiver_is_told_with_its_end(hosted: Hosted) -> None:
    def waivers(**changed: str) -> str:
        about = {"apiVersion": "changegate.dev/v1", "kind": "Waivers"}
        return yaml.safe_dump({**about, "waivers": [{**WAIVER, **changed}]})

    until = "rollout/bake-too-short for fraud-detector is waived until {} by mira: it was agreed to"
    assert told(judged(hosted, {WAIVERS: waivers()})) == [("loosens", until.format("2026-12-31"))]
    back(hosted)
    hosted.repo.commit({WAIVERS: waivers()}, "a waiver")
    hosted.protect()
    assert told(judged(hosted, {WAIVERS: waivers(expires="2026-11-30")})) == [("tightens", until.format("2026-11-30"))]
    back(hosted)
    assert told(judged(hosted, remove=(WAIVERS,))) == [
        ("tightens", "rollout/bake-too-short for fraud-detector is waived no more")
    ]


def test_policies_and_what_runs_the_gate_are_told_by_their_names(hosted: Hosted) -> None:
    rego = 'package main\n\ndeny contains msg if {\n\tinput.metadata.name == "x"\n\tmsg := "no"\n}\n'
    other = 'package other\n\nwarn contains "a word" if input.kind == "x"\n'
    gone, new, workflow = ".changegate/policies/a.rego", ".changegate/policies/b.rego", ".github/workflows/gate.yml"
    hosted.repo.commit({gone: rego}, "own policies")
    hosted.protect()
    assert told(judged(hosted, {new: other, workflow: "on: push\n"}, remove=(gone,))) == [
        ("loosens", f"{gone} is deleted"),
        ("may-loosen", f"{workflow} is new"),
        ("tightens", f"{new} is new"),
    ]


def test_a_file_that_does_not_load_costs_the_others_nothing(hosted: Hosted) -> None:
    run = judged(
        hosted,
        {CONFIG: "kind: [\n", TEAMS: (hosted.path / TEAMS).read_text().replace("members: [", "members: [x, ", 1)},
    )
    assert "control/invalid" in run.rules
    assert any("x joins the team" in text for _, text in told(run))


def test_a_change_of_a_model_says_nothing_of_the_rules(hosted: Hosted) -> None:
    text = hosted.edit(FRAUD, "version: 2.4.0", "version: 2.4.1")
    assert told(judged(hosted, {FRAUD: text})) == []


@pytest.mark.parametrize("form", ["console", "markdown", "quiet"])
def test_the_reports_show_what_loosens_first(form: str, hosted: Hosted) -> None:
    thresholds = {"rollout": {"minimumBakeSeconds": {"high": 60}, "maximumFirstWeightPercent": {"high": 1}}}
    head = hosted.propose({CONFIG: config(hosted, settings=thresholds)})
    words = ["--quiet"] if form == "quiet" else ["-o", form]
    out = changegate("check", *words, "--now", fixtures.NOW, cwd=hosted.path, env=hosted.event(head)).out
    loosens = "rollout.minimumBakeSeconds.high"
    assert loosens in out
    if form == "quiet":
        assert "maximumFirstWeightPercent" not in out
    else:
        assert out.index(loosens) < out.index("rollout.maximumFirstWeightPercent.high")
