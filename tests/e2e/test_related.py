"""Findings that point at several places, on real repositories: what own rules name, and a previous release at a tag.

What our own rules name beside a finding is held by every pull request of the fixtures (`test_pull_requests.py`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from support.hosted import FRAUD

if TYPE_CHECKING:
    from pathlib import Path

    from support.command import Run
    from support.hosted import Hosted

CONTRACT = "contracts/transactions.yaml"
SLO = "      objective: 0.95"
OURS = """\
package acme

import data.changegate.lib

# METADATA
# title: A release is looked at from all sides
# custom: {severity: error, message: "Look around.", remediation: "Look."}
outcome["looked"] := lib.not_applicable("another model") if input.release.metadata.name != "fraud-detector"

else := {"outcome": "failed", "violations": {lib.beside(lib.finding(["spec", "version"], {}), around)}}
"""
CONFTEST = """\
package main

deny contains {"msg": "look around", "path": ["spec", "version"], "related": around} if {
	input.metadata.name == "fraud-detector"
}
"""
AROUND: list[dict[str, Any]] = [
    {"message": "the contract", "at": {"file": CONTRACT, "path": ["features", "amount", "dtype"]}},
    {"message": "the contract before", "at": {"file": CONTRACT, "revision": "base", "line": 8}},
    {"message": "the previous release", "path": ["spec", "version"], "revision": "previous"},
    {"message": "the inputs", "path": ["spec", "features", "inputs", "amount"]},
    {"message": "nowhere", "at": {"file": "no/such.file"}},
    {"message": "no line", "at": {"file": CONTRACT, "line": 4000}},
    {"message": "out of the repository", "at": {"file": "../../etc/passwd"}},
    {"message": "no name of a file", "at": {"file": "a\u0000b"}},
    {"message": "itself", "path": ["spec", "version"]},
    {"message": "\u202e::error::owned ##[add-mask]x <b>", "at": {"file": "MODEL_CARD.md"}},
]


def adopt(hosted: Hosted, policy: str, related: list[dict[str, Any]]) -> None:
    places = [f"place_{number} := {json.dumps(one)}\n" for number, one in enumerate(related)]
    around = ", ".join(f"place_{number}" for number, _ in enumerate(related))
    text = "\n".join([policy, *places, f"around := [{around}]\n"])
    hosted.repo.commit({".changegate/policies/acme.rego": text, "MODEL_CARD.md": "a card\n"}, "adopted")
    hosted.protect()


def looked(run: Run) -> dict[str, Any]:
    (found,) = (one for one in run.findings if one["rule"].startswith("own/"))
    assert isinstance(found, dict)
    return found


def places(found: dict[str, Any]) -> dict[str, tuple[str, str, int | None]]:
    where = {one["message"]: one["location"] for one in found["related"]}
    return {said: (place["file"], place["revision"], place["line"]) for said, place in where.items()}


def lines(hosted: Hosted, file: str, part: str) -> int:
    rows = (hosted.path / file).read_text().split("\n")
    return next(number for number, row in enumerate(rows, 1) if part in row)


@pytest.mark.parametrize("policy", [OURS, CONFTEST], ids=["ours", "conftest"])
def test_an_own_rule_names_what_else_to_look_at(hosted: Hosted, policy: str) -> None:
    adopt(hosted, policy, AROUND)
    version = lines(hosted, FRAUD, "  version: ")
    run = hosted.judge(hosted.propose({FRAUD: "# a line more\n" + (hosted.path / FRAUD).read_text()}))
    assert run.code == 1
    found = looked(run)
    assert (found["location"]["file"], found["location"]["line"]) == (FRAUD, version + 1)
    assert places(found) == {
        "the contract": (CONTRACT, "head", lines(hosted, CONTRACT, "name: amount")),
        "the contract before": (CONTRACT, "base", 8),
        "the previous release": (FRAUD, "base", version),
        "the inputs": (FRAUD, "head", lines(hosted, FRAUD, "name: amount,")),
        "\u202e::error::owned ##[add-mask]x <b>": ("MODEL_CARD.md", "head", None),
    }


def test_every_report_shows_them(hosted: Hosted, tmp_path: Path) -> None:
    adopt(hosted, OURS, AROUND)
    head = hosted.propose({FRAUD: "# a line more\n" + (hosted.path / FRAUD).read_text()})
    reports = {form: tmp_path / form for form in ("console", "github", "junit", "markdown")}
    hosted.judge(head, *(part for form, file in reports.items() for part in ("-o", f"{form}={file}")))
    for form, file in reports.items():
        shown = file.read_text()
        assert "see also " in shown, form
        assert "(at the base)" in shown, form
        assert "##[" not in shown, form
        assert "\u202e" not in shown, form
        assert "<b>owned" not in shown, form


def test_they_are_no_part_of_what_names_a_finding(hosted: Hosted) -> None:
    adopt(hosted, OURS, AROUND)
    head = hosted.propose({FRAUD: hosted.edit(FRAUD, "  labels:", "  labels: ")})
    first = looked(hosted.judge(head))
    hosted.repo.git("checkout", "-q", "main")
    hosted.repo.git("branch", "-q", "-D", "topic")
    adopt(hosted, OURS, [])
    second = looked(hosted.judge(hosted.propose({FRAUD: hosted.edit(FRAUD, "  labels:", "  labels: ")})))
    assert first["related"]
    assert second["related"] == []
    assert first["fingerprint"] == second["fingerprint"]


def test_what_is_no_place_is_no_answer(hosted: Hosted) -> None:
    adopt(hosted, OURS, [{"message": "the contract", "at": CONTRACT}])
    run = hosted.judge(hosted.propose({FRAUD: hosted.edit(FRAUD, "  labels:", "  labels: ")}))
    assert run.code == 2
    assert "answered nonsense" in run.verdict["failures"][0]["message"]


def test_a_previous_release_at_a_tag_is_shown_at_its_commit(hosted: Hosted) -> None:
    adopt(hosted, OURS, AROUND[2:3])
    text = (hosted.path / FRAUD).read_text()
    hosted.repo.tag("release/1")
    tagged = hosted.repo.git("rev-parse", "HEAD").strip()
    hosted.repo.commit({}, "retired", remove=(FRAUD,))
    hosted.protect()
    run = hosted.judge(hosted.propose({"models/again.yaml": "# a line more\n" + text}))
    assert places(looked(run)) == {
        "the previous release": (FRAUD, tagged, text[: text.index("  version: ")].count("\n") + 1)
    }
