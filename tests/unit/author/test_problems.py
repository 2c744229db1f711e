"""Everything that is wrong with policies is found at once, each on its line and with what to do."""

from __future__ import annotations

import json
from textwrap import dedent

import pytest

from changegate.author.engines import Checked, read_by_embedded
from changegate.author.problem import Problem
from changegate.author.problems import problems
from changegate.author.reports.problems import FORMS
from changegate.rego.bundle import Bundle
from support.writing import bundle

GOOD = """
    # METADATA
    # title: Team rules
    # custom:
    #   subject: release
    package team.rules

    # METADATA
    # title: Nothing is released on a Friday
    # description: Nobody is there to help on Saturday.
    # custom:
    #   severity: error
    #   message: "It is {day}."
    #   remediation: Wait.
    #   settings: [rollout.planFrom]
    outcome["no-friday"] := {"outcome": "passed"} if input.day != "Friday"

    else := {"outcome": "failed", "violations": fridays}

    fridays := [{"path": ["metadata", "name"], "details": {"day": "Friday"}}]
    """
TESTED = """
    package team.rules_test

    import data.team.rules

    test_no_friday if rules.outcome["no-friday"].outcome == "passed" with input.day as "Monday"
    """


def looked_at(**texts: str) -> tuple[Problem, ...]:
    return problems(read_by_embedded(bundle(**texts)))


def found(policy: str, test: str = TESTED) -> list[tuple[str, int, str]]:
    """The problems as file, line and message."""
    return [
        (one.file, one.line, one.message) for one in problems(read_by_embedded(bundle(rules=policy, rules_test=test)))
    ]


def line_of(policy: str, part: str) -> int:
    rows = dedent(policy).lstrip("\n").split("\n")
    return next(number for number, row in enumerate(rows, 1) if part in row)


def test_nothing_is_wrong_with_a_whole_policy() -> None:
    assert found(GOOD) == []


def test_metadata_is_found_as_the_gate_finds_it() -> None:
    """However the mark is spelt; and what stands behind a gap is no part of it."""
    for spelt in ("#METADATA", "#  METADATA ", "# METADATA"):
        policy = GOOD.replace("# METADATA", spelt).replace(
            "    outcome[", "\n    # a remark: with a colon: in it\n    outcome["
        )
        assert found(policy) == []


@pytest.mark.parametrize(
    ("before", "after", "at", "said"),
    [
        ("    #   severity: error\n", "", "title: Nothing", "has no custom.severity"),
        ("    #   remediation: Wait.\n", "", "title: Nothing", "has no custom.remediation"),
        ("# title: Nothing is", "# titel: Nothing is", "titel", "unknown key 'titel'"),
        ("#   severity: error", "#   severty: error", "severty", "unknown key 'severty'"),
        ("severity: error", "severity: fatal", "fatal", "'fatal' is neither error nor warning"),
        ('"It is {day}."', '"It is {weekday}."', "weekday", "asks for {weekday}, which no detail gives"),
        ("remediation: Wait.", "remediation: Wait until {until}.", "until", "asks for {until}"),
        ("rollout.planFrom", "rollout.planfrom", "planfrom", "there is no setting 'rollout.planfrom'"),
        ("subject: release", "subject: relase", "relase", "about no 'relase'"),
        ('outcome["no-friday"]', 'outcome["No_Friday"]', "No_Friday", "is malformed"),
        ("package team.rules", "package changegate.rules", "package", "reserved"),
        ("title: Nothing is", "title: Nothing: is", "Nothing: is", "not YAML"),
    ],
)
def test_what_is_wrong_is_on_its_line(before: str, after: str, at: str, said: str) -> None:
    policy = GOOD.replace(before, after)
    assert policy != GOOD
    hits = [(file, line) for file, line, message in found(policy) if said in message]
    line = line_of(policy, at) - (at == "title: Nothing")
    assert hits == [("rules.rego", line)]


def test_a_misspelt_key_names_the_nearest() -> None:
    hints = {one.hint for one in looked_at(rules=GOOD.replace("severity:", "severty:"), rules_test=TESTED)}
    assert "did you mean severity?" in hints


def test_a_rule_without_metadata_and_test() -> None:
    policy = GOOD + '\n    outcome["bare"] := {"outcome": "passed"}\n'
    line = line_of(policy, '"bare"')
    assert [(one[1], one[2]) for one in found(policy)] == [
        (line, "the rule bare has no METADATA"),
        (line, "no test mentions the rule bare"),
    ]


def test_an_id_that_is_used_twice_is_told_at_both_places() -> None:
    policy = GOOD + '\n    outcome["no-friday"] := {"outcome": "passed"} if input.twice\n'
    first, second = line_of(policy, 'outcome["no-friday"]'), line_of(policy, "input.twice")
    assert {(line, message) for _, line, message in found(policy) if "twice" in message} == {
        (first, f"the rule no-friday exists twice, again at rules.rego:{second}"),
        (second, f"the rule no-friday exists twice, again at rules.rego:{first}"),
    }


def test_all_refusals_are_told_and_not_only_the_first() -> None:
    policy = """
        package team.rules

        deny contains "a" if rand.intn("x", 3) > 1

        deny contains value if input.list[value] == other

        deny contains "b" if http.send({}).status == 200
        """
    test = "package t_test\n\ntest_deny if data.team.rules.deny == set()\n"
    assert [(line, message.split(" ")[1]) for _, line, message in found(policy, test)] == [
        (3, "builtin"),
        (5, "variable"),
        (7, "builtin"),
    ]


def test_conftest_rules_need_no_metadata_and_a_test() -> None:
    policy = 'package main\n\ndeny contains "no" if input.kind == "x"\n\nwarn contains "hm" if input.kind == "y"\n'
    test = 'package main_test\n\ntest_no if data.main.deny == {"no"} with input.kind as "x"\n'
    assert found(policy, test) == [("rules.rego", 5, "no test mentions the rule warn")]
    (only,) = looked_at(rules=policy, rules_test=test)
    assert only.level == "warning"


def test_metadata_of_a_conftest_rule_has_to_be_valid() -> None:
    policy = '# METADATA\n# custom:\n#   severity: fatal\ndeny contains "no" if input.x\n'
    test = "package main_test\n\ntest_no if data.main.deny == set()\n"
    assert found(f"package main\n\n{policy}", test) == [
        ("rules.rego", 5, "the severity 'fatal' is neither error nor warning")
    ]


def test_files_that_do_not_parse_are_all_told_and_the_rest_is_looked_at() -> None:
    given = bundle(one="package one\n\np if {\n", two="package two\n\nq := [\n", rules=GOOD.replace("error", "fatal"))
    files = [(one.file, one.line) for one in problems(read_by_embedded(given))]
    assert ("one.rego", 3) in files
    assert [file for file, _ in files].count("two.rego") == 1
    assert any(file == "rules.rego" for file, _ in files)


def test_what_only_shows_when_all_is_compiled() -> None:
    policy = "package team.rules\n\np if { x := y; y := 1; x }\n"
    ((file, line, message),) = found(policy, "package t_test\n\ntest_x if data.team.rules.p\n")
    assert (file, line) == ("rules.rego", 3)
    assert "used above its declaration" in message


# Reports

ONE = Problem("a b.rego", 3, "error", "it is 100%: wrong", "do\nthat")
BOTH = ("embedded", "opa")
FOUND = Checked((ONE,), {"a b.rego": (), "b.rego": ("opa",), "c.rego": BOTH}, BOTH)


def test_the_console_form() -> None:
    shown = FORMS["console"](FOUND)
    engines = "a b.rego: neither engine takes it\nb.rego: the engine opa alone takes it\n"
    assert shown == f"a b.rego:3: error: it is 100%: wrong\n  try: do\\nthat\n\n{engines}3 files: 1 problem\n"
    assert FORMS["console"](Checked((), {"c.rego": BOTH}, BOTH)) == "1 file: nothing is wrong\n"
    assert FORMS["console"](Checked((), {"c.rego": ("embedded",)})) == "1 file: nothing is wrong\n"


def test_the_json_form_says_everything() -> None:
    told = json.loads(FORMS["json"](FOUND))
    engines = {"a b.rego": [], "b.rego": ["opa"], "c.rego": ["embedded", "opa"]}
    asked = {"enginesAsked": ["embedded", "opa"], "engines": engines}
    assert told == {"schemaVersion": 1, "files": 3, "problems": [ONE._asdict()], **asked}


def test_the_form_for_workflows_is_escaped() -> None:
    first = FORMS["github"](FOUND).splitlines()[0]
    assert first == "::error file=a b.rego,line=3::it is 100%25: wrong%0Atry: do%0Athat"


@pytest.mark.parametrize("text", ["", "#\n", "package a", "package a\n\n# METADATA\n", "\x00", "package a\nx := `\n"])
def test_odd_files_never_bring_it_down(text: str) -> None:
    given = bundle(odd=text)
    assert isinstance(problems(read_by_embedded(Bundle(given.modules))), tuple)
