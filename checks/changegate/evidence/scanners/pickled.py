"""Pickles: programs that make objects. They are looked through by modelaudit-picklescan, and never run.

Its looks into the packages of this machine are off: what it says follows from the file alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.scanners.scan import MIB, MOST_SHOWN, Hazard, Scan, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.evidence.scanners.scan import Inside, Looked

KIND = "pickle"
MOST_BYTES = 256 * MIB
"""A longer one is not looked through."""
_SECONDS = 15.0
_LOOKED_AT = 4096
_RUNS = frozenset({"GLOBAL", "STACK_GLOBAL", "INST", "REDUCE", "OBJ", "NEWOBJ"})
_UNLISTED = "NON_ALLOWLISTED_GLOBAL"
_MOST_NAMES, _LONGEST_NAME = 64, 120
_STORAGES = "PERSISTENT_ID"
"""A checkpoint of PyTorch names its storages so; what that does is the loader's own."""


def recognises(head: bytes, size: int) -> bool:
    """Whether it begins like a pickle: of protocol 2 and later by its mark, of older ones by what its opcodes do."""
    del size
    if len(head) > 2 and head[0] == 0x80 and 2 <= head[1] <= 5:
        return True
    return head[:1] in (b"c", b"(", b"}", b"]", b"i", b"\x80") and _reads_as_one(head[:_LOOKED_AT])


def _reads_as_one(head: bytes) -> bool:
    """Whether its first opcodes are those of a pickle that names something. Nothing is run by reading them."""
    import pickletools

    seen: set[str] = set()
    try:
        for opcode, _argument, _position in pickletools.genops(head):
            seen.add(opcode.name)
    except Exception:  # noqa: BLE001  (whatever stops the reading, it is no pickle as far as it was cut)
        return "GLOBAL" in seen and len(head) == _LOOKED_AT and len(seen) > 2
    return bool(seen & _RUNS)


def scan(file: Looked, inside: Inside) -> Scan:
    """Look through a pickle."""
    del inside
    return scanned(file.whole(MOST_BYTES, "the pickle"))


def scanned(data: bytes, *, of_torch: bool = False) -> Scan:
    """Look through the bytes of a pickle.

    Args:
        data: The pickle.
        of_torch: Whether it stands in a checkpoint of PyTorch, where names of storages are no surprise.

    Raises:
        Unread: The scanner is not installed.
    """
    try:
        from modelaudit_picklescan import ScanOptions, scan_bytes
    except ImportError:
        raise Unread("it is a pickle, and modelaudit-picklescan is not installed (pip install changegate)") from None
    report = scan_bytes(data, source="pickle", options=ScanOptions(timeout_s=_SECONDS), enrich_call_graph=False)
    found = list(report.findings)
    hazards = tuple(dict.fromkeys(Hazard("pickle", what) for what in _dangers(found)))[:MOST_SHOWN]
    names = tuple(dict.fromkeys(_names(found)))[:_MOST_NAMES]
    made = Scan(KIND, hazards=hazards, names=names)
    why = _why(report) if report.status.value != "complete" else next(_odd(found, of_torch=of_torch), "")
    return made.unread(why) if why else made


def _dangers(found: list[Any]) -> Iterator[str]:
    for one in found:
        if one.severity.value == "critical" and not one.details.get("analysis_incomplete"):
            name = str(one.details.get("import_reference", ""))
            yield f"calls {name}" if name else one.message[:120]


def _names(found: list[Any]) -> Iterator[str]:
    """What it calls that is not known to be harmless."""
    for one in found:
        if one.severity.value == "warning" and one.rule_code == _UNLISTED and "import_reference" in one.details:
            yield str(one.details["import_reference"])[:_LONGEST_NAME]


def _odd(found: list[Any], *, of_torch: bool) -> Iterator[str]:
    """What else makes it doubtful that all of it was understood."""
    for one in found:
        named = one.rule_code == _UNLISTED and "import_reference" in one.details
        if one.severity.value == "warning" and not named and not (of_torch and one.rule_code == _STORAGES):
            yield f"the pickle is odd: {one.message[:120]}"


def _why(report: Any) -> str:
    told = [*(one.message for one in report.errors), *(one.message for one in report.notices)]
    return f"the pickle could not be looked through to its end ({told[0][:120] if told else 'no reason is given'})"
