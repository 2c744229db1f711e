"""What is kept of a file for the next release that names it: no release can change what another one is told."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest

from changegate import evidence
from changegate.approvals.reviews import Reviews
from changegate.evidence.collector import EvidenceRequest
from changegate.evidence.files import EvidenceFiles, File, parsed
from changegate.evidence.memo import MOST, Facts, once
from changegate.evidence.reports import Report
from changegate.evidence.unsound import Unsound
from changegate.manifest import load_manifests
from changegate.policy.settings import defaults
from changegate.policy.teams import Teams
from changegate.resources import FIXTURES
from support.trees import NOW, DictTree

REPOSITORY = FIXTURES / "gitops-repo"
FILES = {str(one.relative_to(REPOSITORY)): one.read_bytes() for one in REPOSITORY.rglob("*") if one.is_file()}
MANIFESTS = sorted(name for name in FILES if name.endswith("manifest.yaml"))


def asked(name: str, files: EvidenceFiles) -> EvidenceRequest:
    (manifest,) = load_manifests(FILES[name], name).manifests
    release: Any = deepcopy(manifest.value)
    for one in release["spec"].get("features", {}).get("inputs", ()):
        one["range"] = [0, 10**9]  # so that what a contract promises of it is told beside it
    teams = Teams.load(DictTree(FILES))
    reviews = Reviews.load(None, repository="", pull_request=None, head="", now=NOW)
    return EvidenceRequest(release, deepcopy(release), files, reviews, teams, NOW, settings=deepcopy(defaults()))


def files() -> EvidenceFiles:
    return EvidenceFiles(DictTree(FILES), DictTree(FILES))


def spoiled(value: Any) -> None:
    """Change everything that can be changed."""
    for inner in list(value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()):
        spoiled(inner)
    if isinstance(value, dict):
        value.clear()
        value["spoiled"] = True
    elif isinstance(value, list):
        value[:] = ["spoiled"]


@pytest.mark.parametrize("name", MANIFESTS)
def test_one_release_cannot_change_what_another_is_told(name: str) -> None:
    seen = files()
    first = evidence.gather(asked(name, seen), evidence.RELEASE)
    told = json.dumps(first)
    for _ in range(2):
        again = evidence.gather(asked(name, seen), evidence.RELEASE)
        assert json.dumps(again) == told
        for sections in again:
            spoiled(sections)
    assert json.dumps(evidence.gather(asked(name, files()), evidence.RELEASE)) == told
    assert json.dumps(first) == told


def report(data: bytes = b'{"a": 1}', name: str = "a.json", index: int = 0) -> Report:
    file = File("present", data=data, path=name, source="repository")
    where = ("spec", "fairness", "evidence", index)
    value = parsed(data, name).documents[0].value
    return Report(where, "present", value=value, file=name, source="repository", content=file.content)


def test_what_follows_from_a_content_is_made_once() -> None:
    seen: list[Any] = []
    made = once(lambda value: (seen.append(value), tuple(value))[1])
    assert made(report()) is made(report(index=1)) == ("a",)
    assert seen == [{"a": 1}]


@pytest.mark.parametrize("other", [report(b'{"b": 1}'), report(b"'b': 1", "a.yaml")])
def test_another_content_is_not_taken_for_it(other: Report) -> None:
    made = once(tuple)
    assert (made(report()), made(other), made(report())) == (("a",), ("b",), ("a",))


def test_one_content_under_two_names_is_what_each_name_makes_of_it() -> None:
    """The name decides how a file is read, so it belongs to the key."""
    made = once(lambda value: type(value[0]))
    text = b"[1e2]"
    kinds = [made(report(text, name)) for name in ("a.json", "a.yaml")]
    assert kinds == [type(parsed(text, name).documents[0].value[0]) for name in ("a.json", "a.yaml")]
    assert report(text, "a.json").content != report(text, "a.yaml").content


def test_what_is_unsound_is_told_each_time() -> None:
    def refuse(value: Any) -> None:
        raise Unsound(f"it says {value['a']}")

    made = once(refuse)
    for index in (0, 1):
        with pytest.raises(Unsound, match="it says 1"):
            made(report(index=index))


def test_of_a_large_file_nothing_is_kept() -> None:
    large = report(b'{"a": 1}' + b" " * 100_000)
    seen: list[Any] = []
    made, facts = once(seen.append), Facts()
    for _ in range(2):
        made(large)
        facts.of([report(), large], None, lambda: {"n": seen.append({})})
    assert len(seen) == 4


def test_no_more_than_so_many_are_kept() -> None:
    seen: list[Any] = []
    made = once(lambda value: seen.append(value["a"]))
    for number in (*range(MOST), MOST - 1, MOST, 1, 0, 1):
        made(report(b'{"a": %d}' % number))
    # the oldest made room for the one too many, and was made anew in place of the next
    assert seen == [*range(MOST), MOST, 0, 1]


def test_facts_are_of_the_place_and_the_parameters_they_were_made_with() -> None:
    facts, count = Facts(), iter(range(100))

    def of(*reports: Report, more: Any = 0) -> Any:
        return facts.of(reports, more, lambda: {"made": next(count)})["made"]

    first = report()
    assert of(first) == of(first) == 0
    others = [
        of(first, more=1), of(report(index=1)), of(first._replace(revision="base")), of(first._replace(source="x")),
        of(first._replace(file="b.json")), of(report(b"{}")), of(first, first), of(),
    ]  # fmt: skip
    assert others == list(range(1, 9))
    assert of(first) == 0


def test_facts_that_are_too_many_to_keep_are_made_anew() -> None:
    facts, count = Facts(), iter(range(100))
    asked_for = [facts.of([report()], None, lambda: {"made": next(count), "long": "x" * 100_000}) for _ in range(2)]
    assert [one["made"] for one in asked_for] == [0, 1]
