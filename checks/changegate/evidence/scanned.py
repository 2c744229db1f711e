"""What an artifact's bytes say: what it is, whether it is sound, what it would do. Facts, without a judgement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from changegate.evidence.looking import Look
    from changegate.evidence.scanners.scan import Scan

NAMES_ALONE = "only its name was looked at: its bytes are not in the repository, and were not handed in"
BEHIND_AN_API = "a model behind an API has no bytes here"
_PICKLED = frozenset({"pickle", "pytorch"})
"""Kinds whose names are those of their formats, and that run code."""


def unseen(reason: str) -> dict[str, Any]:
    """That nobody looked at an artifact's bytes, and why."""
    nothing: dict[str, Any] = {"hazards": [], "names": [], "domains": []}
    return {"status": "unseen", "reason": reason, "claim": {"status": "unknown"}, "form": "unknown", **nothing}


def beside_another(scan: dict[str, Any]) -> dict[str, Any]:
    """What is left to say of a file that is not what it is called at all: what it would do."""
    if not scan.get("hazards"):
        return unseen("it is not what it is called at all, which artifacts/not-a-model tells")
    return {key: value for key, value in scan.items() if key != "fault"} | {"form": "unknown"}


def scan_facts(found: Look, one: Mapping[str, Any], formats: Sequence[str]) -> dict[str, Any]:
    """The facts of a file that was looked at.

    Args:
        found: What looking came to.
        one: The artifact, as the manifest states it.
        formats: The format that it states, and those that the names of its file end in.
    """
    if found.scan is None:
        return unseen(found.reason) | {"status": found.status}
    scan = found.scan
    facts: dict[str, Any] = {
        "status": found.status,
        "kind": scan.kind,
        **({"inside": scan.inside} if scan.inside else {}),
    }
    if found.status != "complete":
        facts["reason"] = found.reason
    facts |= {"claim": _claim(scan, one, formats), "form": _form(scan)}
    facts |= {"hazards": [one._asdict() for one in scan.hazards], "names": list(scan.names)}
    facts["domains"] = list(scan.domains)
    if scan.fault:
        facts["fault"] = scan.fault
    measured = {"parameters": scan.parameters, "parameterBytes": scan.parameter_bytes}
    facts |= {key: value for key, value in measured.items() if value is not None and value <= 2**53}
    if scan.parts:
        facts["parts"] = list(scan.parts)
    return {**facts, **({"dtypes": list(scan.dtypes)} if scan.dtypes else {})}


def _form(scan: Scan) -> str:
    if scan.fault:
        return "broken"
    return "sound" if scan.complete else "unknown"


def _claim(scan: Scan, one: Mapping[str, Any], formats: Sequence[str]) -> dict[str, Any]:
    """Whether the bytes are of the format that the manifest or the file's name says."""
    from changegate.evidence.kinds import WORDS, contradicted

    stated = str(one.get("format", ""))
    wrong = contradicted(stated, formats, scan.kind, scan.inside)
    if not wrong:
        return {"status": "fits"}
    key = "format" if wrong == stated else "path" if "path" in one else "uri"
    inside = f", which holds {WORDS.get(scan.inside, scan.inside)}" if scan.inside else ""
    return {"status": "contradicts", "stated": wrong, "found": WORDS.get(scan.kind, scan.kind) + inside, "key": key}


def parameters(one: Mapping[str, Any], scan: Mapping[str, Any]) -> dict[str, Any]:
    """The number of parameters that the manifest states, beside the one that the file says."""
    known = {"stated": one.get("parameters"), "found": scan.get("parameters") if scan["form"] == "sound" else None}
    said = {key: value for key, value in known.items() if value is not None}
    if len(said) < 2:
        return {"status": "unknown", **said}
    return {"status": "equal" if said["stated"] == said["found"] else "differ", **said}


def hidden_formats(scan: Mapping[str, Any]) -> list[str]:
    """Formats that no name says: a pickle is one, whatever it is called."""
    if scan["claim"]["status"] != "fits":
        return []
    kinds = {str(scan.get("kind", "")), str(scan.get("inside", ""))}
    return sorted(kinds & _PICKLED)


def judged_formats(one: Mapping[str, Any], formats: Sequence[str], scan: Mapping[str, Any]) -> list[str]:
    """The format that an artifact is of: the one it states, or what its names say; and what its bytes are."""
    stated = [str(one["format"])] if "format" in one else list(formats)
    kind = str(scan.get("kind", ""))
    fits = scan["claim"]["status"] == "fits"
    return sorted({*stated, *([kind] if kind and not fits else [])})
