"""The summary as a reviewer reads it: the answer first, what to do and who can, what changes, and what is left out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from changegate.names import Change, DiffEntry, Effect, Identity, Location, Severity, Status
from changegate.report import ReportOptions, load_reporter
from changegate.verdict import Gate, Subject, SubjectKind, Verdict
from support.records import replace
from support.verdicts import CONTEXT, FRAUD, VERDICTS, awaiting, finding, observed, open_, sample, undecided

if TYPE_CHECKING:
    from changegate.verdict import Finding, SubjectVerdict


def shown(verdict: Verdict, most: int = 65_536) -> str:
    return load_reporter("markdown").render(verdict, ReportOptions(max_bytes=most))


def plain(text: str) -> str:
    """A page without what keeps names apart from references."""
    return re.sub(r"</?span>", "", text)


def of(*findings: Finding, **more: object) -> Verdict:
    """A closed gate over one release."""
    subject = replace(open_().subjects[0], findings=findings, **more)
    return Verdict(Gate.CLOSED, CONTEXT, (subject,), "closed")


@pytest.mark.parametrize(
    ("verdict", "answer"),
    [
        (open_(), "This can merge."),
        (observed(), "This can merge: nothing is enforced here."),
        (awaiting(), "This cannot merge yet: people still have to approve it."),
        (sample(), "This cannot merge."),
        (undecided(), "Nobody can tell whether this may merge."),
    ],
)
def test_whether_it_can_merge_is_said_first(verdict: Verdict, answer: str) -> None:
    assert shown(verdict).split("\n\n")[1].partition("\n")[0] == f"**{answer}**"


def test_what_has_to_happen_names_who_can_do_it() -> None:
    text = shown(sample()).partition("### What has to happen\n")[2].partition("\n###")[0]
    assert "1. The author: `rollout/bake-too-short`: Let the step bake longer: write `bake: 30m`." in text
    assert "1. The author: `evaluation/report-present` cannot be told: evidence/evaluation.json is larger than" in text
    assert "1. Reviewers: get 1 more approval from `model-risk` for `fraud-detector 2.4.0`: ask `ana` or `bo`" in text
    assert "`approvals/model-risk`" not in text  # it waits for people alone, who are named


def test_the_order_is_that_of_the_questions() -> None:
    text = shown(sample())
    order = ["This cannot merge", "What has to happen", "what changes for users", "Traffic moves", "Who approves",
             "in detail", "What changed since", "How it rolls out"]  # fmt: skip
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_what_changes_for_users_is_told_in_numbers_that_people_read() -> None:
    text = shown(sample())
    assert "| what changes for users | before (`2.3.1`) | now | |" in text
    assert "| recall | 0.871 [0.866, 0.876] | 0.884 [0.879, 0.889] | ▲ better by 1.49 % |" in text
    assert "| 0.842 | 0.778 | **▼ worse by 7.6 %** |" in text
    assert "| f1 |  |  | **✗ not measured any more** |" in text
    assert "| latency-p95 (P95) | 88 ms | 128 ms; the objective allows 300 ms | **▼ +45.5 %** |" in text
    assert "| size of model | 45.98 MiB | 63.45 MiB | **▼ +38 %** |" in text
    assert "| cost per 1000 inferences | 0.004 | 0.004 | = the same |" in text
    assert "532; the budget is 900 | + 59.1 % of the budget |" in text
    assert "Traffic moves: mirrored for 1h → 5 % for 30m → 33.3 % for 10m → 100 %." in text


def test_findings_of_one_rule_are_one_entry_with_the_remedy_once() -> None:
    places = (Location("m.yaml", line, 9) for line in (83, 84, 85))
    same = [finding("rollout/bake-too-short", message="It bakes for 5m.", location=place) for place in places]
    text = shown(of(*same))
    assert text.count("<details>") == 1
    assert "It bakes for 5m. (3 places)</summary>" in text
    assert re.findall(r"^- `m.yaml:(\d+):9`$", text, re.M) == ["83", "84", "85"]
    assert text.partition("in detail")[2].count("remedy of rollout/bake-too-short") == 1
    other = replace(same[0], message="It bakes for 1m.", remediation="another remedy")
    text = shown(of(*same, other)).partition("in detail")[2]
    assert "(and 3 more)" in text
    assert (text.count("remedy of rollout"), text.count("another remedy")) == (3, 1)


def test_what_is_wrong_at_one_place_is_one_entry_with_every_remedy() -> None:
    place = Location("m.yaml", 6, 1, 5)
    text = shown(of(*(finding(f"a/missing-{number}", location=place) for number in range(23))))
    assert text.count("<details>") == 1
    assert "23 rules ask for something at" in text
    assert plain(text).count("remedy of a/missing-") == 23
    assert "1. The author: complete `m.yaml:6:1`: 23 rules ask for something there: `a/missing-0`," in text
    assert "and 18 more" in text


def test_one_reason_that_many_rules_could_not_tell_is_said_once() -> None:
    why = "could not be told: no approvals were handed in"
    untold = (
        finding(f"approvals/{name}", status=Status.UNKNOWN, message=why, effect=effect, location=Location("m.yaml", 5))
        for name, effect in (("missing", Effect.BLOCKS), ("stale", Effect.BLOCKS), ("too-old", Effect.ADVISES))
    )
    text = shown(of(*untold))
    assert text.count("<details>") == 1
    assert "<code>approvals/missing</code> and 2 other rules could not be told: no approvals" in text
    assert "1. Whoever runs the gate: `approvals/missing` and 1 other rule cannot be told: no approvals" in text


def test_what_changed_is_told_by_its_entries_and_what_reports_say_in_the_table_above() -> None:
    change = Change(("spec", "serving", "endpoint"), "changed", "a", "b", "serving", "breaking")
    entries = (
        DiffEntry("diff/endpoint-changed", "serving", "breaking", "Endpoint: a|<b> → c.", (change,)),
        DiffEntry("diff/metric-worse", "evaluation", "could-be-breaking", "recall: 0.91 → 0.89."),
    )
    text = shown(of(changes=(change,), entries=entries))
    assert "| level | of | change |" in text
    (row,) = (line for line in text.splitlines() if line.startswith("| **breaking** | serving |"))
    assert row.count("|") - row.count("\\|") == 4
    assert "<b>" not in row
    assert "metric-worse" not in text.partition("What changed")[2]
    assert "recall: 0.91" not in text.partition("What changed")[2]


def test_a_remedy_keeps_its_digest_and_a_message_has_a_short_one() -> None:
    digest = "sha256:" + "a" * 64
    text = shown(of(finding("a/b", message=f"it is {digest}", remediation=f"Write `digest: {digest}`.")))
    assert text.partition("in detail")[2].count(digest) == 1
    assert "it is sha256:aaaaaaaaaaaa…" in plain(text)


def test_a_first_release_is_described_and_not_compared() -> None:
    changes = (
        Change(("metadata", "owner"), "added", None, "payments-ml", "ownership", "breaking"),
        Change(("spec", "intendedUse"), "added", None, "Scores cards.", "risk", "breaking"),
        Change(("spec", "task"), "added", None, "classification", "metadata", "breaking"),
        *(
            Change(("spec", "artifacts", "model", key), "added", None, given, "artifact", "breaking")
            for key, given in (("format", "onnx"), ("role", "model"), ("sizeBytes", 48_210_944))
        ),
        *(Change(("spec", "more", str(n)), "added", None, n, "metadata", "breaking") for n in range(30)),
    )
    absent = {"status": "absent", "reason": "it is not at the base"}
    text = shown(of(changes=changes, operation="create", previous=absent))
    assert "breaking" not in text
    assert (
        "- Scores cards.\n- task: classification\n- owner: payments-ml\n- artifact model: model, onnx, 45.98 MiB"
        in text
    )
    assert "new, high risk, in" in text


# Many releases


def release(number: int, findings: int) -> SubjectVerdict:
    subject = Subject(SubjectKind.RELEASE, Identity("production", f"model-{number:03}", "main"), f"m/{number:03}.yaml")
    found = tuple(
        finding(f"check/rule-{index % 7}", subject, location=Location(subject.file, index + 1, 1),
                message=f"finding {index} of {number}")
        for index in range(findings)
    )  # fmt: skip
    return replace(
        open_().subjects[0], subject=subject, findings=found, operation="unchanged", version=None, changes=()
    )


def many() -> Verdict:
    """200 releases, every third without a finding, with more findings the later they come."""
    subjects = tuple(release(number, 0 if number % 3 == 0 else number // 10 + 1) for number in range(200))
    return Verdict(Gate.CLOSED, CONTEXT, subjects, "200 releases: 7 rules block")


def test_many_releases_begin_with_a_tally_and_the_worst() -> None:
    text = shown(many())
    by_rule, by_release = text.index("### By rule"), text.index("### By release, worst first")
    assert by_rule < by_release < text.index("### `model-")
    total = sum(number // 10 + 1 for number in range(200) if number % 3)
    rows = re.findall(r"^\| error \| `check/rule-\d` \| (\d+) \| (\d+) \|$", text, re.M)
    assert len(rows) == 7
    assert sum(int(count) for count, _ in rows) == total
    assert "| `model-190` | 20 errors |" in text[by_release:].splitlines()[4]
    assert "Nothing was found in 67 of 200." in text
    told = [int(number) for number in re.findall(r"^### `model-(\d+)`", text, re.M)]
    assert told[0] == 190
    worst = [number // 10 + 1 for number in told]
    assert worst == sorted(worst, reverse=True)


@pytest.mark.parametrize("most", [8_000, 20_000, 65_536, 1_000_000])
def test_the_cut_says_exactly_how_many_releases_and_findings_are_missing(most: int) -> None:
    verdict = many()
    text = shown(verdict, most)
    assert len(text.encode()) <= most
    told = len(re.findall(r"^### `model-\d+`", text, re.M))
    named = len(set(re.findall(r"finding (\d+) of (\d+)", text.partition("### `model-")[2])))
    total = sum(len(subject.findings) for subject in verdict.subjects)
    releases = sum(bool(subject.findings) for subject in verdict.subjects)
    cut = re.search(r"Left out are (\d+) of (\d+) releases and (\d+) findings?\.", text)
    if most == 1_000_000:
        assert cut is None
        assert (told, named) == (releases, total)
        return
    assert cut is not None
    assert (told + int(cut[1]), int(cut[2]), named + int(cut[3])) == (releases, releases, total)


def test_an_entry_of_many_places_counts_those_that_it_does_not_list() -> None:
    found = (
        finding("a/b", location=Location("m.yaml", line, 1), message=f"finding {line} of it") for line in range(1, 101)
    )
    text = shown(of(*found))
    named = len(set(re.findall(r"finding (\d+) of it", text.partition("in detail")[2])))
    assert "… and 60 more places" in text
    assert f"Left out are 0 of 1 release and {100 - named} findings." in text


@pytest.mark.parametrize("name", VERDICTS)
def test_no_number_is_written_as_a_machine_does(name: str) -> None:
    text = shown(VERDICTS[name]())
    assert not re.search(r"\d\.\d{7,}", text)
    assert not re.search(
        r"(?<![0-9a-f\"])[0-9a-f]{64}", re.sub(r"<span>|</span>", "", text.replace("0123456789abcdef" * 2, ""))
    )


def test_a_waived_finding_says_why() -> None:
    item = finding("a/b", effect=Effect.WAIVED, severity=Severity.ERROR, note="waived until 2026-12-01: small group")
    assert "Note: waived until 2026-12-01: small group" in shown(of(item))
    assert FRAUD.file in shown(of(item))
