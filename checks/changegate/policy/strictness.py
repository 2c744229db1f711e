"""Which way a threshold is strict. Settings are named so that their names say it; the few that do not are listed here.

A setting of which nobody can tell counts as one that may loosen: a reviewer looks at it first.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

TIERS = ("low", "medium", "high", "critical")


class Turn(StrEnum):
    """What a change of the rules does to the gate."""

    LOOSENS = "loosens"
    MAY_LOOSEN = "may-loosen"
    TIGHTENS = "tightens"
    NEUTRAL = "neutral"


class Strict(StrEnum):
    """Which way is strict."""

    HIGHER = "higher"
    LOWER = "lower"
    MORE = "more"
    """A list: more of it asks for more."""
    FEWER = "fewer"
    """A list: more of it allows more."""
    ON = "on"
    """A yes asks for more."""
    OFF = "off"
    """A yes allows more."""
    EARLIER = "earlier"
    """A tier from which something is asked for: a lower one asks more releases."""
    UNKNOWN = "unknown"
    NEITHER = "neither"
    """It judges nothing."""


_BY_NAME = {
    "approvals.agreedPlans": Strict.FEWER,
    "approvals.hostResetsApprovals": Strict.OFF,
    "approvals.onePersonPerRole": Strict.ON,
    "approvals.signedForAnyRequest": Strict.OFF,
    "artifacts.minimumGrowthBytes": Strict.LOWER,  # below it growth is not judged
    "artifacts.strongAlgorithms": Strict.FEWER,
    "artifacts.unsafeFormats": Strict.MORE,
    "artifacts.archiveFormats": Strict.MORE,
    "claims.accepted": Strict.FEWER,
    "claims.personalLevels": Strict.MORE,
    "content.executableFormats": Strict.MORE,
    "content.knownOperatorDomains": Strict.FEWER,
    "content.trustedPickleNames": Strict.FEWER,
    "control.unwaivable": Strict.MORE,
    "evaluation.latencyConfidence": Strict.HIGHER,
    "fairness.confidence": Strict.HIGHER,
    "external.licences": Strict.FEWER,
    "features.compatibleContractChanges": Strict.FEWER,
    "features.lockedStrategies": Strict.FEWER,
    "features.sensitiveLevels": Strict.MORE,
    "lineage.droppedKinds": Strict.MORE,
    "lineage.majorFor": Strict.MORE,
    "lineage.minorFor": Strict.MORE,
    "operations.telemetryLabels": Strict.MORE,
    "provenance.strongAlgorithms": Strict.FEWER,
    "provenance.dataLicences": Strict.FEWER,
    "provenance.sourceRepositories": Strict.FEWER,
    "provenance.buildPredicateTypes": Strict.FEWER,
    "provenance.signedRoles": Strict.MORE,
    "rollout.significance": Strict.LOWER,
    "rollout.power": Strict.HIGHER,
    "rollout.detectableErrorFactor": Strict.LOWER,
    "rollout.detectableLatencyFactor": Strict.LOWER,
    "rollout.promotionBurnRate": Strict.LOWER,
    "rollout.burnRate": Strict.LOWER,
    "rollout.checkIntervalSeconds": Strict.LOWER,
    "rollout.failureLimit": Strict.LOWER,
}
_BY_FORM = (
    ("", "From", Strict.EARLIER),
    ("maximum", "", Strict.LOWER),
    ("minimum", "", Strict.HIGHER),
    ("required", "", Strict.MORE),
    ("floors", "", Strict.MORE),
    ("allowed", "", Strict.FEWER),
    ("notApplicable", "", Strict.FEWER),
    ("", "ExemptPlatforms", Strict.FEWER),
)
"""How a name begins and ends, and which way is strict then."""
_NEITHER = (
    "rollout.prometheusAddress", "rollout.requestsMetric", "rollout.durationMetric", "rollout.modelLabel",
    "rollout.versionLabel", "rollout.statusLabel",
)  # fmt: skip
"""They steer what a controller asks, and no rule reads them."""


def strict_way(name: str) -> Strict:
    """Say which way a setting is strict.

    Args:
        name: Its check and key, and what stands below that: `rollout.minimumBakeSeconds.high`.
    """
    check, key, *below = name.split(".")
    last = _LIMITS.get(below[-1]) if below else None
    return last if last is not None else _way(f"{check}.{key}")


_LIMITS = {"minimum": Strict.HIGHER, "maximum": Strict.LOWER}
"""The limits of a metric."""


def _way(name: str) -> Strict:
    if name in _NEITHER:
        return Strict.NEITHER
    if name in _BY_NAME:
        return _BY_NAME[name]
    key = name.partition(".")[2]
    fits = (way for begin, end, way in _BY_FORM if key.startswith(begin) and key.endswith(end))
    return next(fits, Strict.UNKNOWN)


def turn_of(way: Strict, before: Any, after: Any) -> Turn:
    """Say what a change of one value does.

    Args:
        way: Which way it is strict.
        before: The value: a number, a tier, or a list; None where there was none.
        after: What it becomes, of the same kind.
    """
    if way is Strict.NEITHER:
        return Turn.NEUTRAL
    if way is Strict.EARLIER:
        return _by_order(_tier(after), _tier(before))
    if way in (Strict.HIGHER, Strict.LOWER):
        return _of_numbers(way, before, after)
    if way in (Strict.ON, Strict.OFF) and isinstance(before, bool) and isinstance(after, bool):
        return Turn.TIGHTENS if after is (way is Strict.ON) else Turn.LOOSENS
    if way is not Strict.UNKNOWN and isinstance(before, list) and isinstance(after, list):
        return _of_lists(way, before, after)
    return Turn.MAY_LOOSEN


def _of_numbers(way: Strict, before: Any, after: Any) -> Turn:
    if before is None or after is None:
        return Turn.TIGHTENS if before is None else Turn.LOOSENS
    if not (_is_number(before) and _is_number(after)):
        return Turn.MAY_LOOSEN
    return _by_order(before, after) if way is Strict.HIGHER else _by_order(after, before)


def _of_lists(way: Strict, before: list[Any], after: list[Any]) -> Turn:
    gone, come = [one for one in before if one not in after], [one for one in after if one not in before]
    if bool(gone) is bool(come):
        return Turn.MAY_LOOSEN
    return Turn.LOOSENS if bool(gone) is (way is Strict.MORE) else Turn.TIGHTENS


def _by_order(lesser: Any, greater: Any) -> Turn:
    return Turn.TIGHTENS if lesser < greater else Turn.LOOSENS


def _tier(value: Any) -> int:
    """Where a tier stands; `never` stands behind all."""
    return TIERS.index(value) if value in TIERS else len(TIERS)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
