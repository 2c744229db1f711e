"""Reading a JSON report again: nothing of what was asked and settled is lost, in this version and in earlier ones."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changegate.errors import ReportError
from changegate.names import Enforcement, Severity, Status
from changegate.report import ReportOptions, load_reporter
from changegate.report.json_reader import read_report
from changegate.report.parts import Parts, SharedDocuments, by_key, in_order, plain, put_together
from changegate.settle import settle_again
from changegate.verdict import Outcome, SubjectKind, Verdict
from support.records import replace
from support.tools import jq
from support.verdicts import HOSTILE, VERDICTS, sample

EARLIER = json.loads((Path(__file__).parent / "earlier" / "verdict-1.json").read_text("utf-8"))
"""What the version before wrote of the sample."""


def report(verdict: Verdict) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(load_reporter("json").render(verdict, ReportOptions()))
    return made


@pytest.mark.parametrize("name", VERDICTS)
def test_what_was_settled_is_read_as_it_was(name: str) -> None:
    verdict = VERDICTS[name]()
    recorded = read_report(report(verdict))
    assert recorded.gate is verdict.gate
    for one, subject in zip(recorded.subjects, verdict.subjects, strict=True):
        assert [item.rule for item in one.settled] == [item.rule for item in subject.settled]
        assert [item.effect for item in one.settled] == [item.effect for item in subject.settled]
        assert (one.tier, one.not_evaluated) == (subject.tier, subject.not_evaluated)
        assert one.approvals == subject.approvals


def test_every_question_is_read_with_its_answer_and_its_whole_document() -> None:
    subject = sample().subjects[0]
    first = read_report(report(sample())).subjects[0]
    assert len(first.questions) == len(subject.questions) == 3
    for read, asked in zip(first.questions, subject.questions, strict=True):
        assert read.document == plain(asked.document)
        assert (read.holder, read.tier, read.counts) == (asked.holder, asked.tier, asked.counts)
        assert (read.decision.tier, read.decision.approvals) == (asked.decision.tier, asked.decision.approvals)
        assert {rule: one.status for rule, one in read.decision.outcomes.items()} == {
            rule: one.status for rule, one in asked.decision.outcomes.items()
        }
    assert first.rulings == subject.rulings
    assert first.waivers == subject.waivers


def test_the_first_version_is_settled_again_as_far_as_it_tells() -> None:
    recorded = read_report(EARLIER)
    again = settle_again(recorded)
    assert again.gate is recorded.gate
    for one, settled in zip(recorded.subjects, again.settled, strict=True):
        assert {item.rule: item.effect for item in settled} == {item.rule: item.effect for item in one.settled}
    (question,) = recorded.subjects[0].questions
    assert question.document["z"] == [1, 2.5, True, None]
    ruling = recorded.subjects[0].rulings["cost/budget-stated"]
    assert (ruling.severity, ruling.enforcement) == (Severity.WARNING, Enforcement.ENFORCE)


def test_answers_of_other_policies_settle_nothing() -> None:
    recorded = read_report(report(sample()))
    bare = recorded._replace(subjects=recorded.subjects[:1])
    for other in ({}, {"own/main/deny": Outcome(Status.PASSED)}):
        with pytest.raises(ReportError, match="there is an answer that the verdict has not, or none, on "):
            settle_again(bare, lambda question, other=other: question.decision._replace(outcomes=other))


def test_a_verdict_without_what_it_was_come_to_by_is_settled_as_it_says() -> None:
    bare = tuple(replace(one, questions=(), rulings={}, waivers={}) for one in sample().subjects)
    written = report(replace(sample(), subjects=bare))
    assert [one["rulings"] for one in written["subjects"]] == [None] * len(bare)
    recorded = read_report(written)
    assert all(not one.questions for one in recorded.subjects)
    with pytest.raises(ReportError, match=r"there is no ruling on .+ for fraud-detector"):
        settle_again(recorded)
    assert recorded.subjects[-1].subject.kind is SubjectKind.CHANGE_SET


@pytest.mark.parametrize("key", ["context", "subjects", "parts", "verdict"])
def test_a_report_that_lacks_something_is_refused(key: str) -> None:
    written = report(sample())
    del written[key]
    with pytest.raises(ReportError, match="this is no verdict"):
        read_report(written)


@pytest.mark.parametrize("kind", ["outcomes", "decisions", "rulings", "documents"])
def test_a_part_that_is_not_there_is_missed(kind: str) -> None:
    written = report(sample())
    written["parts"][kind] = {}
    with pytest.raises(ReportError, match="this is no verdict"):
        read_report(written)


# Parts of documents


TEXTS = st.text(max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
NAMES = st.sampled_from(["facts", "evidence", "release", "previous", "settings", "context", "changes"])
INNER = st.dictionaries(
    st.sampled_from(["spec", "release", "cost", "fairness"]), VALUES | st.just(["x" * 300]), max_size=4
)
DOCUMENTS = st.dictionaries(NAMES, INNER | VALUES, max_size=7)


@given(st.lists(DOCUMENTS, min_size=1, max_size=4), st.data())
def test_documents_are_whole_when_they_are_put_together(documents: list[dict[str, Any]], data: st.DataObject) -> None:
    every = [*documents, *data.draw(st.lists(st.sampled_from(documents), max_size=3))]
    parts = Parts()
    shared = SharedDocuments(every, parts)
    taken = [shared.taken_apart(one) for one in every]
    known = {digest: json.loads(text) for digest, text in parts.items()}
    for one, (text, places) in zip(every, taken, strict=True):
        assert put_together(json.loads(text), places, known) == plain(one)


def test_a_part_is_taken_out_only_where_it_stands_twice_and_is_worth_it() -> None:
    large, small = {"x": "y" * 300}, {"x": "y"}
    first = {"settings": large, "context": small, "facts": {"cost": large, "risk": {"z": "y" * 300}}}
    second = {"settings": large, "context": small, "facts": {"cost": small}}
    parts = Parts()
    shared = SharedDocuments([first, second], parts)
    assert set(shared.taken_apart(first)[1]) == {"settings", "facts/cost"}
    assert set(shared.taken_apart(second)[1]) == {"settings"}
    assert len(parts.items()) == 1


def test_a_document_that_names_a_part_itself_is_left_alone() -> None:
    """What an author writes is never taken for a reference: those stand beside the document, not in it."""
    shared = Parts()
    hostile = {"release": {"metadata": {"labels": {"parts": shared.put('{"x":1}'), "settings": "sha256:" + "0" * 64}}}}
    text, places = SharedDocuments([hostile], shared).taken_apart(hostile)
    assert put_together(json.loads(text), places, {}) == hostile


@pytest.mark.parametrize("write", [by_key, in_order])
def test_what_json_has_not_is_written_as_text(write: Any) -> None:
    odd = {"a": float("nan"), "b": [float("-inf"), 2**70], "c": {1: "x"}, "d": HOSTILE, "e": ("\udce9", None)}
    assert json.loads(write(odd)) == plain(odd)
    assert write(odd).isascii()
    assert "\\ud800" not in write(odd).replace("\\\\ud800", "")


def test_large_numbers_are_kept() -> None:
    assert by_key([2**64, -(2**80), 1e22, 5e-324, -0.0]) == f"[{2**64},{-(2**80)},1e+22,5e-324,-0.0]"


def test_the_documented_commands_put_it_together(tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "reports.md").read_text("utf-8")
    listed, document = re.findall(r"^jq -?r? ?'(\.parts.*)' verdict\.json$", page, re.MULTILINE)
    file = tmp_path / "verdict.json"
    file.write_text(load_reporter("json").render(sample(), ReportOptions()))
    told = [
        subprocess.run([jq(), "-r", one, file], capture_output=True, check=True).stdout for one in (listed, document)
    ]
    assert told[0].decode().splitlines()[0].startswith("evaluation/report-present: evidence/evaluation.json is larger")
    assert json.loads(told[1]) == plain(sample().subjects[0].questions[0].document)
