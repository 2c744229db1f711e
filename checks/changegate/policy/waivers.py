"""Waivers: recorded, reasoned, approved, expiring exceptions. Read from `.changegate/waivers.yaml` at the base."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from changegate.names import Identity
from changegate.policy.control import digest_of, read_control_file
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.names import KeyPath
    from changegate.workspace.tree import Tree


class Waiver(NamedTuple):
    """One exception."""

    rule: str
    identity: Identity
    reason: str
    approved_by: str
    expires: date
    """The last day on which it holds, in UTC."""

    @property
    def text(self) -> str:
        """What a report says of it."""
        return f"waived until {self.expires} by {self.approved_by}: {self.reason}"

    def seconds_left(self, now: int) -> int:
        """From now to the end of its last day, in UTC."""
        end = datetime.combine(self.expires, datetime.min.time(), UTC) + timedelta(days=1)
        return int(end.timestamp()) - now


class WaiverTerms(NamedTuple):
    """Which waivers count, as the settings of a base say it."""

    unwaivable: frozenset[str]
    """Rules by id, or by check: `approvals/*`."""
    longest: Mapping[str, int]
    """By tier: how long a waiver may last from now on, in seconds."""

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> WaiverTerms:
        """Take them from complete settings."""
        control = settings["control"]
        return cls(frozenset(control["unwaivable"]), control["maximumWaiverSeconds"])

    def refusal(self, waiver: Waiver, tier: str, now: int) -> str:
        """Why a waiver does not count for a release of a tier; empty where it does."""
        if self.unwaivable & {waiver.rule, family_of(waiver.rule)}:
            return "the settings let nobody waive this rule"
        if waiver.seconds_left(now) > self.longest.get(tier, 0):
            return f"it lasts longer than a waiver may for a release of tier {tier}"
        return ""


def family_of(rule: str) -> str:
    """How all rules of the same check are named: `approvals/*`."""
    return f"{rule.partition('/')[0]}/*"


class Waivers(NamedTuple):
    """All exceptions of the base."""

    waivers: tuple[Waiver, ...] = ()

    @classmethod
    def load(cls, tree: Tree | None) -> Waivers:
        """Read the waivers at the base; none where there is no file.

        Raises:
            ConfigurationError: The file is not valid.
        """
        value = read_control_file(tree, "waivers.yaml", "waivers", _no_day) or {}
        return cls(
            tuple(
                Waiver(
                    rule=one["rule"],
                    identity=Identity.of({**one, "name": one["model"]}),
                    reason=one["reason"],
                    approved_by=one["approvedBy"],
                    expires=date.fromisoformat(one["expires"]),
                )
                for one in value.get("waivers", ())
            )
        )

    @property
    def digest(self) -> str:
        """`sha256:<hex>` of all exceptions."""
        return digest_of(self)

    def find(self, rule: str, identity: Identity, now: int) -> Waiver | None:
        """The waiver in force for a rule and a model; one that has expired is none."""
        today = datetime.fromtimestamp(now, UTC).date()
        asked = (one for one in self.waivers if (one.rule, one.identity) == (rule, identity))
        return next((one for one in asked if one.expires >= today), None)


def until_of(text: str) -> date | None:
    """The last day of a waiver, from what a report says of it; None where it says none."""
    words = text.removeprefix("waived until ")
    try:
        return date.fromisoformat(words[:10]) if words != text else None
    except ValueError:
        return None


def _no_day(value: dict[str, Any]) -> tuple[KeyPath, str, str] | None:
    """The first waiver that expires on a day that no calendar has, such as 2026-02-30."""
    for index, one in enumerate(value["waivers"]):
        try:
            date.fromisoformat(one["expires"])
        except ValueError:
            return ("waivers", index, "expires"), f"{one['expires']} is no day of the calendar", "write the last day"
    return None
