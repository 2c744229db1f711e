"""Names in waivers, overrides, inventory and teams that stand for nothing: seen when they come, told while there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.hosted import RESEARCH

if TYPE_CHECKING:
    from support.command import Run
    from support.hosted import Hosted

CONFIG, TEAMS, WAIVERS = ".changegate/config.yaml", ".changegate/teams.yaml", ".changegate/waivers.yaml"
RULE = "control/name-unknown"
HEAD = "apiVersion: changegate.dev/v1\nkind: Waivers\nwaivers:\n"
REASON = "reason: It was agreed to for now"


def waiver(rule: str = "evaluation/regressed", model: str = "fraud-detector", more: str = "") -> str:
    return f"{HEAD}  - {{rule: {rule}, model: {model}, {more}{REASON}, approvedBy: ana, expires: 2026-11-20}}\n"


def override(chosen: str) -> str:
    return f"overrides:\n  - {{{chosen}, enforcement: observe, {REASON}}}\n"


def told(run: Run) -> list[tuple[str, str, str]]:
    found = [one for one in run.findings if one["rule"] == RULE]
    return [(one["location"]["file"], one["message"], one["remediation"]) for one in found]


@pytest.mark.parametrize(
    ("file", "text", "message", "near"),
    [
        (WAIVERS, waiver(rule="evaluation/regresed"), "The rule evaluation/regresed", "evaluation/regressed"),
        (WAIVERS, waiver(model="fraud-detektor"), "The model fraud-detektor", "fraud-detector"),
        (WAIVERS, waiver(more="variant: next, "), "The model fraud-detector (next)", "fraud-detector"),
        (CONFIG, override("rules: [evaluation/regresed]"), "The rule evaluation/regresed", "evaluation/regressed"),
        (CONFIG, override('rules: ["fairnes/*"]'), "The rule fairnes/*", ""),
        (CONFIG, override("owners: [payments]"), "The team payments", "payments-ml"),
        (CONFIG, override("models: [suport-chat]"), "The model suport-chat", "support-chat"),
        (CONFIG, "  - {name: suport-chat, tier: high}\n", "The model suport-chat", "support-chat"),
        (
            CONFIG,
            "  - {name: support-chat, environment: staging, tier: high}\n",
            "The model support-chat (staging)",
            "",
        ),
        (TEAMS, "  reviewers: [platform-team, vision]\n", "The team vision", "vision-ml"),
    ],
)
def test_a_name_that_stands_for_nothing_is_found_where_it_comes(
    hosted: Hosted, file: str, text: str, message: str, near: str
) -> None:
    path = hosted.path / file
    before = path.read_text() if path.is_file() and file != WAIVERS else ""
    run = hosted.judge(hosted.propose({file: before + text}))
    [(where, said, remedy)] = told(run)
    assert (run.code, where, said) == (1, file, f"{message} does not exist.")
    assert near in remedy
    [finding] = [one for one in run.findings if one["rule"] == RULE]
    assert finding["location"]["line"] > 1


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (WAIVERS, waiver()),
        (CONFIG, override('rules: ["evaluation/*"], models: ["no-such-*"], owners: [platform]')),
        (
            CONFIG,
            "  - {name: support-chat, tier: high}\n  - {name: support-chat, environment: production, tier: high}\n",
        ),
        (TEAMS, "  reviewers: [platform-team, vision-ml]\n"),
    ],
)
def test_names_that_are_there_are_let_be(hosted: Hosted, file: str, text: str) -> None:
    path = hosted.path / file
    before = path.read_text() if path.is_file() and file != WAIVERS else ""
    assert told(hosted.judge(hosted.propose({file: before + text}))) == []


def test_a_model_that_comes_with_its_entry_is_there(hosted: Hosted) -> None:
    text = (hosted.path / CONFIG).read_text() + "  - {name: trial, tier: low}\n"
    trial = (
        (hosted.path / RESEARCH).read_text().replace("recommender-research", "trial").replace("recommender/", "trial/")
    )
    assert told(hosted.judge(hosted.propose({CONFIG: text, "models/trial.yaml": trial}))) == []


def test_what_the_base_names_is_a_note(hosted: Hosted) -> None:
    text = (hosted.path / CONFIG).read_text() + "  - {name: suport-chat, tier: high}\n"
    hosted.repo.commit({CONFIG: text, WAIVERS: waiver(rule="evaluation/regresed")}, "landed")
    hosted.protect()
    head = hosted.propose({RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")})
    run = hosted.judge(head)
    notes = [one for one in run.verdict["notes"] if "does not exist" in one]
    rule = "The base's .changegate/waivers.yaml names the rule evaluation/regresed, which does not exist."
    assert (run.code, told(run)) == (0, [])
    assert notes == [f"{rule} Did you mean evaluation/regressed? Write that, or take the name out."]
    notes = [one for one in hosted.judge(head, "--all").verdict["notes"] if "does not exist" in one]
    assert any("names the model suport-chat, which does not exist. Did you mean support-chat?" in one for one in notes)
