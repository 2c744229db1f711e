"""Answers of own rules, read strictly."""

from __future__ import annotations

from typing import Any

import pytest

from changegate.errors import PolicyError
from changegate.names import Status
from changegate.own_policies import decode
from changegate.own_policies.discover import Found
from changegate.verdict import PASSED, Outcome, RelatedPlace, SubjectKind, Violation

MANIFEST = {"metadata": {"name": "m"}, "spec": {"version": "1.0.0"}}
NAME = ("metadata", "name")


def rule(name: str = "deny", *, is_conftest: bool = True) -> Found:
    told = {"title": "A title", "custom": {}}
    return Found(f"own/a/{name}", "a", name, is_conftest, SubjectKind.RELEASE, "a.rego", 3, NAME, told)


def said(value: Any, exceptions: Any = None, name: str = "deny") -> Outcome:
    return decode.conftest(rule(name), value, exceptions, MANIFEST)


@pytest.mark.parametrize("value", [None, [], False])
def test_nothing_found(value: Any) -> None:
    assert said(value) == PASSED


@pytest.mark.parametrize(
    ("value", "details"),
    [
        (["x", "y"], [{"msg": "x"}, {"msg": "y"}]),
        ("x", [{"msg": "x"}]),
        (True, [{"msg": "A title"}]),
        ([""], [{"msg": "A title"}]),
        ([{"msg": "x", "a": 1}], [{"msg": "x", "a": 1}]),
        ({"msg": "x"}, [{"msg": "x"}]),
        ([{"msg": "x", "_loc": {"line": 3}}], [{"msg": "x"}]),
    ],
)
def test_something_found(value: Any, details: list[dict[str, Any]]) -> None:
    outcome = said(value)
    assert outcome.status is Status.FAILED
    assert [(one.path, one.details) for one in outcome.violations] == [(NAME, one) for one in details]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (["spec", "version"], ("spec", "version")),
        (["spec", "nothing", 0], ("spec", "nothing", 0)),
        (["nowhere"], NAME),
        ([], NAME),
        (["spec", -1], NAME),
        ("spec.version", NAME),
        ([None], NAME),
    ],
)
def test_a_path_of_its_own(path: Any, expected: tuple[str | int, ...]) -> None:
    (violation,) = said([{"msg": "x", "path": path}]).violations
    kept = {} if expected != NAME else {"path": path}
    assert violation == Violation(expected, None, {"msg": "x", **kept})


def test_places_beside_its_own() -> None:
    other = {"message": "the other report", "at": {"file": "b.json", "path": ["a"]}}
    (violation,) = said([{"msg": "x", "related": [other]}]).violations
    beside = RelatedPlace("the other report", at={"file": "b.json", "path": ["a"]})
    assert violation == Violation(NAME, None, {"msg": "x"}, (beside,))
    (violation,) = said([{"msg": "x", "related": "something else"}]).violations
    assert violation == Violation(NAME, None, {"msg": "x", "related": "something else"})


@pytest.mark.parametrize("value", [5, [5], [None], [True], [["x"]], {"a": 1}, [{"message": "x"}], [{"msg": 5}]])
def test_nonsense(value: Any) -> None:
    with pytest.raises(PolicyError, match="own/a/deny answered nonsense") as caught:
        said(value)
    assert caught.value.place == "a.rego:3"


@pytest.mark.parametrize(
    ("name", "exceptions", "exempt"),
    [
        ("deny_foo", [["foo"]], True),
        ("violation_foo", [["bar"], ["foo"]], True),
        ("warn_foo", {"any": {"key": "foo"}}, True),
        ("deny_foo_bar", [["foo_bar"]], True),
        ("deny", [[""]], True),
        ("deny_foo", [["deny_foo"]], False),
        ("deny_foo", ["foo"], False),
        ("deny_foo", [[""]], False),
        ("deny", [["deny"]], False),
        ("deny_foo", None, False),
    ],
)
def test_exceptions(name: str, exceptions: Any, exempt: bool) -> None:
    outcome = said(["x"], exceptions, name)
    assert outcome.status is (Status.NOT_APPLICABLE if exempt else Status.FAILED)


@pytest.mark.parametrize("outcomes", [None, {}, {"other": {"outcome": "passed"}}, [], "x"])
def test_a_rule_in_our_form_without_an_outcome(outcomes: Any) -> None:
    with pytest.raises(PolicyError, match="own/a/one has no outcome") as caught:
        decode.ours(rule("one", is_conftest=False), outcomes)
    assert caught.value.place == "a.rego:3"


def test_a_rule_in_our_form() -> None:
    one = rule("one", is_conftest=False)
    assert decode.ours(one, {"one": {"outcome": "passed"}}) == PASSED
    with pytest.raises(PolicyError, match="nonsense"):
        decode.ours(one, {"one": {"outcome": "failed", "violations": []}})
