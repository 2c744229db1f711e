"""What a report is of: which artifacts, when, on which data; by its own words, and else by the manifest's beside it.

A tool's report names no artifact. The manifest may say what it is of, where it names it; that is its author's word, and
the facts tell it from the report's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.unsound import Unsound
from changegate.manifest.moments import moment
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.evidence.metrics import Path
    from changegate.evidence.reports import Place, Report


class About(NamedTuple):
    """What a report is of, as far as anybody says."""

    evaluated: str | None = None
    """When it was made, as RFC 3339."""
    collected: str | None = None
    """When its data was collected."""
    model: Mapping[str, Any] | None = None
    """What it was made on, as `binding.named` reads it."""
    dataset: str = ""
    """The data's name; empty where nobody says it."""
    digest: str | None = None
    """The data's digest."""
    samples: int | None = None
    """How many samples the data has; None where nobody says it."""
    filtered: str = ""
    """Which part of the population alone was measured; empty where it is all of it, or nobody says otherwise."""
    paths: Mapping[str, Path] = {}
    """Where `evaluated`, `collected`, `model`, `digest`, `samples` and `filtered` stand in the report."""
    stated: frozenset[str] = frozenset()
    """Those of them that the manifest says, and the report does not."""
    enclosed: frozenset[str] = frozenset()
    """Those of them that our own form says around a tool's report."""


_IN_REFERENCE: Mapping[str, Path] = {
    "evaluated": ("evaluatedAt",),
    "collected": ("dataset", "collectedAt"),
    "model": ("of",),
    "dataset": ("dataset",),
    "digest": ("dataset", "digest"),
    "samples": ("dataset", "sampleCount"),
    "filtered": ("dataset", "filteredTo"),
}
"""Part -> where a reference of the manifest says it."""


def of_report(value: Mapping[str, Any]) -> About:
    """What a report in one of our own forms says that it is of: `model`, `evaluatedAt` and `dataset`."""
    data = value.get("dataset", {})
    return About(
        evaluated=value["evaluatedAt"],
        collected=data.get("collectedAt"),
        model=value.get("model"),
        dataset=data.get("name", ""),
        digest=data.get("digest"),
        samples=int(data["sampleCount"]) if "sampleCount" in data else None,
        filtered=data.get("filteredTo", ""),
        paths={**_IN_REFERENCE, "model": ("model",)},
    )


def completed(about: About, report: Report) -> About:
    """What a report is of, by whoever says it: itself, our own form around it, or else the manifest beside its path.

    Args:
        about: What the report says.
        report: Where it was found, and how the manifest names it.

    Raises:
        Unsound: Two of these say something, and not the same.
    """
    around = {} if report.around is None else _said(of_report(report.around))
    about = about._replace(**_missing(about, around), enclosed=frozenset(_missing(about, around)))
    said = _stated(report.stated)
    filled = _missing(about, said)
    for part, value in {**around, **said}.items():
        if part not in filled and not _agree(part, value, getattr(about, part)):
            path = _IN_REFERENCE[part]
            raise Unsound(f"the report says otherwise than `{path[-1]}` beside it in the manifest", path, stated=True)
    return about._replace(**filled, stated=frozenset(filled))


def _said(about: About) -> dict[str, Any]:
    return {part: value for part in _IN_REFERENCE if (value := getattr(about, part)) not in (None, "")}


def _missing(about: About, said: Mapping[str, Any]) -> dict[str, Any]:
    return {part: value for part, value in said.items() if getattr(about, part) in (None, "")}


def _stated(reference: Mapping[str, Any]) -> dict[str, Any]:
    data = reference.get("dataset", {})
    found = {
        "evaluated": reference.get("evaluatedAt"),
        "collected": data.get("collectedAt"),
        "model": {"digests": reference["of"]} if "of" in reference else None,
        "dataset": data.get("name"),
        "digest": data.get("digest"),
        "samples": data.get("sampleCount"),
        "filtered": data.get("filteredTo"),
    }
    return {part: value for part, value in found.items() if value is not None}


def _agree(part: str, said: Any, own: Any) -> bool:
    if part == "model":
        return bool(set(said["digests"]) & set(own.get("digests", ())))
    return bool(moment(said) == moment(own) if part in ("evaluated", "collected") else said == own)


def place_of(report: Report, about: About, *parts: str) -> Place:
    """Where the first of some parts stands that anybody says: in the report, or in the manifest beside its path."""
    for part in parts:
        if part in about.stated:
            return {"path": [*report.reference, *_IN_REFERENCE[part]]}
        if part in about.enclosed:
            return report.top(*_path(about, part))
        if part in about.paths and getattr(about, part) not in (None, ""):
            return report.at(*about.paths[part])
    return report.at(*about.paths.get(parts[-1], ()))


def _path(about: About, part: str) -> Path:
    if part in about.enclosed:
        return ("model",) if part == "model" else _IN_REFERENCE[part]
    return _IN_REFERENCE[part] if part in about.stated else about.paths.get(part, ())


def fault_of(about: About, part: str, reason: str) -> Unsound:
    """A fault at the place of a part."""
    return Unsound(reason, _path(about, part), stated=part in about.stated, enclosed=part in about.enclosed)


def moment_of(about: About, part: str, now: int) -> int | None:
    """A moment that a report or the manifest names, in seconds since the epoch; None where nobody does.

    Args:
        about: What the report is of.
        part: `evaluated` or `collected`.
        now: The clock, in seconds.

    Raises:
        Unsound: It is none that exists, or it lies in the future.
    """
    text = getattr(about, part)
    if text is None:
        return None
    found, name = moment(text), _path(about, part)[-1]
    if found is None:
        raise fault_of(about, part, f"`{name}` is no moment that exists")
    if found > now:
        raise fault_of(about, part, f"`{name}` lies in the future")
    return found


def times_of(about: About, now: int) -> tuple[int | None, int | None]:
    """When a report was made and its data collected, in seconds since the epoch; None where nobody says so.

    Raises:
        Unsound: One cannot be, or the data is younger than the report.
    """
    evaluated, collected = moment_of(about, "evaluated", now), moment_of(about, "collected", now)
    if evaluated is not None and collected is not None and collected > evaluated:
        raise fault_of(about, "collected", "`collectedAt` lies after `evaluatedAt`")
    return evaluated, collected


def bound_by(about: About) -> str:
    """Who says which artifacts a report is of: `report`, `statement` (the manifest's author), or `nothing`."""
    return "nothing" if not about.model else "statement" if "model" in about.stated else "report"
