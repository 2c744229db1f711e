"""Waivers count where the settings let them, end in time, and say when they are not needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from support.hosted import FRAUD, Hosted

if TYPE_CHECKING:
    from pathlib import Path

    from support.command import Run

WAIVERS, CONFIG = ".changegate/waivers.yaml", ".changegate/config.yaml"
SHORT = ("{weight: 50, bake: 1h}", "{weight: 50, bake: 1m}")
RULE = "rollout/bake-too-short"
WAIVER = {
    "rule": RULE, "model": "fraud-detector", "reason": "the desk has agreed to it", "approvedBy": "mira",
    "expires": "2026-12-31",
}  # fmt: skip


@pytest.fixture
def hosted(tmp_path: Path) -> Hosted:
    return Hosted(tmp_path)


def judged(hosted: Hosted, *edits: tuple[str, str], settings: str = "", **waiver: str) -> Run:
    """A pull request against a base that has one waiver."""
    about = {"apiVersion": "changegate.dev/v1", "kind": "Waivers", "waivers": [{**WAIVER, **waiver}]}
    files: dict[str, str | bytes] = {WAIVERS: yaml.safe_dump(about)}
    if settings:
        known = yaml.safe_load((hosted.path / CONFIG).read_text())
        known["settings"] = {**known.get("settings", {}), "control": yaml.safe_load(settings)}
        files[CONFIG] = yaml.safe_dump(known)
    hosted.repo.commit(files, "a waiver")
    hosted.protect()
    text = hosted.edit(FRAUD, "version: 2.4.0", "version: 2.4.1").replace("to: 2.3.1", "to: 2.4.0")
    for find, replace in edits:
        assert text.count(find) == 1
        text = text.replace(find, replace)
    return hosted.judge(hosted.propose({FRAUD: text}))


def told(run: Run) -> list[str]:
    notes: list[str] = run.verdict["notes"]
    return notes


ABOUT = f"The waiver of {RULE} for fraud-detector"


def test_a_waiver_lifts_a_rule(hosted: Hosted) -> None:
    run = judged(hosted, SHORT)
    assert (run.code, [one["effect"] for one in run.findings if one["rule"] == RULE]) == (0, ["waived"])
    assert not any(note.startswith(ABOUT) for note in told(run))


def test_a_waiver_that_lasts_too_long_for_the_tier_does_not_count(hosted: Hosted) -> None:
    run = judged(hosted, SHORT, expires="2027-03-01")
    assert (run.code, RULE in run.rules) == (1, True)
    assert f"{ABOUT} does not count: it lasts longer than a waiver may for a release of tier high." in told(run)


def test_a_rule_that_nobody_may_waive_is_not_lifted(hosted: Hosted) -> None:
    run = judged(hosted, SHORT, settings=f"{{unwaivable: [{RULE}]}}")
    assert (run.code, RULE in run.rules) == (1, True)
    assert f"{ABOUT} does not count: the settings let nobody waive this rule." in told(run)


def test_a_whole_check_may_be_unwaivable(hosted: Hosted) -> None:
    assert judged(hosted, SHORT, settings="{unwaivable: [rollout/*]}").code == 1


def test_a_waiver_that_ends_soon_is_told(hosted: Hosted) -> None:
    run = judged(hosted, SHORT, expires="2026-11-10")
    assert run.code == 0
    assert f"{ABOUT} ends on 2026-11-10, in 8 days." in told(run)


def test_a_waiver_that_has_ended_is_told_where_it_is_missed(hosted: Hosted) -> None:
    run = judged(hosted, SHORT, expires="2026-11-01")
    assert run.code == 1
    assert f"{ABOUT} ended on 2026-11-01." in told(run)


def test_a_waiver_that_lifts_nothing_is_told(hosted: Hosted) -> None:
    run = judged(hosted)
    assert run.code == 0
    assert f"{ABOUT} is not needed now: there is nothing that it would lift." in told(run)


def test_an_end_that_is_moved_closer_is_no_new_waiver(hosted: Hosted) -> None:
    about = {"apiVersion": "changegate.dev/v1", "kind": "Waivers", "waivers": [{**WAIVER, "expires": "2031-12-31"}]}
    hosted.repo.commit({WAIVERS: yaml.safe_dump(about)}, "a waiver")
    hosted.protect()
    closer = yaml.safe_dump(about).replace("2031-12-31", "2030-12-31")
    assert "control/waiver-not-allowed" not in hosted.judge(hosted.propose({WAIVERS: closer})).rules
