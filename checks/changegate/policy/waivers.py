"""Waivers: recorded, reasoned, approved, expiring exceptions. Read from `.changegate/waivers.yaml` at the base."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from changegate.names import Identity
from changegate.policy.control import digest_of, read_control_file
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.names import KeyPath
    from changegate.workspace.tree import Tree


class BreakGlass(NamedTuple):
    """What an exception says that was made in an emergency."""

    incident: str
    """Its id, where incidents are kept."""
    role: str
    """The role on call whose people may do this."""
    version: str
    """The release that it is for; any other version of the model waits for the follow-up."""
    follow_up: str
    """What is to be done before the next release."""
    done: str = ""
    """When the follow-up was done, and who says so; empty while it is open."""

    @property
    def text(self) -> str:
        """What a report says of it."""
        state = f"done {self.done}" if self.done else "open"
        return f"break-glass for {self.version} of incident {self.incident}, role {self.role}, follow-up {state}"


class Waiver(NamedTuple):
    """One exception."""

    rule: str
    identity: Identity
    reason: str
    approved_by: str
    expires: date
    """The last day on which it holds, in UTC."""
    emergency: BreakGlass | None = None
    """Set where the glass was broken."""

    @property
    def text(self) -> str:
        """What a report says of it."""
        broken = f", {self.emergency.text}" if self.emergency is not None else ""
        return f"waived until {self.expires} by {self.approved_by}{broken}: {self.reason}"

    @property
    def key(self) -> tuple[str, Identity, str]:
        """What it is for: the rule, the model, and in an emergency the version."""
        return self.rule, self.identity, "" if self.emergency is None else self.emergency.version

    @property
    def is_open(self) -> bool:
        """Whether its follow-up is still to be done."""
        return self.emergency is not None and not self.emergency.done

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
    on_call: frozenset[str] = frozenset()
    """The roles that may break the glass."""
    longest_broken: int = 0
    """How long that may last from now on, in seconds."""

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> WaiverTerms:
        """Take them from complete settings."""
        control = settings["control"]
        return cls(
            frozenset(control["unwaivable"]),
            control["maximumWaiverSeconds"],
            frozenset(control["allowedBreakGlassRoles"]),
            control["maximumBreakGlassSeconds"],
        )

    def refusal(self, waiver: Waiver, tier: str, now: int) -> str:
        """Why a waiver does not count for a release of a tier; empty where it does."""
        if self.unwaivable & {waiver.rule, family_of(waiver.rule)}:
            return "the settings let nobody waive this rule"
        if waiver.emergency is not None:
            return self._not_broken(waiver, waiver.emergency, now)
        if waiver.seconds_left(now) > self.longest.get(tier, 0):
            return f"it lasts longer than a waiver may for a release of tier {tier}"
        return ""

    def _not_broken(self, waiver: Waiver, emergency: BreakGlass, now: int) -> str:
        """Why the glass may not be broken; empty where it may."""
        if binds_bytes(waiver.rule):
            return "no break-glass lifts a rule about digests or signatures"
        if emergency.role not in self.on_call:
            return f"the settings let nobody of the role {emergency.role} break the glass"
        if waiver.seconds_left(now) > self.longest_broken:
            return "it lasts longer than break-glass may"
        return ""


_BYTES = frozenset({
    "attestation", "attestations", "digest", "digests", "signature", "signatures", "signed", "signer", "signers",
    "unsigned",
})  # fmt: skip


def binds_bytes(rule: str) -> bool:
    """Whether a rule is about digests or signatures, by the words of its name: no settings let an emergency lift it."""
    return not _BYTES.isdisjoint(re.split(r"[^a-z]+", rule.lower()))


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
                    emergency=_emergency(one.get("breakGlass")),
                )
                for one in value.get("waivers", ())
            )
        )

    @property
    def digest(self) -> str:
        """`sha256:<hex>` of all exceptions."""
        return digest_of(self)

    def find(self, rule: str, identity: Identity, now: int, version: str = "") -> Waiver | None:
        """The waiver in force for a rule and a version of a model; one that has expired is none."""
        today = datetime.fromtimestamp(now, UTC).date()
        asked = (one for one in self.waivers if (one.rule, one.identity) == (rule, identity))
        fits = (one for one in asked if one.emergency is None or one.emergency.version == version)
        return next((one for one in fits if one.expires >= today), None)

    def follow_ups(self, *identities: Identity) -> tuple[tuple[int, Waiver], ...]:
        """The exceptions of emergencies whose follow-up is open, of some models, each with its place in the file."""
        return tuple(
            (index, one) for index, one in enumerate(self.waivers) if one.is_open and one.identity in identities
        )


def _emergency(stated: Mapping[str, Any] | None) -> BreakGlass | None:
    if stated is None:
        return None
    done = stated.get("done")
    said = (
        f"on {done['on']} by {done['by']}" + (f" ({done['reference']})" if "reference" in done else "") if done else ""
    )
    return BreakGlass(stated["incident"], stated["onCall"], stated["version"], stated["followUp"], said)


def until_of(text: str) -> date | None:
    """The last day of a waiver, from what a report says of it; None where it says none."""
    words = text.removeprefix("waived until ")
    try:
        return date.fromisoformat(words[:10]) if words != text else None
    except ValueError:
        return None


_INCIDENT = re.compile(r", break-glass for \S+ of incident (\S+), role ")


def incident_of(text: str) -> str:
    """The incident in which the glass was broken, from what a report says of a waiver; empty where it was not."""
    found = _INCIDENT.search(text)
    return found[1] if found is not None else ""


def _no_day(value: dict[str, Any]) -> tuple[KeyPath, str, str] | None:
    """The first waiver that expires on a day that no calendar has, such as 2026-02-30."""
    for index, one in enumerate(value["waivers"]):
        try:
            date.fromisoformat(one["expires"])
        except ValueError:
            return ("waivers", index, "expires"), f"{one['expires']} is no day of the calendar", "write the last day"
        done = one.get("breakGlass", {}).get("done", {}).get("on")
        if done is not None and not _is_day(done):
            path = ("waivers", index, "breakGlass", "done", "on")
            return path, f"{done} is no day of the calendar", "write the day on which it was done"
    return None


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
