"""A block that says it does not apply, and may not: the first finding on it says why that was refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from changegate.judging.refused import WHERE
from support.hosted import FRAUD, RESEARCH

if TYPE_CHECKING:
    from support.hosted import Hosted

WORDS = {
    "rollout": "on the platforms batch alone",
    "slos": "on the platforms batch alone",
    "cost": "on the platforms edge alone",
    "features": "for the tasks generation, embedding, detection, segmentation, speech alone",
    "fairness": "below tier high alone, or where answers affect no users",
    "provenance": "where every artifact is hosted or a prompt",
    "evaluation": "every release is measured",
    "operations": "every release is operated",
}


def without(text: str, block: str) -> str:
    said = f"  {block}: {{notApplicable: It is not needed for this model.}}\n"
    return re.sub(rf"^  {block}:.*?(?=^  \w|\Z)", said, text, flags=re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("block", WHERE)
def test_it_is_said_once_and_with_the_settings_word(hosted: Hosted, block: str) -> None:
    judged = hosted.judge(hosted.propose({FRAUD: without((hosted.path / FRAUD).read_text(), block)}))
    assert judged.code == 1
    said = [one["message"] for one in judged.findings if "`notApplicable` was refused because" in one["message"]]
    assert len(said) == 1
    assert WORDS[block] in said[0]


def test_where_it_counts_nothing_is_said(hosted: Hosted) -> None:
    text = (hosted.path / RESEARCH).read_text() + "  slos: {notApplicable: Nobody calls it from anywhere.}\n"
    judged = hosted.judge(hosted.propose({RESEARCH: text}))
    assert [one for one in judged.findings if "was refused" in one["message"]] == []


def test_a_claim_that_counts_is_not_called_refused_beside_another_finding(hosted: Hosted) -> None:
    """A generating model may have no features; that its outputs are gone is another matter."""
    text = (hosted.path / FRAUD).read_text().replace("task: classification", "task: generation")
    judged = hosted.judge(hosted.propose({FRAUD: without(text, "features")}))
    assert "features/output-breaking" in judged.rules
    assert [one for one in judged.findings if "was refused" in one["message"]] == []
