"""What people are told of a rule."""

from __future__ import annotations

import json

import pytest

from changegate.policy.catalogue import Catalogue, Rule
from changegate.policy.describe import as_json, explain, markdown, sections
from changegate.policy.settings import defaults
from changegate.rego.bundle import shipped
from changegate.resources import REGO
from support.policies import HOLDS, METADATA, OWN_FILE, bundle

FULL = METADATA.replace("# title: It holds\n", "# title: It holds\n# description: Why it is asked.\n") + (
    "#   settings: [own.limits.high, own.nothing]\n"
    "#   awaitsApproval: true\n"
    '#   references: [SR 26-2, "https://example.org"]\n'
    '#   example: {bad: "a: 1", good: "a: 2"}\n'
)


def rule(metadata: str = FULL, name: str = "own/holds") -> Rule:
    return Catalogue.of(bundle(metadata + HOLDS.replace("own/holds", name))).rule(name)


def test_a_rule_as_json() -> None:
    found = as_json(rule())
    assert json.loads(json.dumps(found)) == found
    assert found == {
        "id": "own/holds",
        "check": "own",
        "subject": "release",
        "severity": "error",
        "title": "It holds",
        "description": "Why it is asked.",
        "message": "{what} does not hold.",
        "remediation": "Write it.",
        "settings": ["own.limits.high", "own.nothing"],
        "references": ["SR 26-2", "https://example.org"],
        "example": {"bad": "a: 1", "good": "a: 2"},
        "awaitsApproval": True,
        "policy": f"rego/{OWN_FILE}:{rule().line}",
    }


def test_a_rule_explained() -> None:
    text = explain(rule(), {"own": {"limits": {"high": 3}}}, "the defaults")
    assert text.startswith("own/holds  (error, about the release)\n\nIt holds.\nWhy it is asked.\n")
    for words in (
        "It says\n  {what} does not hold.\n",
        "What to do\n  Write it.\n",
        "Fires\n  a: 1\n",
        "Passes\n  a: 2\n",
        "Set by (the defaults)\n  own.limits.high: 3\n  own.nothing: not set\n",
        "References\n  SR 26-2\n  https://example.org\n",
    ):
        assert f"\n{words}" in text
    assert text.endswith(f"Policy: rego/{OWN_FILE}, line {rule().line}\n")


def test_a_rule_that_says_little_has_no_empty_headings() -> None:
    text = explain(rule(METADATA), {}, "the defaults")
    for heading in ("Fires", "Passes", "Set by", "References"):
        assert heading not in text


def test_a_setting_that_is_false_or_empty_is_shown() -> None:
    text = explain(rule(), {"own": {"limits": {"high": False}, "nothing": []}}, "x")
    assert "own.limits.high: false\n  own.nothing: []" in text


def test_the_page_has_a_row_and_a_section_for_each_rule() -> None:
    page = markdown([rule(), rule(METADATA, "own/other")])
    assert list(sections(page)) == ["own/holds", "own/other"]
    assert page.count("\n## own\n") == 1
    assert "| [own/holds](#ownholds) | error | It holds |\n" in page
    assert "Where nothing else is missing, the verdict is `awaiting-approval`." in page
    assert "```yaml\n# Fires:\na: 1\n# Passes:\na: 2\n```" in page
    assert "References: SR 26-2; https://example.org.\n" in page
    assert page.count("References:") == 1
    assert page.count(f"\n\nPolicy: `rego/{OWN_FILE}`.\n") == 2
    assert "Set by: `own.limits.high`, `own.nothing`.\n" in page
    assert page.count("Set by:") == page.count("```yaml") == 1


@pytest.mark.parametrize(
    ("remediation", "shown"),
    [("Write it.", "What to do: `Write it.`\n"), ("Write `a: 1`.", "What to do: `` Write `a: 1`. ``\n")],
)
def test_a_template_stands_as_it_is(remediation: str, shown: str) -> None:
    text = METADATA.replace("remediation: Write it.", f'remediation: "{remediation}"')
    assert shown in markdown([rule(text)])


def test_a_title_does_not_break_the_table() -> None:
    page = markdown([rule(METADATA.replace("title: It holds", 'title: "a | b"'))])
    row = next(line for line in page.splitlines() if line.startswith("| [own/holds]"))
    assert row.replace(r"\|", "").count("|") == 4


def test_every_rule_can_be_described() -> None:
    catalogue = Catalogue.of(shipped())
    rules = [catalogue.rule(one) for one in catalogue]
    assert list(sections(markdown(rules))) == sorted(catalogue)
    for one in rules:
        text = explain(one, defaults(), "the defaults")
        assert "not set" not in text.partition("Set by")[2]
        file, _, line = as_json(one)["policy"].removeprefix("rego/").partition(":")
        assert (REGO / file).read_text().splitlines()[int(line) - 1].startswith(f'outcome["{one.id}"]')
