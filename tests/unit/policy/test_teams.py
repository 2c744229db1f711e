"""Teams and roles: who is in them, by logins as hosts compare them."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from changegate.errors import ConfigurationError
from changegate.names import same_login
from changegate.policy.teams import OWNER, Teams
from support.trees import DictTree

FILE = ".changegate/teams.yaml"
HEAD = "apiVersion: changegate.dev/v1\nkind: Teams\n"
PEOPLE = {
    "payments-ml": {"members": ["Bo", "ANA", "bo"], "contact": "#payments"},
    "risk-office": {"members": ["cy", "Dee-D"]},
    "empty": {"members": []},
}
ROLES = {"validator": ["risk-office", "payments-ml"], "nobody": ["empty"], "gone": ["dissolved"]}


def teams(**keys: Any) -> Teams:
    return Teams.load(DictTree({FILE: (HEAD + yaml.safe_dump(keys)).encode()}))


ALL = teams(teams=PEOPLE, roles=ROLES)


@pytest.mark.parametrize(
    ("name", "owner", "members"),
    [
        ("payments-ml", "", ("ana", "bo")),
        ("risk-office", "", ("cy", "dee-d")),
        ("validator", "", ("ana", "bo", "cy", "dee-d")),
        ("empty", "", ()),
        ("nobody", "", ()),
        ("gone", "", ()),
        ("unknown", "", ()),
        ("Payments-ML", "", ()),
        ("", "", ()),
        (OWNER, "payments-ml", ("ana", "bo")),
        (OWNER, "unknown", ()),
        (OWNER, "", ()),
        (OWNER, OWNER, ()),
        ("risk-office", "payments-ml", ("cy", "dee-d")),
    ],
)
def test_members(name: str, owner: str, members: tuple[str, ...]) -> None:
    assert ALL.members(name, owner) == members


ODD = ["\u017fam", "\u212aim", "S\u0130m", "sa\uff4d", "\u0441am", "Straße", "ana lee", "", "ana\u200b"]


@pytest.mark.parametrize("other", ODD)
def test_a_login_that_no_host_has_is_refused(other: str) -> None:
    """Letters that case folding makes ASCII, and look-alikes, would never match, without a word."""
    for given in ({"teams": {"a": {"members": ["sam", other]}}}, {"teams": {}, "people": {other: PERSON}}):
        with pytest.raises(ConfigurationError) as caught:
            teams(**given)
        assert (caught.value.file, (caught.value.line or 0) > 2) == (FILE, True)


PERSON = {"addresses": ["sam@acme.example"]}


def test_a_look_alike_is_named() -> None:
    with pytest.raises(ConfigurationError) as caught:
        teams(teams={"a": {"members": ["\u0441am"]}})
    assert "'\\u0441' is no letter of ASCII (cyrillic small letter es)" in caught.value.message
    assert (caught.value.hint or "").startswith("Copy the login from the host")


@pytest.mark.parametrize("other", ["\u017fam", "\u212aim", "S\u0130m", "sa\uff4d", "\u0441am"])
def test_a_login_is_nobody_elses(other: str) -> None:
    assert same_login(other) not in {"sam", "kim", "sim"}


def test_a_person_of_two_teams_is_one_member_of_their_role() -> None:
    found = teams(teams={"a": {"members": ["ana"]}, "b": {"members": ["Ana", "bo"]}}, roles={"both": ["a", "b"]})
    assert found.members("both") == ("ana", "bo")


def test_a_role_goes_before_a_team_of_its_name() -> None:
    found = teams(teams={"a": {"members": ["ana"]}, "b": {"members": ["bo"]}}, roles={"a": ["b"]})
    assert found.members("a") == ("bo",)


def test_a_team_that_is_called_owner_is_no_stand_in_for_the_owner() -> None:
    found = teams(teams={"owner": {"members": ["ana"]}, "b": {"members": ["bo"]}})
    assert found.members(OWNER, "b") == ("bo",)
    assert found.members(OWNER) == ()


@pytest.mark.parametrize(
    ("name", "known"), [("payments-ml", True), ("validator", True), ("gone", True), ("x", False), ("", False)]
)
def test_known(name: str, known: bool) -> None:
    assert ALL.known(name) is known


def test_whose_an_address_is() -> None:
    people = {"Ana": {"addresses": ["Ana@acme.example", "ana@home.example"]}, "bo": {"addresses": ["b@acme.example"]}}
    found = teams(teams={}, people=people)
    assert found.addresses == {"ana@acme.example": "ana", "ana@home.example": "ana", "b@acme.example": "bo"}


@pytest.mark.parametrize("tree", [None, DictTree({})])
def test_without_a_file_nobody_is_known(tree: DictTree | None) -> None:
    assert Teams.load(tree) == Teams()
    assert Teams.load(tree).members("payments-ml") == ()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("teams: {a: {}}\n", 3),
        ("teams: {a: [ana]}\n", 3),
        ("teams: {a: {members: ana}}\n", 3),
        ("teams: {a: {members: [1]}}\n", 3),
        ("teams: {a: {members: ['']}}\n", 3),
        ("teams: {A: {members: [ana]}}\n", 3),
        ("teams: {}\nroles: {owner: [a]}\n", 4),
        ("teams: {}\nroles: {a: []}\n", 4),
        ("teams: {}\nroles: {a: b}\n", 4),
        ("teams: {}\nteam: {}\n", 4),
        ("teams:\n  a: {members: [ana]}\n  a: {members: [bo]}\n", 5),
        ("roles: {}\n", 1),
        ("teams: {}\npeople: {ana: {}}\n", 4),
        ("teams: {}\npeople: {ana: {addresses: []}}\n", 4),
        ("teams: {}\npeople: {ana: {addresses: [ana]}}\n", 4),
        ("teams: {}\npeople:\n  ana: {addresses: [a@b]}\n  bo: {addresses: [A@B]}\n", 6),
    ],
)
def test_a_file_that_is_not_valid(text: str, line: int) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Teams.load(DictTree({FILE: (HEAD + text).encode()}))
    assert caught.value.place == f"{FILE}:{line}"
