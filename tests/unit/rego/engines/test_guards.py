"""Builtins that would answer otherwise than OPA's: they answer alike, or are an error with the policy's place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from changegate.errors import PolicyError
from changegate.rego.bundle import Bundle, Module
from changegate.rego.engines.embedded import Embedded

FILE = "acme/own.rego"


def answer(call: str, document: Any = None) -> Any:
    engine = Embedded(Bundle((Module(FILE, f"package acme\n\nx := {call}\n"),)))
    return engine.query(("data.acme.x",), document or {"a": 1})["data.acme.x"]


@pytest.mark.parametrize(
    ("call", "value"),
    [
        ('sprintf("%s: %d of %v, %v%%", ["é", 2, [1.5, "a\\"", true, null], {"k": {}}])',
         'é: 2 of [1.5, "a\\"", true, null], {"k": {}}%'),
        ('lower("ÉA")', "éa"),
        ('upper("éa")', "ÉA"),
        ('replace("aaa", "aa", "b")', "ba"),
        ('indexof("é😀b", "b")', 2),
        ('indexof_n("aaa", "aa")', [0, 1]),
        ('substring("é😀b", 1, 1)', "😀"),
        ('substring("abc", 1, -1)', "bc"),
        ("format_int(-255, 16)", "-ff"),
        ("[round(2.5), round(-2.5), floor(-1.5), ceil(1.2), abs(-1.5)]", [3, -3, -2, 2, 1.5]),
        ("[sum([1, 2]), product([2, 3]), sum([])]", [3, 6, 0]),
        ('[to_number("1.5"), to_number("-2"), to_number(null), to_number(true)]', [1.5, -2, 0, 1]),
        ('[units.parse("100m"), units.parse("0.5Gi"), units.parse_bytes("10KB"), units.parse_bytes("1kib")]',
         [0.1, 536870912, 10000, 1024]),
        ('[semver.is_valid("1.2.3-a+b"), semver.is_valid("1.2"), semver.is_valid(1)]', [True, False, False]),
        ('time.parse_rfc3339_ns("2026-10-30T14:00:00.5+02:00")', 1793361600500000000),
        ('json.unmarshal("{\\"a\\": [1, 2.0, null]}")', {"a": [1, 2, None]}),
        ("count([input.a])", 1),
    ],
)  # fmt: skip
def test_answers(call: str, value: Any) -> None:
    assert answer(call) == value


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ('sprintf("%s", [input.a])', "%s of a number"),
        ('sprintf("%d", [input.f])', "%d needs an integer, and got a fraction"),
        ('sprintf("%v", [{1, 2}])', "write it as an array"),
        ('sprintf("%v", [input.tiny])', "very small or large"),
        ('sprintf(input.form, ["a"])', "`%f` is none of"),
        ('lower("İ")', "written with several"),
        ('replace(input.s, "", "x")', "a text to look for"),
        ('indexof(input.s, "")', "a text to look for"),
        ("substring(input.s, input.f, 1)", "needs an integer"),
        ("sum([input.f, 1])", "needs an integer"),
        ("sum({1, 2})", "needs an array"),
        ("floor(input.below)", "between -1 and 0"),
        ("round(input.huge)", "above 2^53"),
        ('to_number(" 1")', "plain decimal"),
        ('units.parse("1.5KB")', "an amount such as"),
        ('units.parse_bytes("1.5")', "part of a byte"),
        ('semver.is_valid("v1.0.0")', "`v` in front"),
        ('time.parse_rfc3339_ns("2026-10-30 14:00:00Z")', "a time such as"),
        ('time.parse_rfc3339_ns("2026-02-30T14:00:00Z")', "a time such as"),
        ('json.unmarshal("{")', "no JSON"),
        ('json.unmarshal("NaN")', "no JSON"),
        ('json.unmarshal(`"\\ud800"`)', "no JSON"),
        ('json.unmarshal("12345678901234567890")', "above 2^53"),
    ],
)
def test_an_error_where_the_engines_differ(call: str, words: str) -> None:
    given = {"a": 1, "f": 1.5, "tiny": 1e-9, "form": "%f", "s": "abc", "below": -0.5, "huge": 2**60}
    with pytest.raises(PolicyError) as caught:
        answer(call, given)
    assert words in caught.value.message
    assert caught.value.place == f"{FILE}:3"


@pytest.mark.parametrize(("text", "length"), [("é😀", 2), ("abc", 3), ("", 0)])
def test_characters_beyond_the_first_plane_count_once(text: str, length: int) -> None:
    assert answer("count(input.a)", {"a": text}) == length


def test_a_collection_counts_beside_such_characters() -> None:
    assert answer("[count(input.a), count({1, 2}), count({})]", {"a": ["😀", "b"]}) == [2, 2, 0]


def test_an_engine_that_has_seen_such_characters_goes_on() -> None:
    engine = Embedded(Bundle((Module(FILE, "package acme\n\nx := count(input.a)\n"),)))
    asked = ("data.acme.x",)
    answers = [engine.query(asked, {"a": text})["data.acme.x"] for text in ("ab", "😀", "ab", "😀😀")]
    assert answers == [2, 1, 2, 2]


def test_our_own_policies_are_evaluated_without_guards() -> None:
    engine = Embedded(Bundle((Module(FILE, "package acme\n\nx := sprintf(`%s`, [1])\n"),), shipped=True))
    assert json.dumps(engine.query(("data.acme.x",), {})) == '{"data.acme.x": "1"}'


def test_what_a_guard_says_is_told_as_it_is() -> None:
    with pytest.raises(PolicyError) as caught:
        answer('sprintf("%s", [input.a])')
    assert caught.value.message == "the policy cannot be evaluated: sprintf: %s of a number: write %d, or %v"


def test_a_set_of_objects_cannot_be_given_to_a_guard() -> None:
    with pytest.raises(PolicyError, match="a set of objects or arrays is given to a builtin"):
        answer('sprintf("%v", [{[input.a]}])')
