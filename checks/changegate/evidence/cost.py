"""What a release costs: of a week its share of the budget, of a thousand inferences the growth since the last release.

Calculated in decimals, as the numbers are written: a release that costs exactly its budget is not over it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from changegate.evidence.collector import EvidenceRequest, Section, absent, invalid, present
from changegate.evidence.reports import block
from changegate.numbers import number, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

_WEEK_SECONDS = 604_800


def collect(request: EvidenceRequest) -> Section:
    """Establish the facts of the cost block, beside the one of the previous release."""
    spec = request.release.get("spec", {})
    stated = block(spec.get("cost"))
    before = (request.previous or {}).get("spec", {}).get("cost")
    facts: dict[str, Any] = {"block": stated, **_numbers(spec.get("cost"))}
    facts |= {"stated": "perThousandInferences" in facts, "budgetStated": "weeklyBudget" in facts}
    previous = _numbers(before)
    rate = number(spec.get("serving", {}).get("requestsPerSecond"))
    facts |= _week(facts, rate)
    growth = _growth(spec.get("cost"), before, facts, previous)
    facts |= _grown(facts, previous) if growth["status"] == "present" else {}
    return Section({**_status(stated, spec), "traffic": _traffic(rate), "growth": growth}, facts)


def _status(stated: str, spec: Mapping[str, Any]) -> dict[str, Any]:
    if stated == "present":
        return present()
    return absent(str(spec["cost"]["notApplicable"]) if stated == "not-applicable" else "the manifest has no `cost`")


def _numbers(cost: Any) -> dict[str, Any]:
    """The two numbers of a block, as far as they are stated."""
    stated = cost if isinstance(cost, dict) else {}
    known = {key: number(stated.get(key)) for key in ("perThousandInferences", "weeklyBudget")}
    return {key: plain(value) for key, value in known.items() if value is not None}


def _traffic(rate: float | None) -> dict[str, Any]:
    if rate is None:
        return absent("the manifest declares no `serving.requestsPerSecond`, so nobody can tell what a week costs")
    return present(requestsPerSecond=plain(rate))


def _week(facts: Mapping[str, Any], rate: float | None) -> dict[str, Any]:
    """What a week costs, and its share of the budget."""
    if rate is None or "perThousandInferences" not in facts:
        return {}
    cost = _decimal(facts["perThousandInferences"]) * _decimal(rate) * _WEEK_SECONDS / 1000
    known = {"weeklyCost": number(float(cost))}
    if "weeklyBudget" in facts:
        known["budgetShareRatio"] = _ratio(cost, _decimal(facts["weeklyBudget"]))
    return {key: plain(value) for key, value in known.items() if value is not None}


def _growth(cost: Any, before: Any, facts: Mapping[str, Any], previous: Mapping[str, Any]) -> dict[str, Any]:
    """Whether the costs of the two releases can be compared."""
    if "perThousandInferences" not in previous:
        return absent("the previous release does not state what a thousand inferences cost")
    if "perThousandInferences" not in facts:
        return invalid("this release does not state what a thousand inferences cost, and the previous one did")
    currencies = [one["currency"] for one in (before, cost) if "currency" in one]
    if len(set(currencies)) > 1:
        return invalid(f"the cost was stated in {currencies[0]} and is in {currencies[1]} now")
    return present()


def _grown(facts: Mapping[str, Any], previous: Mapping[str, Any]) -> dict[str, Any]:
    now, before = facts["perThousandInferences"], previous["perThousandInferences"]
    ratio = 1.0 if now == before else _ratio(_decimal(now), _decimal(before))
    return {"previousPerThousandInferences": before, **({} if ratio is None else {"growthRatio": plain(ratio)})}


def _ratio(part: Decimal, whole: Decimal) -> float | None:
    """A share; nothing of nothing is none of it, and something of nothing is no number."""
    if whole == 0:
        return 0.0 if part == 0 else None
    return number(float(part / whole))


def _decimal(value: float) -> Decimal:
    """The number as it was written: 0.1, not the binary fraction nearest to it."""
    return Decimal(repr(value))
