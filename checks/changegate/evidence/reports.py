"""Reports that a manifest names as evidence: found, checked by digest, parsed, held against their schema.

Whatever is wrong with one is a status and a reason, with the place where a finding about it has to stand: a line of the
report where it lies in the repository, else the manifest's reference to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.collector import absent, invalid, present, unavailable
from changegate.evidence.files import parsed
from changegate.evidence.memo import Kept
from changegate.evidence.readers import format_of, load_reader
from changegate.evidence.texts import line_of, read_text
from changegate.evidence.unsound import Unsound
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from changegate.evidence.collector import EvidenceRequest
    from changegate.evidence.files import EvidenceFiles, File
    from changegate.evidence.metrics import Path

Place = dict[str, Any]
"""`{path: […]}` into the manifest, or `{at: {file, revision, path}}` into another file. `related`: what else to see."""


def beside(place: Place, *others: tuple[str, Place]) -> Place:
    """The same place, and other places that are looked at with it, each behind what is there in a few words."""
    return {**place, "related": [{"message": said, **other} for said, other in others]}


def related_before(report: Report, *path: str | int) -> list[dict[str, Any]]:
    """Where a report of the previous release says something; nothing where it is not in the repository."""
    place = report.at(*path)
    return [{"message": "the previous release", **place}] if "at" in place else []


class Report(NamedTuple):
    """One piece of evidence that the manifest names, as far as it could be read."""

    reference: tuple[str | int, ...]
    """Where the manifest names it."""
    status: str
    """`present`, `absent`, `invalid` or `unavailable`."""
    reason: str = ""
    """Why it is not present."""
    value: Any = None
    """What it says, as plain JSON that fits its schema; None unless it is present."""
    file: str = ""
    """Its path in the repository or in the handed-in folder; empty where it was not found."""
    digest: str = ""
    source: str = ""
    """`repository` or `handed-in`."""
    revision: str = "head"
    place: Place = {}  # noqa: RUF012  (a default that nobody changes)
    """Where a finding about the whole of it stands."""
    content: tuple[str, str] | None = None
    """What its value follows from, as a key (`File.content`, and its format); None where nothing of it is kept."""
    format: str = ""
    """The name of its format; empty where that could not be told."""
    stated: Mapping[str, Any] = {}
    """What the manifest says of it where it names it: `of`, `evaluatedAt`, `dataset`, …"""
    around: Mapping[str, Any] | None = None
    """Our own form, where a tool's report stands in one, below `report`."""
    lines: Mapping[Path, int] | None = None
    """Where its parts stand, where it is read line by line (`evidence.texts`)."""

    @property
    def placed(self) -> tuple[Any, ...] | None:
        """A key for what follows from it and from where it is named; None where nothing of it is kept."""
        place = self.reference, self.file, self.source, self.revision
        return None if self.content is None else (self.content, *place)

    def at(self, *path: str | int, line: int | None = None) -> Place:
        """The place of a node of the report, or of a line; outside the repository that is the manifest's reference."""
        return self.top(*(() if self.around is None else ("report",)), *path, line=line)

    def top(self, *path: str | int, line: int | None = None) -> Place:
        """The same, of a node of the whole file, with our own form around a tool's report."""
        if self.source == "repository":
            if self.lines is not None and line is None:
                line = line_of(self.lines, path)
            where = {"path": list(path)} if line is None else {"line": line, "column": 1}
            return {"at": {"file": self.file, "revision": self.revision, **where}}
        return {"path": list(self.reference)}

    def refused(self, fault: Unsound) -> Report:
        """The same report, found to be unsound."""
        reason = f"{self.file}: {fault.reason}"
        place = self._place_of(fault)
        return self._replace(status="invalid", reason=reason, value=None, place=place, content=None)

    def _place_of(self, fault: Unsound) -> Place:
        if fault.stated:
            return {"path": [*self.reference, *fault.path]}
        return (self.top if fault.enclosed else self.at)(*fault.path, line=fault.line)

    def as_evidence(self) -> dict[str, Any]:
        """Its entry in the input document."""
        known = {"reason": self.reason, "file": self.file, "digest": self.digest, "source": self.source}
        place = self._beside_itself() if self.status == "invalid" else self.place
        return {"status": self.status, **{key: value for key, value in known.items() if value}, "place": place}

    def _beside_itself(self) -> Place:
        """The place of a fault, and the other end: the file that the manifest names, or where it names it."""
        if "at" in self.place:
            return beside(self.place, ("where the manifest names it", {"path": list(self.reference)}))
        if not self.file or self.source == "handed-in" or self.place["path"][-1] not in ("digest", "path"):
            return self.place
        return beside(self.place, ("the file itself", {"at": {"file": self.file, "revision": self.revision}}))


def block(stated: Any) -> str:
    """Whether a block of the manifest is `present`, `not-applicable` or `absent`."""
    if not isinstance(stated, dict):
        return "absent"
    return "not-applicable" if "notApplicable" in stated else "present"


def read_all(
    release: Mapping[str, Any],
    section: str,
    files: EvidenceFiles,
    formats: Mapping[str, str],
    *,
    revision: str = "head",
) -> tuple[Report, ...]:
    """Read every report that `spec.<section>.evidence` names.

    Args:
        release: The manifest.
        section: `evaluation` or `fairness`.
        files: Where to look.
        formats: The formats that are read (`evidence.readers`).
        revision: `head`, or `base` for the reports of the previous release.
    """
    stated = release.get("spec", {}).get(section)
    references = stated.get("evidence", ()) if isinstance(stated, dict) else ()
    return tuple(
        _read(reference, ("spec", section, "evidence", index), files, formats, revision)
        for index, reference in enumerate(references)
    )


def sound(
    reports: Iterable[Report], read: Callable[[Report], Any]
) -> tuple[tuple[Report, ...], list[tuple[Report, Any]]]:
    """Read what reports say; one that contradicts itself becomes invalid.

    Args:
        reports: All of them, whatever their status.
        read: Makes something of a present report, or raises `Unsound`.

    Returns:
        All reports, and those that are sound, each with what was made of it.
    """
    checked: list[Report] = []
    made: list[tuple[Report, Any]] = []
    for report in reports:
        if report.status == "present":
            try:
                made.append((report, read(report)))
            except Unsound as fault:
                checked.append(report.refused(fault))
                continue
        checked.append(report)
    return tuple(checked), made


def earlier(
    request: EvidenceRequest, section: str, formats: Mapping[str, str], read: Callable[[Report], Any]
) -> tuple[dict[str, Any], list[tuple[Report, Any]]]:
    """Read the reports of the previous release, as they are at the base.

    Args:
        request: What is asked; it names the previous release.
        section: `evaluation` or `fairness`.
        formats: The formats that are read (`evidence.readers`).
        read: Makes something of a present report, or raises `Unsound`.

    Returns:
        A status over all of them, and when that is `present` each with what was made of it.
    """
    if request.previous is None:
        return absent("there is no previous release"), []
    if block(request.previous.get("spec", {}).get(section)) != "present":
        return absent(f"the previous release has no {section} report"), []
    reports, made = sound(read_all(request.previous, section, request.files, formats, revision="base"), read)
    for report in reports:
        if report.status != "present":
            reason = f"of the previous release, {report.reason}"
            return (unavailable if report.status == "unavailable" else invalid)(reason), []
    return present(), made


def summary(reports: Sequence[Report], stated: Any, name: str) -> dict[str, Any]:
    """The section's evidence: every report, and one status over them.

    A report that nobody can see from here makes the whole unavailable: it might say what the others do not. One that is
    invalid is told by a rule of its own, and the others still count.
    """
    if not reports:
        said = stated.get("notApplicable") if isinstance(stated, dict) else None
        return {**absent(str(said) if said else f"the manifest names no {name}"), "files": []}
    files = [report.as_evidence() for report in reports]
    unseen = [report for report in reports if report.status == "unavailable"]
    readable = any(report.status == "present" for report in reports)
    if unseen or not readable:
        first = unseen[0] if unseen else reports[0]
        return {"status": "unavailable" if unseen else "invalid", "reason": first.reason, "files": files}
    return present(files=files)


def _read(
    reference: Mapping[str, Any],
    where: tuple[str | int, ...],
    files: EvidenceFiles,
    formats: Mapping[str, str],
    revision: str,
) -> Report:
    file = files.find(reference) if revision == "head" else _find_at_base(reference, files)
    if file.status != "present":
        return Report(where, file.status, file.reason, file=file.path, place=_named(reference, where, files))
    about: dict[str, Any] = {"file": file.path, "digest": file.sha256, "source": file.source, "revision": revision}
    report = Report(where, "present", content=file.content, stated=reference, **about)
    try:
        return parse_report(report, file, formats)
    except Unsound as fault:
        return report.refused(fault)


def _find_at_base(reference: Mapping[str, Any], files: EvidenceFiles) -> File:
    """Find what the previous release named: at the base, else by digest in the handed-in folder."""
    if files.base is None:
        return files.find({key: reference[key] for key in reference if key != "path"})
    return files.seen_from(files.base).find(reference)


def _named(reference: Mapping[str, Any], where: tuple[str | int, ...], files: EvidenceFiles) -> Place:
    """The key of the reference that is at fault: its digest where the file is there, else its path or uri."""
    path = reference.get("path")
    if path is None:
        return {"path": [*where, "uri"]}
    key = "digest" if files.read(path).status == "present" else "path"
    return {"path": [*where, key]}


def parse_report(report: Report, file: File, formats: Mapping[str, str]) -> Report:
    """Parse a report's file, and tell its format.

    Raises:
        Unsound: It has none of the formats, or breaks its own.
    """
    text = read_text(file.data, file.path)
    if text is not None:
        return _told(report._replace(lines=text.lines), text.value, formats)
    read = parsed(file.data, file.path)
    value = _with_constants(report, file, formats) if read.faults else None
    if value is None and (read.faults or len(read.documents) != 1):
        return _broken(report, read.faults[0] if read.faults else None)
    return _told(report, read.documents[0].value if value is None else value, formats)


def _told(report: Report, value: Any, formats: Mapping[str, str]) -> Report:
    """A report whose value has one of the formats; a tool's report in our own form is taken out of it."""
    around, inner = _unwrapped(value)
    if around is not None:
        _check_schema(value, "tool-report", None)
        report = report._replace(around=around)
    name = format_of(formats, inner, report.stated.get("format"))
    reader = load_reader(formats[name])
    schema = reader.schema_of(inner) if hasattr(reader, "schema_of") else reader.SCHEMA
    try:
        _check_schema(inner, schema, report.content)
    except Unsound as fault:
        return report.refused(fault)
    if not schema and not reader.recognises(inner):
        return report.refused(Unsound("it has none of the formats that are read"))
    content = report.content and (report.content[0], f"{report.content[1]} {name}")
    return report._replace(value=inner, format=name, content=content, place=report.at())


def _unwrapped(value: Any) -> tuple[Mapping[str, Any] | None, Any]:
    """Our own form around a tool's report, and what is in it."""
    if isinstance(value, dict) and "report" in value and "schemaVersion" in value and "evaluatedAt" in value:
        return {key: one for key, one in value.items() if key != "report"}, value["report"]
    return None, value


def _check_schema(value: Any, schema: str, content: tuple[str, str] | None) -> None:
    problem = schema_fault(value, schema, content) if schema else None
    if problem is not None:
        raise problem


def _with_constants(report: Report, file: File, formats: Mapping[str, str]) -> Any:
    """The value of a file in which NaN or Infinity is all that is wrong, if the reader of its format takes such files.

    Returns:
        None where something else is wrong too, or where no reader asks for such files.

    Raises:
        Unsound: NaN stands where a number is needed.
    """
    read = parsed(file.data, file.path, constants=True)
    if read.faults or len(read.documents) != 1:
        return None
    value = read.documents[0].value
    around, inner = _unwrapped(value)
    reader = load_reader(formats[format_of(formats, inner, report.stated.get("format"))])
    if not getattr(reader, "CONSTANTS", False):
        return None
    plain = reader.made_plain(inner) if hasattr(reader, "made_plain") else inner
    return plain if around is None else {**around, "report": plain}


_FITS: Kept[bool] = Kept()


def schema_fault(value: Any, schema: str, content: tuple[str, str] | None = None) -> Unsound | None:
    """The first way in which a value breaks a schema, or None.

    Args:
        value: Plain JSON.
        schema: The schema's name.
        content: The key of the file whose value it is (`File.content`): what fits is not looked at a second time.
    """
    from changegate.manifest.schema import compiled, validate

    if content is not None and (content, schema) in _FITS:
        return None
    if compiled(schema).is_valid(value):
        if content is not None:
            _FITS.keep((content, schema), made=True)
        return None
    faults = validate(value, schema)
    if not faults:
        return Unsound("it does not fit its schema")
    return Unsound(f"{faults[0].message}. {faults[0].hint}".rstrip(". "), faults[0].path)


def _broken(report: Report, fault: Any) -> Report:
    """A report that is no JSON or YAML, placed on the line where reading it broke off."""
    unsound = report.refused(Unsound(fault.message if fault else "it holds more than one document"))
    if fault is not None and fault.line is not None and report.source == "repository":
        place = {"at": {"file": report.file, "revision": report.revision, "line": fault.line, "column": fault.column}}
        return unsound._replace(place=place)
    return unsound
