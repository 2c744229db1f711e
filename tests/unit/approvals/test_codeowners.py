"""CODEOWNERS as each host reads it: cases of the hosts' documentation, and the files that neither can read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from changegate.approvals.codeowners import DIALECTS, dialect, load_codeowners
from changegate.approvals.owner_people import people_of
from changegate.policy.teams import Teams
from support.trees import DictTree

if TYPE_CHECKING:
    from changegate.approvals.ownership import Codeowners

FOLDER = Path(__file__).parent / "codeowners"


def cases() -> list[Any]:
    """Every case of every host."""
    return [
        pytest.param(host, case, id=f"{host}-{case['title']}")
        for host in DIALECTS
        for case in yaml.safe_load((FOLDER / f"{host}.yaml").read_text())
    ]


def demands(host: str, said: Codeowners, path: str) -> Any:
    """What a path asks for, as the cases write it."""
    found = [(list(one.owners), one.needed) for one in said.asked_for(path)]
    if host == "github":
        assert all(needed == 1 for _, needed in found)
        return found[0][0] if found else []
    return [owners if needed == 1 else {"needed": needed, "owners": owners} for owners, needed in found]


@pytest.mark.parametrize(("host", "case"), cases())
def test_as_the_host_reads_it(host: str, case: dict[str, Any]) -> None:
    said = dialect(host).parse(case["file"])
    assert {path: demands(host, said, path) for path in case["asks"]} == case["asks"]
    told = {one.line: one.message for one in said.faults}
    assert told.keys() == case.get("faults", {}).keys(), said.faults
    assert all(words in told[line] for line, words in case.get("faults", {}).items()), told
    assert all(one.hint for one in said.faults)


@pytest.mark.parametrize("host", DIALECTS)
def test_there_are_thirty_cases(host: str) -> None:
    assert sum(one.values[0] == host for one in cases()) >= 30


@pytest.mark.parametrize(
    ("host", "order"),
    [
        ("github", (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")),
        ("gitlab", ("CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")),
    ],
)
def test_the_first_place_that_has_one_counts(host: str, order: tuple[str, ...]) -> None:
    for first in range(len(order)):
        tree = DictTree({path: f"* @owner{index}\n".encode() for index, path in enumerate(order) if index >= first})
        found = load_codeowners(tree, host)
        assert (found.path, found.said.entries[0].owners) == (order[first], (f"@owner{first}",))
    assert "there is none at" in load_codeowners(DictTree({"other/CODEOWNERS": b"* @a\n"}), host).problem
    assert "there is none at" in load_codeowners(None, host).problem


@pytest.mark.parametrize("host", DIALECTS)
def test_a_file_that_no_host_reads(host: str) -> None:
    large = load_codeowners(DictTree({"CODEOWNERS": b"* @a\n" * 700_000}), host)
    assert "cannot be read" in large.problem
    assert "UTF-8" in load_codeowners(DictTree({"CODEOWNERS": b"* @a\xff\n"}), host).problem
    marked = load_codeowners(DictTree({"CODEOWNERS": b"\xef\xbb\xbf* @a\n"}), host)
    assert [one.line for one in marked.said.faults] == [1]


@pytest.mark.parametrize("host", DIALECTS)
def test_a_long_file_is_read_without_making_its_patterns(host: str) -> None:
    """A change may bring one of megabytes, of which only the faults are looked for."""
    matcher: Any = dialect(host).parse("* @ana\n").entries[0].matcher
    before = matcher.cache_info().misses
    said = dialect(host).parse("".join(f"/models/m{number}/*.yaml @ana\n" for number in range(50_000)))
    assert (len(said.entries), said.faults) == (50_000, ())
    assert matcher.cache_info().misses == before
    assert said.entries[7].matches("models/m7/a.yaml")
    assert matcher.cache_info().misses == before + 1


TEAMS = Teams(
    teams={"payments": ("ana", "bo"), "alone": ()},
    addresses={"eve@corp.example": "eve"},
    called={"@acme/payments-and-cards": "payments", "@@maintainer": "payments", "@acme/alone": "alone"},
)


@pytest.mark.parametrize(
    ("owner", "people", "problem"),
    [
        ("@mira", ("mira",), ""),
        ("@MIRA", ("mira",), ""),
        ("eve@corp.example", ("eve",), ""),
        ("Eve@Corp.example", ("eve",), ""),
        ("bo@corp.example", (), "people: {LOGIN: {addresses: [bo@corp.example]}}"),
        ("@acme/payments", ("ana", "bo"), ""),
        ("@Acme/Payments", ("ana", "bo"), ""),
        ("@acme/payments-and-cards", ("ana", "bo"), ""),
        ("@@maintainer", ("ana", "bo"), ""),
        ("@@developer", (), "nobody says who is in @@developer"),
        ("@other/payments", (), "nobody says who is in @other/payments"),
        ("@acme/cards/payments", (), "nobody says who is in"),
        ("@acme/alone", (), "gives it nobody"),
        ("@payments", (), 'codeowners: ["@payments"]'),
    ],
)
def test_an_owner_is_people_or_nobody_can_tell(owner: str, people: tuple[str, ...], problem: str) -> None:
    found = people_of(owner, TEAMS, "acme/models")
    assert found.people == people
    assert problem in found.problem
    assert bool(found.problem) is not bool(found.people)
