"""Which releases would get another verdict after a change of the rules: told as advice, and never decided by."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from support.hosted import FRAUD, Hosted
from support.opa import path_with, program

if TYPE_CHECKING:
    from pathlib import Path

    from support.command import Run

CONFIG, TEAMS, WAIVERS = ".changegate/config.yaml", ".changegate/teams.yaml", ".changegate/waivers.yaml"
POLICY = ".changegate/policies/team.rego"
BAKE = "rollout/bake-too-short"
LONGER = {"settings": {"rollout": {"minimumBakeSeconds": {"low": 90000, "medium": 90000, "high": 90000}}}}
SHORT = ("{weight: 50, bake: 1h}", "{weight: 50, bake: 1m}")
WAIVER = {
    "rule": BAKE, "model": "fraud-detector", "reason": "the desk has agreed to it", "approvedBy": "mira",
    "expires": "2026-12-31",
}  # fmt: skip


@pytest.fixture
def hosted(tmp_path: Path) -> Hosted:
    return Hosted(tmp_path)


def over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    both = {key: over(below[key], value) for key, value in above.items() if isinstance(below.get(key), dict)}
    return {**below, **above, **both}


def config(hosted: Hosted, keys: dict[str, Any]) -> str:
    return yaml.safe_dump(over(yaml.safe_load((hosted.path / CONFIG).read_text()), keys))


def waivers(*entries: dict[str, str]) -> str:
    return yaml.safe_dump({"apiVersion": "changegate.dev/v1", "kind": "Waivers", "waivers": list(entries)})


def adopt(hosted: Hosted, files: dict[str, str | bytes]) -> None:
    """Put files on main past the gate, as an administrator may."""
    hosted.repo.commit(files, "adopted")
    hosted.protect()


def changed(run: Run) -> dict[str, tuple[str | None, str | None, list[str]]]:
    """Each release whose verdict would differ: before, after, and the rules."""
    found = run.verdict["impact"]["releases"]
    return {one["subject"]["label"]: (one["before"], one["after"], one["rules"]) for one in found}


def test_a_threshold_that_tightens_names_the_models_that_close(hosted: Hosted) -> None:
    run = hosted.judge(hosted.propose({CONFIG: config(hosted, LONGER)}))
    assert run.code == 0, run.out
    found = changed(run)
    assert found["fraud-detector"] == ("open", "closed", [BAKE])
    assert all(one == ("open", "closed", [BAKE]) for one in found.values())
    (text,) = run.verdict["impact"]["texts"]
    assert text == f"after this merge {len(found)} models close: {said(sorted(found))} ({BAKE})"
    assert f"impact: {text[:60]}" in run.out
    assert run.verdict["impact"]["leftOut"] == ""


def said(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


def test_the_summary_of_the_pull_request_says_it(hosted: Hosted) -> None:
    head = hosted.propose({CONFIG: config(hosted, LONGER)})
    file = hosted.folder / "summary.md"
    hosted.judge(head, "-o", f"markdown={file}")
    text = file.read_text()
    assert "### What becomes of the releases that there are" in text
    assert "models close: " in text
    assert "`fraud-detector`" in text


def test_what_loosens_names_the_models_that_open(hosted: Hosted) -> None:
    adopt(hosted, {FRAUD: hosted.edit(FRAUD, *SHORT)})
    keys = {"overrides": [{"rules": [BAKE], "severity": "off", "reason": "nobody waits for it"}]}
    run = hosted.judge(hosted.propose({CONFIG: config(hosted, keys)}))
    assert changed(run) == {"fraud-detector": ("closed", "open", [BAKE])}
    assert run.verdict["impact"]["texts"] == [f"after this merge 1 model opens: fraud-detector ({BAKE})"]


def test_what_is_only_observed_from_then_on(hosted: Hosted) -> None:
    adopt(hosted, {FRAUD: hosted.edit(FRAUD, *SHORT)})
    run = hosted.judge(hosted.propose({CONFIG: config(hosted, {"enforcement": "observe"})}))
    assert changed(run) == {"fraud-detector": ("closed", "not-enforced", [BAKE])}


def test_a_waiver_that_goes_closes_its_model_and_no_other_is_looked_at(hosted: Hosted) -> None:
    adopt(hosted, {FRAUD: hosted.edit(FRAUD, *SHORT), WAIVERS: waivers(WAIVER)})
    run = hosted.judge(hosted.propose({WAIVERS: waivers()}))
    assert changed(run) == {"fraud-detector": ("open", "closed", [BAKE])}
    assert run.verdict["impact"]["lookedAt"] == 1


def test_a_policy_of_the_change_is_asked(hosted: Hosted) -> None:
    rule = 'package team\n\ndeny contains "no" if input.metadata.name == "fraud-detector"\n'
    run = hosted.judge(hosted.propose({POLICY: rule}))
    assert run.code == 0, run.out
    assert changed(run) == {"fraud-detector": ("open", "closed", ["own/team/deny"])}


def test_an_opa_of_ones_own_is_asked_where_the_change_names_it(hosted: Hosted) -> None:
    rule = 'package team\n\ndeny contains "no" if input.metadata.name == "fraud-detector"\n'
    head = hosted.propose({POLICY: rule, CONFIG: config(hosted, {"engine": "opa"})})
    run = hosted.run(env=hosted.event(head) | {"PATH": path_with(program().parent)}, approved=head)
    assert changed(run) == {"fraud-detector": ("open", "closed", ["own/team/deny"])}, run.out


def test_globs_that_leave_a_model_out_say_so(hosted: Hosted) -> None:
    run = hosted.judge(
        hosted.propose({CONFIG: config(hosted, {"manifests": {"exclude": ["models/fraud-detector/**"]}})})
    )
    assert changed(run)["fraud-detector"] == ("open", None, [])
    assert "after this merge 1 model is judged no more: fraud-detector" in run.verdict["impact"]["texts"]


def test_a_release_of_the_same_change_is_told_by_both_sets_of_rules(hosted: Hosted) -> None:
    text = hosted.edit(FRAUD, "version: 2.4.0", "version: 2.4.1").replace("to: 2.3.1", "to: 2.4.0")
    run = hosted.judge(hosted.propose({FRAUD: text, CONFIG: config(hosted, LONGER)}))
    assert run.code == 0, run.out
    assert changed(run)["fraud-detector"] == ("open", "closed", [BAKE])


def test_what_changes_nothing_says_that_it_was_looked_at(hosted: Hosted) -> None:
    run = hosted.judge(hosted.propose({CONFIG: config(hosted, {"history": {"maxCommits": 400}})}))
    assert changed(run) == {}
    looked = run.verdict["impact"]["lookedAt"]
    assert looked > 5
    assert run.verdict["impact"]["texts"] == [f"after this merge {looked} releases keep their verdicts"]


def test_a_bound_says_what_was_not_looked_at_and_is_the_bases(hosted: Hosted) -> None:
    adopt(hosted, {CONFIG: config(hosted, {"impact": {"releases": 2}})})
    run = hosted.judge(hosted.propose({CONFIG: config(hosted, {**LONGER, "impact": {"releases": 1000}})}))
    impact = run.verdict["impact"]
    assert impact["lookedAt"] == 2
    assert impact["texts"][-1] == "not all was looked at: no more than 2 are looked at (`impact.releases`)"


def test_it_can_be_switched_off(hosted: Hosted) -> None:
    adopt(hosted, {CONFIG: config(hosted, {"impact": {"releases": 0}})})
    assert hosted.judge(hosted.propose({CONFIG: config(hosted, LONGER)})).verdict["impact"] is None


@pytest.mark.parametrize("file", [".github/workflows/x.yaml", "CODEOWNERS"])
def test_a_control_file_that_is_no_rule_asks_nothing(hosted: Hosted, file: str) -> None:
    assert hosted.judge(hosted.propose({file: "# x\n"})).verdict["impact"] is None


def test_rules_that_would_not_load_have_no_impact_to_tell(hosted: Hosted) -> None:
    run = hosted.judge(hosted.propose({CONFIG: config(hosted, {"enforcment": "x"})}))
    assert run.code == 1
    assert run.verdict["impact"]["texts"] == [
        "what configures the gate would not work after the merge, so nobody can tell"
    ]


# The change's own Rego is evaluated for it: what it may reach for, and what it comes to

ENDLESS = """\
package team

deny contains "x" if {
	input.metadata.name == "fraud-detector"
	some a in numbers.range(1, 4000)
	some b in numbers.range(1, 4000)
	some c in numbers.range(1, 4000)
	a * b * c == 0
}
"""
GREEDY = 'package team\n\ndeny contains "x" if count([[n, n, n] | some n in numbers.range(1, 20000000)]) == 0\n'


def test_a_policy_that_does_not_end_would_decide_nothing_any_more_and_costs_one_bound(hosted: Hosted) -> None:
    adopt(hosted, {CONFIG: config(hosted, {"policies": {"limits": {"seconds": 1}}})})
    more = {"policies": {"limits": {"seconds": 600, "memoryMiB": 16384}}}
    run = hosted.judge(hosted.propose({POLICY: ENDLESS, CONFIG: config(hosted, more)}))
    assert (run.code, run.rules) == (1, {"control/policy-without-answer"}), run.out
    assert changed(run)["fraud-detector"] == ("open", "undecided", [])
    (text,) = run.verdict["impact"]["texts"]
    assert text.startswith(
        "after this merge 1 model cannot be decided: fraud-detector: deny of the policy package team: "
    )
    assert text.endswith("it took more than 1 seconds, and was stopped")


def test_a_policy_that_wants_much_memory_is_stopped(hosted: Hosted) -> None:
    adopt(hosted, {CONFIG: config(hosted, {"policies": {"limits": {"memoryMiB": 64}}, "impact": {"releases": 2}})})
    run = hosted.judge(hosted.propose({POLICY: GREEDY}))
    assert (run.code, run.rules) == (1, {"control/policy-without-answer"}), run.out
    assert {one[1] for one in changed(run).values()} == {"undecided"}


def test_all_of_it_has_an_end(hosted: Hosted) -> None:
    adopt(hosted, {CONFIG: config(hosted, {"policies": {"limits": {"seconds": 2}}, "impact": {"seconds": 1}})})
    slow = ENDLESS.replace('\tinput.metadata.name == "fraud-detector"\n', "")
    run = hosted.judge(hosted.propose({POLICY: slow}))
    assert (run.code, run.rules) == (1, {"control/policy-without-answer"}), run.out
    assert run.verdict["impact"]["lookedAt"] == 1
    assert run.verdict["impact"]["leftOut"] == "looking at the others would take longer than 1 seconds"


@pytest.mark.parametrize(
    "body",
    [
        "opa.runtime().env.CHANGEGATE_SECRET",
        'http.send({"method": "get", "url": "http://127.0.0.1:9"}).body',
        'rand.intn("x", 2) == 1',
    ],
)
def test_a_policy_that_reaches_out_is_refused_and_never_asked(hosted: Hosted, body: str) -> None:
    head = hosted.propose({POLICY: f'package team\n\ndeny contains "x" if {body}\n'})
    run = hosted.run(env={**hosted.event(head), "CHANGEGATE_SECRET": "s3cr3t"}, approved=head)
    assert (run.code, "control/invalid" in run.rules) == (1, True)
    assert run.verdict["impact"]["releases"] == []
    assert "s3cr3t" not in f"{run.out}{run.err}{json.dumps(run.verdict)}"


def test_the_policies_of_the_change_say_nothing_about_the_verdict(hosted: Hosted) -> None:
    """A rule of the change that answers for everything, and its absence, leave the same verdict on the same models."""
    text = hosted.edit(FRAUD, "version: 2.4.0", "version: 2.4.1").replace("to: 2.3.1", "to: 2.4.0").replace(*SHORT)
    adopt(hosted, {POLICY: 'package team\n\ndeny contains "never" if input.kind == "Other"\n'})
    loose = 'package team\n\ndeny contains "all of them"\n\nexception contains rules if rules := ["deny"]\n'
    answers = []
    for policy in (loose, 'package team\n\ndeny contains "all of them"\n'):
        more = {"overrides": [{"rules": ["*"], "severity": "off", "reason": "nothing may close"}]}
        run = hosted.judge(hosted.propose({FRAUD: text, POLICY: policy, CONFIG: config(hosted, more)}))
        (fraud,) = (one for one in run.subjects if one["subject"]["label"] == "fraud-detector")
        answers.append((run.code, [(one["rule"], one["effect"]) for one in fraud["findings"]], fraud["outcomes"]))
        hosted.repo.git("checkout", "-q", "main")
        hosted.repo.git("branch", "-q", "-D", "topic")
    assert answers[0] == answers[1]
    assert answers[0][0] == 1
    assert (BAKE, "blocks") in answers[0][1]
