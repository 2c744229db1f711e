"""Where a release comes from: its source, its training, and the files that vouch for it.

Signatures and attestations are found, read and compared by digest, and held against those whom the base names as
signers (`verification`). Every entry says what came of that: `verified`, and `told` in words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from changegate.evidence.binding import ARTIFACTS
from changegate.evidence.collector import EvidenceRequest, Section, absent, present
from changegate.evidence.content import page_fault
from changegate.evidence.files import parsed
from changegate.evidence.kinds import holds_weights
from changegate.evidence.lines import Lines, has_lines, read_lines
from changegate.evidence.memo import once
from changegate.evidence.order import Event, in_order, measured, snapshots
from changegate.evidence.readers import ATTESTATIONS, reader_of
from changegate.evidence.references import formats, of_image, of_nothing
from changegate.evidence.reports import Report, beside, block, sound, summary
from changegate.evidence.signed import SignedItem, signed_facts, verified_items
from changegate.evidence.statements import InTotoStatement, shown, statement_in
from changegate.evidence.unsound import Unsound
from changegate.manifest.moments import moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from changegate.evidence.files import EvidenceFiles

_PATH = ("spec", "provenance")


def read_statement(value: Any) -> InTotoStatement:
    """Read the statement in a file.

    Args:
        value: The file as plain JSON, in one of the formats of `readers.ATTESTATIONS`.

    Raises:
        Unsound: It has none of them, carries no signature, or its payload is no in-toto statement.
    """
    return statement_in(reader_of(ATTESTATIONS, value).read(value))


def read_statements(value: Any) -> tuple[InTotoStatement, ...]:
    """Read the statement in a file, or in every line of a bundle.

    Args:
        value: The file as plain JSON, or its `Lines`.

    Raises:
        Unsound: One of them is none (`read_statement`).
    """
    return tuple(_on_line(*one) for one in value.values) if isinstance(value, Lines) else (read_statement(value),)


def _on_line(line: int, value: Any) -> InTotoStatement:
    try:
        return read_statement(value)._replace(line=line)
    except Unsound as fault:
        raise Unsound(f"on line {line}, {fault.reason}", fault.path, line=line) from None


_statements = once(read_statements)


def collect(request: EvidenceRequest) -> Section:
    """Establish the facts of a release's provenance."""
    spec = request.release.get("spec", {})
    stated = spec.get("provenance")
    status = block(stated)
    said: Mapping[str, Any] = stated if status == "present" else {}
    named = said.get("attestations", [])
    artifacts = spec.get("artifacts", ())
    attestations, made = sound(
        [_find(one, (*_PATH, "attestations", index), request.files) for index, one in enumerate(named)],
        lambda report: _attested(report, named[report.reference[-1]]["predicateType"], artifacts, request.now),
    )
    statements = [(report, statement) for report, several in made for statement in several]
    signature, of_signature = _signature(said, request.files)
    items = [
        *verified_items(request, "signature", of_signature),
        *verified_items(request, "attestation", made),
    ]
    facts = {
        "block": status,
        "trained": any(_trained(one) for one in artifacts),
        **_origin(said, request.now),
        "attestations": [_bound(report, statement, artifacts) for report, statement in statements],
        **signed_facts(request, items),
        **_moments(request, said, statements),
    }
    evidence = {
        **_whole(stated, status),
        "lockfile": _lockfile(said, request.files),
        "signature": {**signature, **_words(("signature",), items)},
        "attestations": summary(attestations, stated, "attestation"),
    }
    for index, (one, file) in enumerate(zip(named, evidence["attestations"]["files"], strict=True)):
        file |= {**_words(("attestations", index), items), "predicateType": one["predicateType"]}
    return Section(evidence, facts)


def _words(below: tuple[str | int, ...], items: Sequence[SignedItem]) -> dict[str, Any]:
    """Whether everything that counts of a file is verified, and by whom, in words."""
    mine = [one.verification for one in items if one.report.reference == (*_PATH, *below)]
    if not mine:
        return {"verified": False, "told": "read, not verified: nothing of it could be read"}
    told = dict.fromkeys(one.told for one in sorted(mine, key=lambda one: bool(one.by)))
    return {"verified": all(one.by for one in mine), "told": "; ".join(told)}


def _whole(stated: Any, status: str) -> dict[str, Any]:
    if status == "present":
        return present()
    return absent(str(stated["notApplicable"]) if status == "not-applicable" else "the manifest has no `provenance`")


def _trained(artifact: Mapping[str, Any]) -> bool:
    """Whether somebody here trained it: not a prompt, and not a provider's model, unless an adapter was added to it.

    The role is the author's word: what is called like a file of weights is no prompt.
    """
    if artifact["role"] == "prompt":
        return holds_weights(formats(artifact))
    return artifact["role"] == "adapter" or "hosted" not in artifact


def _origin(said: Mapping[str, Any], now: int) -> dict[str, Any]:
    """What the manifest itself says: source, run, data and environment of the training."""
    source, run, environment = (said.get(key, {}) for key in ("source", "trainingRun", "environment"))
    commit = source.get("commit")
    facts: dict[str, Any] = {
        "source": {"repositoryStated": bool(source.get("repository")), "commitStated": commit is not None},
        "trainingRun": {"stated": bool(run.get("uri")) and bool(run.get("runId"))},
        "trainingData": [_data(one, now) for one in said.get("trainingData", ())],
        "environment": {**_image(environment.get("image")), "seedStated": "seed" in environment},
    }
    if commit is not None:
        hexadecimal = re.fullmatch(r"[0-9a-f]+", commit) is not None
        facts["source"]["commitHexDigitsCount"] = len(commit) if hexadecimal else 0
    return facts


def _image(stated: Any) -> dict[str, Any]:
    """Whether the image of the training is named by its digest, and if not, why not."""
    if not stated:
        return {"imagePinned": False, "imageReason": "the manifest names none"}
    found = of_image(str(stated))
    return {"imagePinned": True} if found["pin"] == "digest" else {"imagePinned": False, "imageReason": found["reason"]}


def _data(one: Mapping[str, Any], now: int) -> dict[str, Any]:
    pinned = "digest" in one and not of_nothing(one["digest"])
    algorithm = {"algorithm": one["digest"].partition(":")[0]} if pinned else {}
    taken = moment(str(one.get("snapshotAt", "")))
    age = {"ageSeconds": now - taken} if taken is not None and taken <= now else {}
    licence = {"licence": one["license"]} if "license" in one else {}
    return {"name": one["name"], **algorithm, **age, **licence}


def _lockfile(said: Mapping[str, Any], files: EvidenceFiles) -> dict[str, Any]:
    """The lockfile as it is in the repository: one that was handed in is not the one that builds are made with."""
    where = (*_PATH, "environment", "lockfile")
    reference = said.get("environment", {}).get("lockfile")
    if reference is None:
        return {**absent("the manifest names no `environment.lockfile`"), "place": {"path": list(where)}}
    found, data = _locate(reference, where, files.without_handed_in())
    fault = page_fault(data) if data.strip() else "is empty"
    if found.status == "present" and fault:
        found = found.refused(Unsound(f"it {fault}, and pins nothing"))
    return found.as_evidence()


def _signature(
    said: Mapping[str, Any], files: EvidenceFiles
) -> tuple[dict[str, Any], list[tuple[Report, tuple[InTotoStatement, ...]]]]:
    """The entry of the signature, and the statements in its file."""
    where = (*_PATH, "signature")
    if "signature" not in said:
        return {**absent("the manifest names no `signature`"), "place": {"path": list(where)}}, []
    found, made = sound([_find(said["signature"], where, files)], _statements)
    return found[0].as_evidence(), made


def _attested(report: Report, expected: str, artifacts: Any, now: int) -> list[InTotoStatement]:
    """The statements of the type that the manifest names: of several those on this release, else one to be told of."""
    every = _statements(report)
    named = [one for one in every if one.predicate_type == expected]
    if not named:
        found = ", ".join(dict.fromkeys(shown(one.predicate_type) for one in every[:_SHOWN]))
        more = " and others" if len(every) > _SHOWN else ""
        reason = f"its predicateType is {found}{more}, the manifest says {shown(expected)}"
        raise Unsound(reason, every[0].place, line=every[0].line)
    for one in named:
        if max(one.started or 0, one.finished or 0) > now:
            raise Unsound("its build lies in the future", one.place, line=one.line)
    return [one for one in named if _subjects(one, artifacts)] or named[:1]


_SHOWN = 3
"""So many types of a bundle are named."""


def _moments(
    request: EvidenceRequest, said: Mapping[str, Any], built: list[tuple[Report, InTotoStatement]]
) -> dict[str, Any]:
    """When data was taken, the model was built and the reports were made, and whether in that order.

    A pipeline may evaluate before its build ends, so a report is held against its beginning.
    """
    facts, taken = snapshots(said, request.now)
    began, ended = (
        [
            Event(f"{name} of {report.file}", at, report.at(*statement.place, line=statement.line))
            for report, statement in built
            if (at := getattr(statement, key)) is not None
        ]
        for name, key in (("the build's beginning", "started"), ("the build's end", "finished"))
    )
    made = measured(request) if taken or began else []
    return {"moments": facts, "order": [*in_order(taken, ended), *in_order([*taken, *began], made, at_later=True)]}


def _bound(report: Report, statement: InTotoStatement, artifacts: Any) -> dict[str, Any]:
    """The artifacts of the release that are subjects of a statement, each by the algorithm that binds it."""
    bound = [
        {"artifact": one["name"], "algorithm": one["digest"].partition(":")[0]}
        for one in _subjects(statement, artifacts)
    ]
    place = report.at(*statement.place, line=statement.line)
    known = {"predicateType": statement.predicate_type, "boundTo": bound}
    return {**known, "place": place if bound else beside(place, ARTIFACTS)}


def _subjects(statement: InTotoStatement, artifacts: Any) -> list[Any]:
    """The artifacts of the release that a statement is about."""
    return [one for one in artifacts if one.get("digest") in statement.digests]


def _find(reference: Mapping[str, Any], where: tuple[str | int, ...], files: EvidenceFiles) -> Report:
    """Find a file of JSON, or of JSON a line, and parse it, whatever its name ends with."""
    report, data = _locate(reference, where, files)
    if report.status != "present":
        return report
    made = parsed(data, report.file if report.file.endswith(".json") else f"{report.file}.json")
    if not made.faults:
        return report._replace(value=made.documents[0].value)
    fault = made.faults[0]
    if fault.code == "syntax" and has_lines(data, report.file):
        lines = read_lines(data, report.file)
        if lines.fault is None:
            return report._replace(value=lines)
        fault = lines.fault
    refused = report.refused(Unsound(fault.message))
    if fault.line is None or report.source != "repository":
        return refused
    line = {"file": report.file, "revision": "head", "line": fault.line, "column": fault.column or 1}
    return refused._replace(place={"at": line})


def _locate(reference: Mapping[str, Any], where: tuple[str | int, ...], files: EvidenceFiles) -> tuple[Report, bytes]:
    """Find a file by its reference, which has to give a digest: without one it binds nothing, whatever lies there."""
    named = reference.get("path") or reference.get("uri")
    if named is None or "digest" not in reference:
        reason = f"no digest is given for {named}" if named else "it names no file"
        return Report(where, "invalid", reason, place={"path": [*where, "digest" if named else "path"]}), b""
    file = files.find(reference)
    if file.status == "present":
        report = Report(where, "present", file=file.path, digest=file.sha256, source=file.source, content=file.content)
        return report._replace(place=report.at()), file.data
    key = "path" if "path" in reference else "uri"
    if key == "path" and files.read(named).status == "present":
        key = "digest"  # the file is there, and it is another one
    return Report(where, file.status, file.reason, file=file.path, place={"path": [*where, key]}), b""
