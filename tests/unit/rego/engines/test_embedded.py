"""The embedded engine: what it answers, and what it says where it cannot."""

from __future__ import annotations

from typing import Any

import pytest

from changegate.errors import EngineError, PolicyError
from changegate.rego.bundle import Bundle, Module, shipped
from changegate.rego.engines.embedded import MAXIMUM_DEPTH, Embedded, depth
from changegate.rego.engines.engine import EMBEDDED
from changegate.rego.faults import policy_error
from support.policies import MAIN, MAIN_FILE, METADATA, OWN_FILE, PACKAGE, bundle, line_of

RELEASE = {"subject": {"kind": "release"}, "release": {"spec": {"version": "1"}}}


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


def test_a_decision_is_plain_json() -> None:
    decision = Embedded(bundle()).decide(RELEASE)
    assert decision == {
        "outcomes": {"own/holds": {"outcome": "passed"}},
        "risk": {"tier": "low", "reasons": []},
        "requiredApprovals": [],
    }


def test_an_engine_keeps_nothing_of_the_last_input() -> None:
    engine = Embedded(bundle())
    assert engine.decide(RELEASE)["outcomes"]["own/holds"]["outcome"] == "passed"
    assert engine.decide({"subject": {"kind": "release"}})["outcomes"]["own/holds"]["outcome"] == "failed"
    assert engine.decide({"subject": {"kind": "retirement"}})["outcomes"] == {}


def test_an_engine_says_its_name() -> None:
    assert Embedded(bundle()).name == EMBEDDED


# A wrong type


@pytest.mark.parametrize(
    "call",
    ["count(input.number)", "count(5)", "lower(input.number)", "startswith(input.number, 1)", "max(input.number)"],
)
@pytest.mark.parametrize("where", ["rule", "else", "helper", "function"])
def test_a_wrong_type_names_the_policys_file_and_line(call: str, where: str) -> None:
    bodies = {
        "rule": f'outcome["own/holds"] := {{"outcome": "passed"}} if {call} == 1 # here',
        "else": f'outcome["own/holds"] := {{"outcome": "passed"}} if false\n\nelse := {{"a": {call}}} # here',
        "helper": f'outcome["own/holds"] := {{"outcome": "passed"}} if helper\n\nhelper if {call} == 1 # here',
        "function": f'outcome["own/holds"] := {{"outcome": "passed"}} if helper(1)\n\nhelper(x) if {call} == x # here',
    }
    policies = bundle(METADATA + bodies[where])
    engine = Embedded(policies)
    with pytest.raises(PolicyError) as caught:
        engine.decide({**RELEASE, "number": 5})
    assert caught.value.place == f"{OWN_FILE}:{line_of(policies.modules[0].text, '# here')}"
    assert "\n" not in caught.value.message
    assert "backtrace" not in caught.value.message.lower()
    assert caught.value.hint


def test_after_an_error_an_engine_goes_on() -> None:
    own = 'outcome["own/holds"] := {"outcome": "passed"} if count(input.number) == 1\n'
    engine = Embedded(bundle(METADATA + own))
    with pytest.raises(PolicyError):
        engine.decide({**RELEASE, "number": 5})
    assert engine.decide({**RELEASE, "number": [5]})["outcomes"]["own/holds"] == {"outcome": "passed"}


@pytest.mark.parametrize("ending", ["", "\r", "  # of one's own"])
def test_the_file_is_found_whatever_ends_the_line_of_its_package(ending: str) -> None:
    """An engine that gives no place still names the package."""
    own = METADATA + 'outcome["own/holds"] := item.a if some item in input.items\n'
    policies = bundle(own, package=PACKAGE.replace("checks.own", f"checks.own{ending}"))._replace(shipped=True)
    with pytest.raises(PolicyError) as caught:
        Embedded(policies).decide({**RELEASE, "items": [{"b": 1}, {"a": 1}]})
    assert caught.value.file == OWN_FILE


@pytest.mark.parametrize(("place", "file"), [("checks.own", OWN_FILE), ("risk", "changegate/risk.rego")])
def test_without_a_place_the_package_at_fault_is_named_and_none_that_rests_on_it(place: str, file: str) -> None:
    faulty = "found := item.a if some item in input.items\n"
    own = f'{METADATA}outcome["own/holds"] := {{"outcome": "passed"}} if data.changegate.{place}.found\n\n'
    risk = Module("changegate/risk.rego", f"package changegate.risk\n\nx := []\n\n{faulty * (place == 'risk')}")
    main = MAIN.replace('"reasons": []', '"reasons": data.changegate.risk.x')
    policies = bundle(own + faulty * (place == "checks.own"), risk, main=main)._replace(shipped=True)
    with pytest.raises(PolicyError) as caught:
        Embedded(policies).decide({**RELEASE, "items": [{"b": 1}, {"a": 1}]})
    assert caught.value.file == file


@pytest.mark.parametrize(
    "own",
    [
        'outcome["own/holds"] := {"outcome": nowhere} # here',
        'outcome["own/holds"] := {"outcome": "passed"} if count(1, 2) == 3 # here',
        'outcome["own/holds"] := {"outcome": "passed"}\n\noutcome["own/holds"] := {"outcome": "failed"} # here',
        'outcome["own/holds"] := x\n\nx := 1 if input.release\n\nx := 2 if input.subject # here',
    ],
)
def test_what_only_shows_when_it_is_evaluated(own: str) -> None:
    policies = bundle(f"{METADATA}{own}\n")
    with pytest.raises(PolicyError) as caught:
        Embedded(policies).decide(RELEASE)
    assert caught.value.place == f"{OWN_FILE}:{line_of(policies.modules[0].text, '# here')}"


# No decision


@pytest.mark.parametrize(
    "main",
    [
        "package changegate.main\n\nother := 1\n",
        "package changegate.main\n\ndecision := 1 if false\n",
        "package changegate.main\n\ndecision := [1]\n",
        'package changegate.main\n\ndecision := "<undefined>"\n',
        MAIN.replace('"risk": {', '"risk": input.nowhere, "other": {'),
    ],
)
def test_an_undefined_decision_is_an_error(main: str) -> None:
    with pytest.raises(PolicyError, match=r"decision|not a valid rule path") as caught:
        Embedded(bundle(main=main)).decide(RELEASE)
    assert (caught.value.file, bool(caught.value.hint)) == (MAIN_FILE, True)


def test_no_policies_are_no_decision() -> None:
    with pytest.raises(PolicyError):
        Embedded(Bundle(())).decide(RELEASE)


# Input


@pytest.mark.parametrize("levels", [MAXIMUM_DEPTH, 900, 5000])
def test_input_that_is_nested_too_deep_is_no_crash(levels: int) -> None:
    with pytest.raises(EngineError, match="64 levels"):
        Embedded(bundle()).decide({**RELEASE, "deep": nested(levels)})


def test_input_as_deep_as_it_may_be() -> None:
    deep = {**RELEASE, "deep": nested(MAXIMUM_DEPTH - 2)}
    assert depth(deep) == MAXIMUM_DEPTH
    assert Embedded(bundle()).decide(deep)["outcomes"]


@pytest.mark.parametrize(("value", "levels"), [(1, 1), ([], 1), ({}, 1), ([1], 2), ({"a": [1]}, 3), ((1, (2,)), 3)])
def test_depth(value: Any, levels: int) -> None:
    assert depth(value) == levels


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_a_number_that_is_none_is_no_input(number: float) -> None:
    with pytest.raises(EngineError, match="cannot be given"):
        Embedded(bundle()).decide({**RELEASE, "number": number})


def test_a_file_name_that_is_not_text_is_input() -> None:
    """Git allows any byte in a name; it stands in the input as a surrogate escape."""
    own = METADATA + 'outcome["own/holds"] := {"outcome": "unknown", "reason": input.file}\n'
    answer = Embedded(bundle(own)).decide({**RELEASE, "file": "models/\udcff.yaml"})
    assert answer["outcomes"]["own/holds"]["reason"] == "models/\udcff.yaml"


@pytest.mark.parametrize("text", ["\U0001f600", "\U0010f07f", r"\udcff", "\x00", "é\u2028"])
def test_other_text_comes_back_as_it_was(text: str) -> None:
    own = METADATA + 'outcome["own/holds"] := {"outcome": "unknown", "reason": input.text}\n'
    assert Embedded(bundle(own)).decide({**RELEASE, "text": text})["outcomes"]["own/holds"]["reason"] == text


# What an engine's own words become


def test_an_engines_words_without_its_stack_trace() -> None:
    text = "\n--> a/b.rego:3:7\n  |\n3 | x := count(5)\n  | ^\nerror: `count` wants a list\n\nStack backtrace:\n 0: x"
    error = policy_error(Exception(text), "other.rego")
    assert error.place == "a/b.rego:3"
    assert error.message == "the policy cannot be evaluated: `count` wants a list"


@pytest.mark.parametrize(
    ("text", "told"), [("", "the policy engine failed"), ("not an object\n\nStack: x", "not an object")]
)
def test_an_engine_that_gives_no_place(text: str, told: str) -> None:
    error = policy_error(Exception(text), "other.rego")
    assert (error.place, error.message) == ("other.rego", f"the policy cannot be evaluated: {told}")


def test_a_long_message_is_cut() -> None:
    assert len(policy_error(Exception("error: " + "x" * 5000), "a.rego").message) < 400


# Bundles


def test_a_digest_names_names_and_texts() -> None:
    one = Bundle((Module("a", "bc"), Module("d", "e")))
    assert one.digest == Bundle(one.modules).digest
    others = [
        Bundle((Module("ab", "c"), Module("d", "e"))),
        Bundle((Module("a", "bcd"), Module("", "e"))),
        Bundle((Module("d", "e"), Module("a", "bc"))),
        Bundle((Module("a", "bc"),)),
    ]
    assert len({one.digest, *(other.digest for other in others)}) == 5
    assert one.digest.startswith("sha256:")


def test_what_ships_is_ours_without_tests() -> None:
    names = [module.name for module in shipped().modules]
    assert shipped().shipped
    assert MAIN_FILE in names
    assert not any(name.endswith("_test.rego") for name in names)
    assert names == sorted(names)


def test_a_rule_without_a_value_is_told_from_one_whose_value_looks_like_none() -> None:
    module = Module("a.rego", 'package a\n\ntold := "<undefined>"\n\nsilent := 1 if input.nothing\n')
    answers = Embedded(Bundle((module,))).query(("data.a.told", "data.a.silent"), {})
    assert answers == {"data.a.told": "<undefined>"}
