"""Waivers: for one rule of one model, until a day is over in UTC."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import yaml

from changegate.errors import ConfigurationError
from changegate.names import Identity
from changegate.policy.waivers import Waivers
from support.trees import DictTree

FILE = ".changegate/waivers.yaml"
HEAD = "apiVersion: changegate.dev/v1\nkind: Waivers\n"
RULE = "fairness/ratio"
MODEL = Identity("production", "fraud-detector", "main")
ONE = {
    "rule": RULE,
    "model": "fraud-detector",
    "reason": "the group is small, see the review",
    "approvedBy": "cy",
    "expires": "2026-11-30",
}


def waivers(*several: dict[str, Any]) -> Waivers:
    text = HEAD + yaml.safe_dump({"waivers": [{**ONE, **one} for one in several]})
    return Waivers.load(DictTree({FILE: text.encode()}))


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


NOON = at("2026-11-02T12:00:00Z")


def test_a_waiver_says_who_accepted_what_until_when() -> None:
    found = waivers({}).find(RULE, MODEL, NOON)
    assert found is not None
    assert found.text == "waived until 2026-11-30 by cy: the group is small, see the review"


@pytest.mark.parametrize(
    ("now", "holds"),
    [
        ("1970-01-01T00:00:00Z", True),
        ("2026-11-29T23:59:59Z", True),
        ("2026-11-30T00:00:00Z", True),
        ("2026-11-30T23:59:59Z", True),
        ("2026-12-01T00:00:00Z", False),
        ("2026-12-01T00:30:00+14:00", True),
        ("2026-11-30T23:30:00-12:00", False),
        ("2027-11-30T00:00:00Z", False),
    ],
)
def test_the_day_of_expiry_is_the_last_one_in_utc(now: str, holds: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for zone in ("UTC", "Pacific/Kiritimati", "Etc/GMT+12"):
        monkeypatch.setenv("TZ", zone)
        assert (waivers({}).find(RULE, MODEL, at(now)) is not None) is holds


@pytest.mark.parametrize(
    ("waived", "rule", "identity", "holds"),
    [
        ({}, "fairness/other", MODEL, False),
        ({}, "Fairness/ratio", MODEL, False),
        ({}, RULE, Identity("production", "fraud", "main"), False),
        ({}, RULE, Identity("production", "Fraud-Detector", "main"), False),
        ({}, RULE, Identity("staging", "fraud-detector", "main"), False),
        ({}, RULE, Identity("production", "fraud-detector", "challenger"), False),
        ({"environment": "staging"}, RULE, Identity("staging", "fraud-detector", "main"), True),
        ({"environment": "staging"}, RULE, MODEL, False),
        ({"variant": "challenger"}, RULE, Identity("production", "fraud-detector", "challenger"), True),
        ({"variant": "challenger"}, RULE, MODEL, False),
        ({"environment": "production", "variant": "main"}, RULE, MODEL, True),
        ({"model": "*"}, RULE, MODEL, False),
    ],
)
def test_a_waiver_is_for_one_rule_of_one_model(
    waived: dict[str, Any], rule: str, identity: Identity, holds: bool
) -> None:
    assert (waivers(waived).find(rule, identity, NOON) is not None) is holds


def test_of_several_one_that_has_not_expired_holds() -> None:
    several = waivers(
        {"expires": "2026-11-01"}, {"rule": "slos/missing"}, {"expires": "2026-12-31", "approvedBy": "bo"}
    )
    found = several.find(RULE, MODEL, NOON)
    assert found is not None
    assert found.approved_by == "bo"


@pytest.mark.parametrize("tree", [None, DictTree({}), DictTree({FILE: f"{HEAD}waivers: []\n".encode()})])
def test_without_waivers_nothing_is_waived(tree: DictTree | None) -> None:
    assert Waivers.load(tree).find(RULE, MODEL, NOON) is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("rule", "fairness/*"),
        ("rule", "fairness"),
        ("rule", "fairness/ratio\n"),
        ("reason", "why not"),
        ("approvedBy", ""),
        ("expires", "2026-13-01"),
        ("expires", "2026-02-30"),
        ("expires", "2027-02-29"),
        ("expires", "0000-01-01"),
        ("expires", "never"),
        ("expires", "2026-11-30T00:00:00Z"),
        ("expires", "2026-11-30\n"),
        ("expires", ""),
        ("expires", 20261130),
        ("expires", None),
        ("model", None),
        ("models", "x"),
    ],
)
def test_a_waiver_that_is_not_valid(key: str, value: Any) -> None:
    with pytest.raises(ConfigurationError) as caught:
        waivers({}, {key: value})
    assert caught.value.file == FILE
    assert (caught.value.line or 0) > 3


@pytest.mark.parametrize("key", list(ONE))
def test_a_waiver_needs_everything(key: str) -> None:
    text = HEAD + yaml.safe_dump({"waivers": [{name: value for name, value in ONE.items() if name != key}]})
    with pytest.raises(ConfigurationError, match=key) as caught:
        Waivers.load(DictTree({FILE: text.encode()}))
    assert caught.value.place == f"{FILE}:4"


def test_a_leap_day() -> None:
    assert waivers({"expires": "2028-02-29"}).find(RULE, MODEL, at("2028-02-29T12:00:00Z")) is not None
