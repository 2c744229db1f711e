"""Nothing half-done: every rule is tested three ways, described whole, and shown by a pull request of the fixtures."""

from __future__ import annotations

import re
from typing import Any

import pytest

from changegate import fixtures
from changegate.judging.findings import NAMES
from changegate.policy.catalogue import Catalogue
from changegate.policy.settings import defaults
from changegate.policy.template import names
from changegate.rego.bundle import shipped
from changegate.rego.syntax.lint import lint
from changegate.resources import REGO

CATALOGUE = Catalogue.of(shipped())
RULES = sorted(CATALOGUE)
TEXT = "".join(module.text for module in shipped().modules)
EXPECTED = {
    (case.name, finding["rule"]) for case in fixtures.cases() for finding in case.data["expect"].get("findings", ())
}
_TEST = re.compile(r"^(test_[a-z0-9_]+)\b", re.MULTILINE)
_OUTCOME = re.compile(r"^outcome\b.*$", re.MULTILINE)


def file_of(rule: str, suffix: str = "") -> str:
    """The file that a rule has to itself, or that of its tests."""
    check, name = rule.split("/")
    return f"changegate/checks/{check}/{name.replace('-', '_')}{suffix}.rego"


def test_metadata_parses() -> None:
    CATALOGUE.check()
    assert len(RULES) > 40


def test_policies_keep_to_the_style() -> None:
    assert lint(shipped()) == []


@pytest.mark.parametrize("rule", RULES)
def test_rule_has_tests_that_fire_pass_and_miss(rule: str) -> None:
    tests = _TEST.findall((REGO / file_of(rule, "_test")).read_text("utf-8"))
    name = rule.rpartition("/")[2].replace("-", "_")
    wanted = [f"test_{name}_{word}" for word in ("fires", "passes", "missing")]
    assert [one for one in wanted if not any(test == one or test.startswith(f"{one}_") for test in tests)] == []


@pytest.mark.parametrize("rule", RULES)
def test_rule_is_described(rule: str) -> None:
    found = CATALOGUE.rule(rule)
    assert re.fullmatch(r"[a-z]+/[a-z0-9]+(-[a-z0-9]+)*", rule)
    assert found.file == file_of(rule)
    assert found.custom["severity"] in {"error", "warning"}
    for text in (found.title, found.description, found.message, found.remediation):
        assert text.strip()
    assert not found.title.endswith(".")
    assert found.references
    assert all(reference.strip() for reference in found.references)
    assert {"bad", "good"} == found.example.keys()
    assert all(found.example.values())
    assert found.example["bad"] != found.example["good"]
    assert found.custom.keys() <= {
        *("severity", "message", "remediation", "settings", "optional", "references", "example", "awaitsApproval"),
    }


@pytest.mark.parametrize("rule", RULES)
def test_rule_names_settings_that_exist(rule: str) -> None:
    settings = CATALOGUE.rule(rule).settings
    assert [one for one in settings if not _stands_in(defaults(), one)] == []
    assert len(set(settings)) == len(settings)


@pytest.mark.parametrize("rule", RULES)
def test_rule_fills_its_words_from_details_that_it_gives(rule: str) -> None:
    """A detail's name stands in the policies; a sentence that asks for any other would never be told."""
    found = CATALOGUE.rule(rule)
    wanted = names(found.message) | names(found.remediation)
    assert {name for name in wanted - NAMES if f'"{name}"' not in TEXT} == set()


@pytest.mark.parametrize("rule", RULES)
def test_rule_reads_optional_keys_by_their_full_path(rule: str) -> None:
    optional = CATALOGUE.rule(rule).optional
    assert [one for one in optional if not re.fullmatch(r"input(\.[a-zA-Z][a-zA-Z0-9]*)+", one)] == []


def test_every_setting_is_named_by_a_rule_or_read_by_the_plan() -> None:
    named = {setting for rule in RULES for setting in CATALOGUE.rule(rule).settings}
    loose = {f"{check}.{key}" for check, settings in defaults().items() for key in settings}
    assert {one for one in loose - named if not one.startswith("rollout.")} == set()


def test_fixtures_expect_only_rules_that_exist() -> None:
    assert {(case, rule) for case, rule in EXPECTED if rule not in CATALOGUE} == set()


@pytest.mark.parametrize("rule", RULES)
def test_rule_is_shown_by_a_pull_request(rule: str) -> None:
    shown = {case for case, expected in EXPECTED if expected == rule}
    assert shown, f"no case of fixtures/pull-requests expects {rule}"


@pytest.mark.parametrize("rule", RULES)
def test_rule_has_a_file_to_itself(rule: str) -> None:
    text = (REGO / file_of(rule)).read_text("utf-8")
    (head,) = _OUTCOME.findall(text)
    assert head.startswith(f'outcome["{rule}"] := ')
    assert text.startswith(f"package changegate.checks.{rule.partition('/')[0]}\n")


def test_every_file_of_a_check_is_a_rule_or_what_its_rules_share_or_tests() -> None:
    checks = {rule.partition("/")[0] for rule in RULES}
    shared = {f"changegate/checks/{check}/{check}{suffix}.rego" for check in checks for suffix in ("", "_test")}
    rules = {file_of(rule, suffix) for rule in RULES for suffix in ("", "_test")}
    assert not shared & rules
    files = {path.relative_to(REGO).as_posix() for path in (REGO / "changegate/checks").rglob("*") if path.is_file()}
    assert files == shared | rules


@pytest.mark.parametrize("check", sorted({rule.partition("/")[0] for rule in RULES}))
def test_what_rules_share_is_no_rule_and_says_what_the_check_is_about(check: str) -> None:
    text = (REGO / f"changegate/checks/{check}/{check}.rego").read_text("utf-8")
    assert text.startswith("# METADATA\n")
    assert _OUTCOME.findall(text) == []


def _stands_in(value: Any, dotted: str) -> bool:
    for key in dotted.split("."):
        if not isinstance(value, dict) or key not in value:
            return False
        value = value[key]
    return True
