"""Rules of own policies, found in their syntax trees; what could only be misunderstood is refused at its line."""

from __future__ import annotations

import pytest

from changegate.errors import PolicyError
from changegate.own_policies.discover import Found, discover
from changegate.rego.bundle import Module
from changegate.verdict import SubjectKind

TOLD = "# METADATA\n# title: A title\n# custom:\n#   severity: warning\n#   message: M\n#   remediation: R\n"

ONE = f'{TOLD}outcome["x"] := {{}}\n\n'


def found(*texts: str) -> dict[str, Found]:
    modules = tuple(Module(f"p{number}.rego", text) for number, text in enumerate(texts))
    return {rule.name: rule for one in discover(modules) for rule in one.rules}


def refused(*texts: str) -> PolicyError:
    with pytest.raises(PolicyError) as caught:
        found(*texts)
    return caught.value


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ('deny contains "x" if input.a', "deny"),
        ('deny_root_user contains "x" if input.a', "deny_root_user"),
        ('violation contains {"msg": "x"} if input.a', "violation"),
        ('warn_2 contains "x" if input.a', "warn_2"),
        ('deny := ["x"] if input.a', "deny"),
        ("deny if input.a", "deny"),
        ("default deny := false", "deny"),
    ],
)
def test_what_conftest_takes_for_a_rule(head: str, name: str) -> None:
    rule = found(f"package a.b\n\n{head}\n")[name]
    assert (rule.id, rule.file, rule.line, rule.is_conftest) == (f"own/a.b/{name}", "p0.rego", 3, True)
    assert rule.metadata["custom"]["severity"] == ("warning" if name.startswith("warn") else "error")
    assert (rule.kind, rule.home) == (SubjectKind.RELEASE, ("metadata", "name"))


@pytest.mark.parametrize(
    ("head", "says"),
    [
        *((f"{name} := 1", f"{name} is not the name") for name in ("deny_", "deny__a", "warn_a_", "Deny", "DENY_a")),
        ("Outcome := 1", "Outcome is not the name"),
        ("deny(x) := x", "deny is a function"),
        ("default warn(_) := 1", "warn is a function"),
    ],
)
def test_what_would_be_taken_for_none_in_silence_is_refused(head: str, says: str) -> None:
    with pytest.raises(PolicyError, match=says) as caught:
        found(f"package a.b\n\n{head}\n")
    assert (caught.value.file, caught.value.line) == ("p0.rego", 3)


@pytest.mark.parametrize("head", ["denied := 1", "denyAll := 1", "warning := 1", "outcomes := 1", "deny_of(x) := x"])
def test_what_it_takes_for_none(head: str) -> None:
    assert found(f"package a\n\n{head}\n") == {}


def test_definitions_of_one_rule_in_several_places_are_one_rule_at_the_first() -> None:
    one = 'package a\n\ndeny contains "x" if input.a\n\ndeny contains "y" if input.b\n'
    assert {name: (rule.file, rule.line) for name, rule in found(one, one).items()} == {"deny": ("p0.rego", 3)}


def test_metadata_of_a_rule_in_conftests_form() -> None:
    text = f'package a\n\n{TOLD}#   references: [one]\n# related_resources: [{{ref: "two"}}]\ndeny contains "x"\n'
    told = found(text)["deny"].metadata
    assert (told["title"], told["custom"]["severity"], told["custom"]["message"]) == ("A title", "warning", "M")
    assert told["custom"]["references"] == ["one", "two"]


def test_metadata_of_one_of_several_definitions_speaks_for_itself_only() -> None:
    rest = 'deny contains "x" if input.a\n\ndeny contains "y" if input.b\n'
    assert found(f"package a\n\n{TOLD}{rest}")["deny"].metadata["title"] == "deny of a finds nothing"
    whole = TOLD.replace("# title", "# scope: document\n# title")
    assert found(f"package a\n\n{whole}{rest}")["deny"].metadata["title"] == "A title"


def test_a_severity_of_somebody_elses_scale_is_left_out() -> None:
    text = f'package a\n\n{TOLD.replace("warning", "LOW")}deny contains "x"\n'
    assert found(text)["deny"].metadata["custom"]["severity"] == "error"


def test_a_rule_in_our_form() -> None:
    above = "# METADATA\n# custom:\n#   subject: change-set\n#   path: [spec, rollout]\n"
    rule = found(f'{above}package a.b\n\n{TOLD}outcome["one-two"] := {{"outcome": "passed"}}\n')["one-two"]
    assert (rule.id, rule.is_conftest, rule.kind) == ("own/a.b/one-two", False, SubjectKind.CHANGE_SET)
    assert (rule.line, rule.home) == (13, ("spec", "rollout"))


def test_what_a_package_says_counts_in_all_its_modules() -> None:
    one = "# METADATA\n# custom:\n#   subject: retirement\npackage a\n"
    two = f'package a\n\n{TOLD}outcome["one"] := {{"outcome": "passed"}}\n'
    assert found(one, two)["one"].kind is SubjectKind.RETIREMENT


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ('package a\n\noutcome["x"] := {}\n', "has no `title`", 3),
        ('package a\n\n# METADATA\n# title: T\noutcome["x"] := {}\n', "has no `custom.severity`", 5),
        (f'package a\n\n{TOLD.replace("warning", "fatal")}outcome["x"] := {{}}\n', "no 'fatal'", 9),
        (f'package a\n\n{TOLD}outcome["a/x"] := {{}}\n', "no plain name", 9),
        (f"package a\n\n{TOLD}outcome[x] := {{}} if some x in input.names\n", "no plain name", 9),
        ("package a\n\noutcome := {}\n", "no plain name", 3),
        (
            f'package a\n\n{TOLD}outcome["x"] := {{}}\n\n{TOLD}outcome["x"] := {{}}\n',
            "exists already, at p0.rego:9",
            17,
        ),
        (f'package a\n\ndeny contains "x"\n\n{TOLD}outcome["deny"] := {{}}\n', "exists already", 3),
        ("package a\n\ndeny[msg] if msg := input.a\n", "is no set", 3),
        ('package a\n\ndeny.b contains "x"\n', "is no set", 3),
        ('# METADATA\n# custom: {subject: change-set}\npackage a\n\ndeny contains "x"\n', "asked of releases only", 5),
        ('# METADATA\n# custom: {subject: model}\npackage a\n\ndeny contains "x"\n', "about no 'model'", 3),
        ('package a["b\\tc"]\n\ndeny contains "x"\n', "no plain name", 1),
        ('package a\n\n# METADATA\n# title: a: b: c\ndeny contains "x"\n', "not YAML", 3),
        ('package a\n\n# METADATA\n# - title\ndeny contains "x"\n', "no mapping", 3),
        ("package a\n\ndeny contains\n", "", 3),
        ("package a\n\ndeny[msg] { msg := 1 }\n", "", 3),
    ],
)
def test_what_is_refused(text: str, words: str, line: int) -> None:
    error = refused(text)
    assert words in error.message
    assert error.place == f"p0.rego:{line}"
    assert error.hint
