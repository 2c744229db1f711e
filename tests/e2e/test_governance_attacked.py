"""Ways to loosen the rules without a word in the semantic diff, and to approve what one has let oneself approve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from changegate import fixtures
from support.hosted import Hosted

if TYPE_CHECKING:
    from pathlib import Path

    from support.command import Run

CONFIG, TEAMS, WAIVERS = ".changegate/config.yaml", ".changegate/teams.yaml", ".changegate/waivers.yaml"
OWN = ".changegate/policies"
POLICY = 'package team.contact\n\ndeny contains "no contact" if input.kind == "Other"\n'
TEST = "package team.contact_test\n\nimport data.team.contact\n\ntest_x if count(contact.deny) == 0\n"
WAIVER = {
    "rule": "rollout/bake-too-short", "model": "fraud-detector", "reason": "it was agreed to", "approvedBy": "mira",
    "expires": "2026-12-31",
}  # fmt: skip


@pytest.fixture
def hosted(tmp_path: Path) -> Hosted:
    made = Hosted(tmp_path)
    files: dict[str, str | bytes] = {f"{OWN}/contact.rego": POLICY, f"{OWN}/contact_test.rego": TEST}
    made.repo.commit({**files, f"{OWN}/other.rego": POLICY.replace("contact", "other")}, "adopted")
    made.protect()
    return made


def config(hosted: Hosted, **keys: Any) -> str:
    return yaml.safe_dump({**yaml.safe_load((hosted.path / CONFIG).read_text()), **keys})


def told(run: Run) -> list[tuple[str, str]]:
    (one,) = (subject for subject in run.verdict["subjects"] if subject["subject"]["kind"] == "change-set")
    return [(change["impact"], change["text"]) for change in one["changes"]]


def renamed(hosted: Hosted, old: str, new: str) -> str:
    hosted.repo.branch("topic")
    (hosted.path / new).parent.mkdir(parents=True, exist_ok=True)
    hosted.repo.git("mv", old, new)
    return hosted.repo.commit({}, "a change")


def test_packages_that_are_asked_no_more(hosted: Hosted) -> None:
    text = config(hosted, policies={"namespaces": ["team.other"]})
    (found,) = told(hosted.judge(hosted.propose({CONFIG: text})))
    assert found == (
        "loosens",
        "the packages of own policies that are asked, all where none is named: nothing becomes [team.other]",
    )


DATA = "the data files of own policies"
FAR, MANY = "how far back the branch is looked at", "how many releases are judged by the rules of a change"
KEYS: list[tuple[dict[str, Any], str, str]] = [
    ({"history": {"maxCommits": 0}}, "may-loosen", f"{FAR}: nothing becomes {{maxCommits: 0}}"),
    ({"impact": {"releases": 0}}, "neutral", f"{MANY}: nothing becomes {{releases: 0}}"),
    ({"policies": {"data": ["limits.yaml"]}}, "may-loosen", f"{DATA}: nothing becomes [limits.yaml]"),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "impact", "text"), KEYS)
def test_every_key_of_the_settings_is_told(hosted: Hosted, keys: dict[str, Any], impact: str, text: str) -> None:
    files: dict[str, str | bytes] = {CONFIG: config(hosted, **keys), "limits.yaml": "most: 2\n"}
    assert (impact, text) in told(hosted.judge(hosted.propose(files)))


@pytest.mark.parametrize("new", [f"{OWN}/contact_x_test.rego", f"{OWN}/contact.rego.txt", "docs/contact.rego"])
def test_a_policy_that_goes_on_as_none(hosted: Hosted, new: str) -> None:
    run = hosted.judge(renamed(hosted, f"{OWN}/contact.rego", new))
    assert told(run)[0] == ("loosens", f"{OWN}/contact.rego is no policy any more, as {new}")


def test_a_test_that_goes(hosted: Hosted) -> None:
    run = hosted.judge(hosted.propose(remove=(f"{OWN}/contact_test.rego",)))
    assert told(run) == [("may-loosen", f"{OWN}/contact_test.rego is deleted")]


def test_of_two_waivers_for_the_same_the_later_end_is_told(hosted: Hosted) -> None:
    both = [{**WAIVER, "expires": "2026-12-31"}, {**WAIVER, "expires": "2026-11-05"}]
    for entries in (both, both[::-1]):
        text = yaml.safe_dump({"apiVersion": "changegate.dev/v1", "kind": "Waivers", "waivers": entries})
        (found,) = told(hosted.judge(hosted.propose({WAIVERS: text})))
        assert found[0] == "loosens"
        assert "is waived until 2026-12-31" in found[1]
        hosted.repo.git("checkout", "-q", "main")
        hosted.repo.git("branch", "-q", "-D", "topic")


def teams(hosted: Hosted, way: str) -> str:
    known = yaml.safe_load((hosted.path / TEAMS).read_text())
    if way == "joins a team":
        known["teams"]["platform-team"]["members"].append("newbie")
    elif way == "a team of a role":
        known["teams"]["newbies"] = {"members": ["newbie"]}
        known["roles"]["platform"].append("newbies")
    elif way == "in the place of the role":
        known["teams"]["platform"] = {"members": ["newbie"]}
        del known["roles"]["platform"]
    else:
        known["people"] = {"newbie": {"addresses": ["eve@acme.example"]}}
        known["teams"]["platform-team"]["members"].append("NEWBIE")
    return yaml.safe_dump(known)


@pytest.mark.parametrize("way", ["joins a team", "a team of a role", "in the place of the role", "in other letters"])
def test_who_joins_a_role_in_a_change_does_not_approve_it(hosted: Hosted, way: str) -> None:
    head = hosted.propose({TEAMS: teams(hosted, way)})
    run = hosted.run("--approvals", hosted.approvals(head, ("newbie", "Newbie")), env=hosted.event(head))
    assert run.code in (1, 3), run.out
    assert "control/changed-without-approval" in run.rules
    assert any(impact == "loosens" and "newbie" in text for impact, text in told(run))
    assert fixtures.AUTHOR != "newbie"
