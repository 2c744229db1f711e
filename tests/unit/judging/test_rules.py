"""What judges a change: everything from the base, the stricter of two rulings, a waiver for a model only."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
import yaml

from changegate.errors import ConfigurationError
from changegate.judging.rules import Rules
from changegate.names import Enforcement, Identity, Severity, Stage
from changegate.policy.settings import defaults
from changegate.verdict import Holder, Ruling, Subject, SubjectKind
from support.trees import NOW, DictTree

CONFIG = "apiVersion: changegate.dev/v1\nkind: Config\n"
REASON, OTHER = "it was agreed to", "it is new to us"
FRAUD, RESEARCH = (Identity("production", name, "main") for name in ("fraud-detector", "recommender"))
ERROR_RULE, WARNING_RULE = "slos/missing", "slos/window-too-short"


def of_base(files: dict[str, str] | None, *, require_config: bool = False) -> Rules:
    """The rules that a base of these control files makes."""
    base = None if files is None else DictTree({f".changegate/{name}": text.encode() for name, text in files.items()})
    scope = SimpleNamespace(base=base, head=base, root=None, stage=Stage.LOCAL)
    return Rules.of_base(cast("Any", scope), require_config=require_config)


def ruled(rule: str, *holders: Holder, tier: str = "high", **config: Any) -> Ruling:
    found = of_base({"config.yaml": CONFIG + (yaml.safe_dump(config) if config else "")})
    return found.rulings(SubjectKind.RELEASE, tier, holders or (Holder("payments-ml", FRAUD),))[rule]


@pytest.mark.parametrize("files", [None, {}])
def test_a_base_without_a_configuration(files: dict[str, str] | None) -> None:
    found = of_base(files)
    assert (found.config.configured, found.config.settings) == (False, defaults())
    assert found.rulings(SubjectKind.RELEASE, "high", (Holder(),))[ERROR_RULE].enforcement is Enforcement.OBSERVE
    with pytest.raises(ConfigurationError, match="a configuration is required") as caught:
        of_base(files, require_config=True)
    assert "changegate init" in caught.value.hint


def test_a_required_configuration_that_is_there() -> None:
    assert of_base({"config.yaml": CONFIG}, require_config=True).config.configured


@pytest.mark.parametrize("name", ["config.yaml", "teams.yaml", "waivers.yaml"])
def test_a_control_file_that_is_not_valid_decides_nothing(name: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        of_base({name: "kind: [\n"})
    assert caught.value.file == f".changegate/{name}"


# Rulings


def test_a_rule_is_meant_as_it_says() -> None:
    assert ruled(ERROR_RULE) == Ruling(Severity.ERROR, Enforcement.ENFORCE)
    assert ruled(WARNING_RULE) == Ruling(Severity.WARNING, Enforcement.ENFORCE)
    assert ruled("approvals/missing").awaits_approval
    assert not ruled(ERROR_RULE).awaits_approval


def test_an_override_changes_what_it_names() -> None:
    one = {"rules": [ERROR_RULE], "severity": "off", "reason": REASON}
    assert ruled(ERROR_RULE, overrides=[one]) == Ruling(Severity.OFF, Enforcement.ENFORCE, REASON)
    assert ruled(WARNING_RULE, overrides=[one]) == Ruling(Severity.WARNING, Enforcement.ENFORCE)


def test_rulings_are_kept_apart_by_whom_they_are_about() -> None:
    overrides = [{"models": ["recommender"], "tiers": ["low"], "enforcement": "observe", "reason": REASON}]
    found = of_base({"config.yaml": CONFIG + yaml.safe_dump({"overrides": overrides})})
    asked = [("low", RESEARCH), ("low", FRAUD), ("high", RESEARCH), ("low", RESEARCH)]
    answers = [
        found.rulings(SubjectKind.RELEASE, tier, (Holder("x", identity),))[ERROR_RULE].enforcement
        for tier, identity in asked
    ]
    observe, enforce = Enforcement.OBSERVE, Enforcement.ENFORCE
    assert answers == [observe, enforce, enforce, observe]


@pytest.mark.parametrize("change", ["owner", "name"])
@pytest.mark.parametrize("turned", [False, True])
def test_a_change_of_owner_or_name_does_not_choose_its_ruling(change: str, turned: bool) -> None:
    """A release is judged as what it is and as what it was: the stricter ruling counts."""
    was = Holder("payments-ml", FRAUD)
    now = Holder("research-ml", FRAUD) if change == "owner" else Holder("payments-ml", RESEARCH)
    selector = {"owners": ["research-ml"]} if change == "owner" else {"models": ["recommender"]}
    holders = (now, was) if turned else (was, now)
    for lax in ({"severity": "off"}, {"severity": "warning"}, {"enforcement": "observe"}):
        override = {**selector, **lax, "reason": REASON}
        found = ruled(ERROR_RULE, *holders, overrides=[override])
        assert (found.severity, found.enforcement) == (Severity.ERROR, Enforcement.ENFORCE)
        told = f"lowered from error: {REASON}" if lax == {"severity": "warning"} else REASON
        assert ruled(ERROR_RULE, now, now, overrides=[override]).note == told


def test_the_strictest_of_each_where_no_one_ruling_is() -> None:
    overrides = [
        {"owners": ["a"], "severity": "off", "reason": REASON},
        {"owners": ["b"], "enforcement": "observe", "reason": OTHER},
    ]
    found = ruled(ERROR_RULE, Holder("a"), Holder("b"), overrides=overrides)
    assert (found.severity, found.enforcement) == (Severity.ERROR, Enforcement.ENFORCE)


# Waivers


def test_a_waiver_is_for_a_model_and_a_rule() -> None:
    waiver = {
        "rule": ERROR_RULE,
        "model": "fraud-detector",
        "reason": REASON,
        "approvedBy": "cy",
        "expires": "2026-11-02",
    }
    text = "apiVersion: changegate.dev/v1\nkind: Waivers\n" + yaml.safe_dump({"waivers": [waiver]})
    found = of_base({"waivers.yaml": text})
    release = Subject(SubjectKind.RELEASE, FRAUD, "models/fraud.yaml")
    assert found.waiver(ERROR_RULE, release, "high", NOW) == f"waived until 2026-11-02 by cy: {REASON}"
    assert found.waiver(ERROR_RULE, release, "high", NOW + 86_400) == ""
    assert found.waiver(WARNING_RULE, release, "high", NOW) == ""
    assert found.waiver(ERROR_RULE, Subject(SubjectKind.RELEASE, RESEARCH, "models/fraud.yaml"), "high", NOW) == ""
    assert found.waiver(ERROR_RULE, Subject(SubjectKind.CHANGE_SET), "high", NOW) == ""
    assert found.waiver(ERROR_RULE, Subject(SubjectKind.RELEASE, None, "models/fraud.yaml"), "high", NOW) == ""


@pytest.mark.parametrize(
    ("rule", "tier", "counts"),
    [
        ("evaluation/regressed", "low", True),
        ("evaluation/regressed", "high", True),
        ("evaluation/regressed", "critical", False),  # 31 days, and 30 are the most
        ("artifacts/digest-mismatch", "low", False),
        ("approvals/missing", "low", False),
    ],
)
def test_a_waiver_counts_only_where_the_settings_let_it(rule: str, tier: str, counts: bool) -> None:
    waiver = {"rule": rule, "model": "fraud-detector", "reason": REASON, "approvedBy": "cy", "expires": "2026-12-03"}
    text = "apiVersion: changegate.dev/v1\nkind: Waivers\n" + yaml.safe_dump({"waivers": [waiver]})
    found = of_base({"waivers.yaml": text})
    release = Subject(SubjectKind.RELEASE, FRAUD, "models/fraud.yaml")
    assert bool(found.waiver(rule, release, tier, NOW)) is counts
