"""Break-glass: a waiver of an incident, by whom the base allows, short, for one release, and with a follow-up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from changegate import fixtures
from changegate.manifest import parse
from changegate.report.registry import REPORTS
from support.command import changegate
from support.hosted import FRAUD, RESEARCH, Hosted

if TYPE_CHECKING:
    from pathlib import Path

    from support.command import Run

CONFIG, TEAMS, WAIVERS = ".changegate/config.yaml", ".changegate/teams.yaml", ".changegate/waivers.yaml"
RULE, GLASS, OWED = "rollout/bake-too-short", "control/break-glass-not-allowed", "operations/follow-up-open"
SHORT = ("{weight: 50, bake: 1h}", "{weight: 50, bake: 1m}")
BROKEN: dict[str, Any] = {
    "rule": RULE, "model": "fraud-detector", "reason": "the scores are wrong for one bank", "approvedBy": "hana",
    "expires": "2026-11-03",
    "breakGlass": {
        "incident": "INC-4711", "onCall": "on-call", "version": "2.4.1", "followUp": "bake it again on a weekday",
    },
}  # fmt: skip
ALLOWED = {
    "allowedBreakGlassRoles": ["on-call"],
    "requiredForBreakGlass": [{"role": "on-call", "count": 1}],
}


@pytest.fixture
def hosted(tmp_path: Path) -> Hosted:
    """A repository whose settings allow it to people on call: mira, who opens the pull requests, and hana."""
    made = Hosted(tmp_path)
    adopt(made, {CONFIG: config(made, ALLOWED), TEAMS: teams(made, "mira", "hana")})
    return made


def config(hosted: Hosted, control: dict[str, Any]) -> str:
    known = yaml.safe_load((hosted.path / CONFIG).read_text())
    known["settings"]["control"] = {**known["settings"].get("control", {}), **control}
    return yaml.safe_dump(known)


def teams(hosted: Hosted, *people: str) -> str:
    known = yaml.safe_load((hosted.path / TEAMS).read_text())
    known["teams"]["pager"] = {"members": list(people)}
    known["roles"]["on-call"] = ["pager"]
    return yaml.safe_dump(known)


def adopt(hosted: Hosted, files: dict[str, str | bytes]) -> None:
    """Put files on main past the gate, as an administrator may."""
    hosted.repo.commit(files, "adopted")
    hosted.protect()


def waivers(*entries: dict[str, Any]) -> str:
    return yaml.safe_dump({"apiVersion": "changegate.dev/v1", "kind": "Waivers", "waivers": list(entries)})


def glass(**changes: Any) -> dict[str, Any]:
    """The entry with other words, also below `breakGlass`."""
    below = {key: changes.pop(key) for key in list(changes) if key in {*BROKEN["breakGlass"], "done"}}
    return {**BROKEN, **changes, "breakGlass": {**BROKEN["breakGlass"], **below}}


def release(hosted: Hosted, version: str = "2.4.1", *edits: tuple[str, str]) -> dict[str, str | bytes]:
    text = hosted.edit(FRAUD, "version: 2.4.0", f"version: {version}").replace("to: 2.3.1", "to: 2.4.0")
    for find, replace in edits:
        assert find in text
        text = text.replace(find, replace)
    return {FRAUD: text}


def problems(run: Run) -> list[str]:
    return [one["details"]["problem"] for one in run.findings if one["rule"] == GLASS]


# Who may, for what, and for how long


def test_somebody_on_call_approves_what_somebody_on_call_brings(hosted: Hosted) -> None:
    head = hosted.propose({WAIVERS: waivers(BROKEN)})
    run = hosted.run("--approvals", hosted.approvals(head, ("hana",)), env=hosted.event(head))
    assert (run.code, problems(run)) == (0, []), run.out


def test_beside_anything_else_everybody_has_to_approve_as_usual(hosted: Hosted) -> None:
    ordinary = {key: value for key, value in BROKEN.items() if key != "breakGlass"} | {"rule": "cost/missing"}
    head = hosted.propose({WAIVERS: waivers(BROKEN, ordinary), CONFIG: config(hosted, {"unwaivable": []})})
    run = hosted.run("--approvals", hosted.approvals(head, ("bo",)), env=hosted.event(head))
    assert "control/changed-without-approval" in run.rules
    (need,) = (need for one in run.verdict["subjects"] for need in one["approvals"] if need["missing"])
    assert need["role"] == "platform"


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a digest": ({"rule": "artifacts/digest-missing"}, "no incident lifts a rule about digests or signatures"),
    "a signature": ({"rule": "provenance/signature-missing"}, "no incident lifts a rule about digests or signatures"),
    "an attestation": (
        {"rule": "provenance/attestation-missing"},
        "no incident lifts a rule about digests or signatures",
    ),
    "what may not be waived": ({"rule": "approvals/missing"}, "the settings let nobody waive this rule"),
    "the follow-up itself": ({"rule": OWED}, "the settings let nobody waive this rule"),
    "another role": ({"onCall": "platform"}, "the settings let nobody of the role platform break the glass"),
    "too long": ({"expires": "2026-11-05"}, "it lasts longer than break-glass may"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_no_incident_may_do(hosted: Hosted, what: str) -> None:
    changes, problem = REFUSED[what]
    run = hosted.judge(hosted.propose({WAIVERS: waivers(glass(**changes))}))
    assert (run.code, problem in problems(run)) == (1, True), run.out


def test_digests_stay_even_where_the_settings_let_everything_be_waived(hosted: Hosted) -> None:
    adopt(hosted, {CONFIG: config(hosted, {"unwaivable": []})})
    entry = glass(rule="artifacts/digest-missing")
    run = hosted.judge(hosted.propose({WAIVERS: waivers(entry)}))
    assert problems(run) == ["no incident lifts a rule about digests or signatures"]
    hosted.repo.git("checkout", "-q", "main")
    hosted.repo.git("branch", "-q", "-D", "topic")
    adopt(hosted, {WAIVERS: waivers(entry)})
    lines = str(release(hosted)[FRAUD]).split("\n")
    lines.remove(next(line for line in lines if line.strip().startswith("digest: sha256:")))
    run = hosted.judge(hosted.propose({FRAUD: "\n".join(lines)}))
    assert [one["effect"] for one in run.findings if one["rule"] == "artifacts/digest-missing"] == ["blocks"]


def test_nobody_may_by_default_and_nobody_who_is_not_on_call(tmp_path: Path, hosted: Hosted) -> None:
    plain = Hosted(tmp_path / "plain")
    adopt(plain, {TEAMS: teams(plain, "mira")})
    run = plain.judge(plain.propose({WAIVERS: waivers(BROKEN)}))
    assert problems(run) == ["the settings let nobody of the role on-call break the glass"]
    adopt(hosted, {TEAMS: teams(hosted, "hana", "bo")})
    run = hosted.judge(hosted.propose({WAIVERS: waivers(BROKEN)}))
    assert problems(run) == ["whoever brings it is not in the role on-call at the base"]


def test_a_change_allows_nothing_to_itself(hosted: Hosted) -> None:
    adopt(hosted, {CONFIG: config(hosted, {"allowedBreakGlassRoles": []})})
    more = {CONFIG: config(hosted, ALLOWED), TEAMS: teams(hosted, "mira", "hana", "femi")}
    run = hosted.judge(hosted.propose({WAIVERS: waivers(BROKEN), **more}))
    assert problems(run) == ["the settings let nobody of the role on-call break the glass"]


def test_approvers_of_an_incident_who_are_nobody_are_a_finding(hosted: Hosted) -> None:
    asked = {**ALLOWED, "requiredForBreakGlass": [{"role": "on-call", "count": 3}]}
    run = hosted.judge(hosted.propose({CONFIG: config(hosted, asked)}))
    (found,) = (one for one in run.findings if one["rule"] == "control/invalid")
    assert (run.code, found["location"]["file"]) == (1, CONFIG)
    assert "3 of the role on-call have to approve control files, and only 2 could" in found["message"]


# What it does, and what it owes


def test_it_lifts_the_rule_for_its_version_alone_and_says_so(hosted: Hosted) -> None:
    adopt(hosted, {WAIVERS: waivers(BROKEN)})
    run = hosted.judge(hosted.propose(release(hosted, "2.4.1", SHORT)))
    (found,) = (one for one in run.findings if one["rule"] == RULE)
    assert (run.code, found["effect"]) == (0, "waived")
    said = "waived until 2026-11-03 by hana, break-glass for 2.4.1 of incident INC-4711, role on-call, follow-up open: "
    assert found["note"].startswith(said)
    assert any(note.startswith(f"The glass is broken over {RULE} for fraud-detector: {said}") for note in notes(run))


def notes(run: Run) -> list[str]:
    found: list[str] = run.verdict["notes"]
    return found


@pytest.mark.parametrize("is_emergency", [True, False])
def test_every_report_shows_a_waiver_as_such(hosted: Hosted, is_emergency: bool) -> None:
    ordinary = {key: value for key, value in BROKEN.items() if key != "breakGlass"}
    adopt(hosted, {WAIVERS: waivers(BROKEN if is_emergency else ordinary)})
    head = hosted.propose(release(hosted, "2.4.1", SHORT))
    names = {form: hosted.folder / f"report.{form}" for form in REPORTS if form not in NO_FINDINGS}
    run = hosted.judge(head, *(word for form, file in names.items() for word in ("-o", f"{form}={file}")))
    assert run.code == 0, run.out
    for form, file in names.items():
        text = re.sub(r"\\|</?span>", "", file.read_text())
        assert "the scores are wrong for one bank" in text, form
        assert re.search("waive|suppress|skip", text, re.IGNORECASE), form
        assert ("INC-4711" in text) is is_emergency, form


NO_FINDINGS = {"plan"}
"""Formats that are of the rollout alone."""


def test_after_its_end_it_lifts_nothing(hosted: Hosted) -> None:
    adopt(hosted, {WAIVERS: waivers(glass(expires="2026-11-01"))})
    run = hosted.judge(hosted.propose(release(hosted, "2.4.1", SHORT)))
    assert [one["effect"] for one in run.findings if one["rule"] == RULE] == ["blocks"]


def test_it_does_not_count_where_the_settings_allow_it_no_more(hosted: Hosted) -> None:
    adopt(hosted, {WAIVERS: waivers(BROKEN), CONFIG: config(hosted, {"allowedBreakGlassRoles": []})})
    run = hosted.judge(hosted.propose(release(hosted, "2.4.1", SHORT)))
    assert [one["effect"] for one in run.findings if one["rule"] == RULE] == ["blocks"]
    assert any(
        "does not count: the settings let nobody of the role on-call break the glass" in one for one in notes(run)
    )


def test_the_next_release_waits_for_the_follow_up(hosted: Hosted) -> None:
    adopt(hosted, {WAIVERS: waivers(glass(expires="2026-11-01"))})
    run = hosted.judge(hosted.propose(release(hosted, "2.5.0")))
    (found,) = (one for one in run.findings if one["rule"] == OWED)
    assert (run.code, found["effect"]) == (1, "blocks")
    assert found["message"] == (
        f"The follow-up of INC-4711 is open, for which {RULE} was lifted for version 2.4.1: bake it again on a weekday"
    )
    hosted.repo.git("checkout", "-q", "main")
    hosted.repo.git("branch", "-q", "-D", "topic")
    adopt(hosted, {WAIVERS: waivers(glass(done={"on": "2026-11-02", "by": "mira"}))})
    assert hosted.judge(hosted.propose(release(hosted, "2.5.0"))).code == 0


def test_another_model_and_what_did_not_change_wait_for_nothing(hosted: Hosted) -> None:
    adopt(hosted, {WAIVERS: waivers(BROKEN)})
    head = hosted.propose({RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")})
    assert OWED not in hosted.judge(head, "--all").rules


def test_a_name_for_the_model_does_not_shake_the_follow_up_off(hosted: Hosted) -> None:
    adopt(hosted, {WAIVERS: waivers(BROKEN)})
    text = hosted.edit(FRAUD, "  name: fraud-detector\n", "  name: fraud-scorer\n  replaces: fraud-detector\n")
    text = text.replace("version: 2.4.0", "version: 2.5.0").replace("to: 2.3.1", "to: 2.4.0")
    assert OWED in hosted.judge(hosted.propose({FRAUD: text})).rules


DROPPED: dict[str, list[dict[str, Any]]] = {
    "gone": [],
    "an ordinary one": [{key: value for key, value in BROKEN.items() if key != "breakGlass"}],
    "another follow-up": [glass(followUp="nothing has to be done")],
    "another version": [glass(version="2.5.0")],
    "another incident": [glass(incident="INC-8")],
    "another model": [glass(model="support-chat")],
}


@pytest.mark.parametrize("what", DROPPED)
def test_a_follow_up_that_is_open_stays(hosted: Hosted, what: str) -> None:
    adopt(hosted, {WAIVERS: waivers(BROKEN)})
    run = hosted.judge(hosted.propose({WAIVERS: waivers(*DROPPED[what])}))
    assert run.code == 1
    assert "the follow-up of INC-4711 is not done: bake it again on a weekday" in problems(run)


def test_who_says_that_it_is_done_needs_everybody_who_approves_control_files(hosted: Hosted) -> None:
    adopt(hosted, {WAIVERS: waivers(BROKEN)})
    head = hosted.propose({WAIVERS: waivers(glass(done={"on": "2026-11-02", "by": "mira"}))})
    run = hosted.run("--approvals", hosted.approvals(head, ("mira", "bo")), env=hosted.event(head))
    assert (run.code, problems(run)) == (3, [])


def test_one_that_is_done_may_go(hosted: Hosted) -> None:
    adopt(hosted, {WAIVERS: waivers(glass(done={"on": "2026-11-02", "by": "mira"}))})
    assert hosted.judge(hosted.propose({WAIVERS: waivers()})).code == 0


def test_the_semantic_diff_tells_it(hosted: Hosted) -> None:
    run = hosted.judge(hosted.propose({WAIVERS: waivers(BROKEN)}))
    (subject,) = (one for one in run.verdict["subjects"] if one["subject"]["kind"] == "change-set")
    (change,) = subject["changes"]
    assert change["impact"] == "loosens"
    assert "break-glass for 2.4.1 of incident INC-4711" in change["text"]


def waive(hosted: Hosted, *more: str, rule: str = RULE, until: str = "2026-11-03") -> Run:
    given = ("--reason", "the scores are wrong for one bank", "--until", until, "--approved-by", "hana")
    env = {key: value for key, value in hosted.repo.environ.items() if not key.startswith("GIT_")}
    return changegate("waive", rule, "fraud-detector", *given, "--now", fixtures.NOW, *more, cwd=hosted.path, env=env)


EMERGENCY = ("--break-glass", "INC-4711", "--on-call", "on-call", "--follow-up", "bake it again on a weekday")


def test_the_command_writes_it_for_the_release_that_stands_there(hosted: Hosted) -> None:
    hosted.repo.write(release(hosted, "2.4.1", SHORT))
    run = waive(hosted, *EMERGENCY)
    assert run.code == 0, run.err
    written = parse((hosted.path / WAIVERS).read_bytes(), WAIVERS).documents[0].value
    assert written["waivers"] == [BROKEN]
    assert "has to be approved by 1 of on-call" in run.out
    assert "the next version of fraud-detector waits until this is done: bake it again on a weekday" in run.out
    before = (hosted.path / WAIVERS).read_bytes()
    assert waive(hosted, *EMERGENCY).code == 0
    assert (hosted.path / WAIVERS).read_bytes() == before


@pytest.mark.parametrize(
    ("words", "given", "says", "hint"),
    [
        (EMERGENCY[:2], {}, "belong together", "give all three"),
        ((*EMERGENCY[:3], "platform", *EMERGENCY[4:]), {}, "nobody of the role platform", "who may: on-call"),
        (EMERGENCY, {"until": "2026-12-01"}, "longer than break-glass may", "end on 2026-11-03 or before"),
        (EMERGENCY, {"rule": "provenance/signature-missing"}, "digests or signatures", "mend what the rule says"),
        ((*EMERGENCY[:5], "so"), {}, "the waiver would not be valid", ""),
        (("--break-glass", "I 7", *EMERGENCY[2:]), {}, "the waiver would not be valid", ""),
    ],
)
def test_the_command_refuses_what_would_not_count(
    hosted: Hosted, words: tuple[str, ...], given: dict[str, str], says: str, hint: str
) -> None:
    run = waive(hosted, *words, **given)
    assert (run.code, says in run.err, hint in run.err) == (2, True, True), run.err
    assert not (hosted.path / WAIVERS).exists()
