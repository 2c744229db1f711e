"""Inputs of a release against the contracts that promise them: types, values, units, ages, purposes, last days."""

from __future__ import annotations

from math import isinf
from typing import TYPE_CHECKING, Any

from changegate.evidence import contracts
from changegate.evidence.contract_changes import keeps, plain_values
from changegate.evidence.dtypes import UNKNOWN, conversion
from changegate.evidence.reports import beside
from changegate.manifest.moments import moment
from changegate.manifest.units import seconds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from changegate.evidence.promises import PromisedFeature
    from changegate.evidence.reports import Report

_PATH = ("spec", "features")
_LONGEST_TYPE = 80
_DAY = 86_400


class ListedContracts:
    """The contracts that a release lists, by name, each with its features by name; the first of a name counts."""

    def __init__(
        self,
        read: Sequence[tuple[str, Report]],
        before: Sequence[tuple[str, Report]],
        former: Mapping[str, PromisedFeature],
    ) -> None:
        """Take what was read.

        Args:
            read: The contracts at the head.
            before: Those of them that could be read, at the base.
            former: What was promised of the previous release's inputs, at the base.
        """
        self.reports = dict(reversed(read))
        self.features = _by_name(self.reports)
        self.before = _by_name(dict(reversed(before)))
        self.former = former


def _by_name(reports: Mapping[str, Report]) -> dict[str, dict[str, PromisedFeature]]:
    return {name: contracts.features(one) for name, one in reports.items() if one.status == "present"}


def input_facts(stated: Mapping[str, Any], listed: ListedContracts) -> dict[str, Any]:
    """One input, beside what its contract promises of it.

    Args:
        stated: The input in the manifest.
        listed: The contracts.
    """
    facts: dict[str, Any] = {"name": stated["name"]}
    if "contract" not in stated:
        return {**facts, "promise": "none"}
    facts["contract"] = stated["contract"]
    report = listed.reports.get(stated["contract"])
    if report is None:
        return {**facts, "promise": "not-listed"}
    if report.status != "present":
        return {**facts, "promise": "unread"}
    promised = listed.features.get(stated["contract"], {}).get(stated["name"])
    if promised is None:
        places = {"feature": contracts.place_of_whole(report, "features")["at"]}
        return {**facts, "promise": "not-given", "places": places}
    before = listed.before.get(stated["contract"], {}).get(stated["name"])
    return {
        **facts,
        "promise": "given",
        **_compared(promised, stated),
        "sensitivity": _sensitivity(promised, before, listed.former.get(stated["name"])),
        "places": _places(report, promised),
    }


def _sensitivity(promised: PromisedFeature, *base: PromisedFeature | None) -> dict[str, Any]:
    """How sensitive it is, by the contract now or at the base, and for what it was approved at the base.

    A purpose that the change itself adds is not approved yet, and a level that it lowers still stands, under another
    contract too: then the one is asked that the previous release read the input from.
    """
    before = [one.terms for one in base if one is not None]
    levels = {str(one["sensitivity"]).strip().lower() for one in (promised.terms, *before) if "sensitivity" in one}
    # NOTE: of the first alone. What another contract approved is no word of this one's owner.
    return {"levels": sorted(levels), "purposes": list(before[0].get("purposes", ())) if before else []}


_COMPARED = ("nullable", "range", "enum", "unit", "freshness", "sensitivity")


def _places(report: Report, promised: PromisedFeature) -> dict[str, Any]:
    """Where the contract says what an input is held against."""
    terms = ("dtype", *(key for key in _COMPARED if key in promised.terms))
    at = {term: contracts.place_of(report, promised, term)["at"] for term in terms}
    return {"feature": contracts.place_of(report, promised)["at"], **at}


def _compared(promised: PromisedFeature, accepted: Mapping[str, Any]) -> dict[str, Any]:
    terms = promised.terms
    said = promised.said if terms["dtype"] == UNKNOWN else terms["dtype"]
    sides = {"promised": said[:_LONGEST_TYPE], "accepted": accepted["dtype"]}
    return {
        "type": {**sides, "conversion": _conversion(terms, accepted)},
        "nulls": {"promised": terms.get("nullable", "not-said"), "accepted": accepted.get("nullable", False)},
        "values": _values(terms, accepted),
        "unit": _unit(terms, accepted),
        "age": _age(terms, accepted),
    }


def _unit(promised: Mapping[str, Any], accepted: Mapping[str, Any]) -> dict[str, str]:
    if "unit" not in promised or "unit" not in accepted:
        return {"compared": "not-stated"}
    sides = {"promised": promised["unit"], "accepted": accepted["unit"]}
    return {"compared": "same" if sides["promised"] == sides["accepted"] else "other", **sides}


def _age(promised: Mapping[str, Any], accepted: Mapping[str, Any]) -> dict[str, Any]:
    """How old a value may be for the model, and how old it may get, in words and in seconds."""
    if "freshness" not in accepted:
        return {"asked": False}
    needed = {"asked": True, "needed": accepted["freshness"], "neededSeconds": seconds(accepted["freshness"]) or 0}
    if "freshness" not in promised:
        return {**needed, "promised": "nothing"}
    return {**needed, "promised": promised["freshness"], "promisedSeconds": seconds(promised["freshness"]) or 0}


def _conversion(promised: Mapping[str, Any], accepted: Mapping[str, Any]) -> str:
    """What becomes of a value; a tensor of numbers is what a manifest calls a tensor, an embedding or an array."""
    if len(promised.get("shape", ())) > 1 and accepted["dtype"] in {"tensor", "embedding", "array"}:
        return "unknown" if promised["dtype"] == UNKNOWN else "unsized"
    return conversion(promised["dtype"], accepted["dtype"])


def _values(promised: Mapping[str, Any], accepted: Mapping[str, Any]) -> dict[str, Any]:
    """Whether the promised values lie within the accepted ones, by range and by enumeration where both state them."""
    both = [key for key in ("range", "enum") if key in promised and key in accepted]
    outside = [key for key in both if not keeps(key, _closed(key, promised[key], accepted[key]), accepted[key])]
    if not both:
        return {"compared": "not-stated"}
    key = (outside or both)[0]
    # lists of their own: the contract is parsed once for all that name it
    return {
        "compared": "outside" if outside else "within",
        "key": key,
        "promised": plain_values(promised, key),
        "accepted": [*accepted[key]],
    }


def _closed(key: str, promised: Any, accepted: Any) -> Any:
    """A range of which one end is open, closed where the accepted one ends: of that end nothing is promised."""
    if key != "range" or not any(map(isinf, promised)):
        return promised
    return [end if isinf(own) else own for own, end in zip(promised, accepted, strict=True)]


def deprecations(inputs: Sequence[Mapping[str, Any]], listed: ListedContracts, now: int) -> Iterator[dict[str, Any]]:
    """What a release reads, or the contract that promises it, and is to go away or is gone: each once, with its place.

    Args:
        inputs: The inputs of the manifest.
        listed: The contracts.
        now: Seconds since the epoch.
    """
    for name, report in listed.reports.items():
        if report.status != "present":
            continue
        said = dict(report.value.terms.get("deprecated", {}))
        if "deprecated" in report.value.terms or report.value.terms.get("retired"):
            at = contracts.place_of_whole(report, "deprecated")
            stage = {"stage": "past"} if report.value.terms.get("retired") else {}
            found = {"of": "contract", "name": name, **_stage(said, now), **stage}
            yield {**found, "place": beside({"path": [*report.reference, "name"]}, ("the contract", at))}
    for index, one in enumerate(inputs):
        promised = listed.features.get(one.get("contract", ""), {}).get(one["name"])
        if promised is not None and "deprecated" in promised.terms:
            at = contracts.place_of(listed.reports[one["contract"]], promised, "deprecated")
            place = beside({"path": [*_PATH, "inputs", index, "name"]}, ("the contract", at))
            yield {"of": "feature", "name": one["name"], **_stage(promised.terms["deprecated"], now), "place": place}


def _stage(said: Mapping[str, str], now: int) -> dict[str, Any]:
    """Whether its day is ahead, past or not said; how many days are left; what comes in its place, in words."""
    successor = f"`{said['successor']}` comes in its place" if "successor" in said else "nothing is named in its place"
    at = moment(f"{said['on']}T00:00:00Z") if "on" in said else None
    if at is None:
        return {"stage": "undated", "on": "a day that is not said", "successor": successor}
    left = -((now - at) // _DAY)
    known = {"on": said["on"], "successor": successor}
    return {"stage": "past", **known} if now >= at else {"stage": "ahead", "daysLeft": left, **known}
