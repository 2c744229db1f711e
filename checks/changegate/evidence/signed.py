"""What is signed of a release, by whom, and whom the base asks for: facts beside each signature and attestation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.attested import attested_facts
from changegate.evidence.reports import beside
from changegate.evidence.signed_model import is_of_a_model, model_facts, read_signed_model
from changegate.evidence.verification import verify_statement
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from changegate.evidence.collector import EvidenceRequest
    from changegate.evidence.reports import Place, Report
    from changegate.evidence.statements import InTotoStatement
    from changegate.evidence.verification import WhoSigned
    from changegate.policy.signers import Cover


class SignedItem(NamedTuple):
    """One statement that a release names, and who signed it."""

    what: str
    """`signature` or `attestation`."""
    report: Report
    statement: InTotoStatement
    verification: WhoSigned

    @property
    def place(self) -> Place:
        """Where it stands, and where the manifest names it."""
        place = self.report.at(*self.statement.place, line=self.statement.line)
        named = {"path": list(self.report.reference)}
        return beside(place, ("where the manifest names it", named)) if "at" in place else place


def verified_items(
    request: EvidenceRequest, what: str, made: Sequence[tuple[Report, Sequence[InTotoStatement]]]
) -> list[SignedItem]:
    """Hold the statements of some files against those whom the base names."""
    return [
        SignedItem(what, report, one, verify_statement(one, request.signers, request.now))
        for report, several in made
        for one in several
    ]


def signed_facts(request: EvidenceRequest, items: Sequence[SignedItem]) -> dict[str, Any]:
    """The facts: everything that is signed, and everything that has to be."""
    covers = request.signers.covering(_holders(request))
    return {
        "signed": [_told(request, one, covers) for one in items],
        "covers": [_asked(one, items) for one in covers],
        "signedEvidence": signed_evidence(request.release, items),
    }


def signed_evidence(release: Mapping[str, Any], items: Sequence[SignedItem]) -> list[dict[str, Any]]:
    """The reports of a release, and who signed a statement on each: bound by a signature are those with a signer.

    Args:
        release: The manifest.
        items: What is signed of it, and by whom.

    Returns:
        An entry for each report that `evaluation`, `fairness` or another block names with a digest: its digest, and who
        signed a statement of which it is a subject. Nobody is an empty list.
    """
    found = []
    for section, index, digest in _reports(release):
        signers = {one for item in items if digest in item.statement.digests for one in item.verification.signers}
        place = {"path": ["spec", section, "evidence", index]}
        found.append({"section": section, "digest": digest, "signers": sorted(signers), "place": place})
    return found


def _reports(release: Mapping[str, Any]) -> Iterator[tuple[str, int, str]]:
    for section, block in release.get("spec", {}).items():
        listed = block.get("evidence") if isinstance(block, dict) else None
        for index, one in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(one, dict) and "digest" in one:
                yield section, index, str(one["digest"])


def _holders(request: EvidenceRequest) -> Iterator[tuple[str, str]]:
    for release in (request.release, request.previous):
        if release is not None:
            yield release["metadata"]["name"], release["metadata"]["owner"]


def _told(request: EvidenceRequest, item: SignedItem, covers: Sequence[Cover]) -> dict[str, Any]:
    found = item.verification
    about = [one for one in covers if one.is_about(item.statement.predicate_type)]
    is_model = item.what == "signature" or is_of_a_model(item.statement)
    return {
        "what": item.what,
        "predicateType": item.statement.predicate_type,
        "verified": bool(found.by),
        "told": found.told,
        "signers": list(found.signers),
        "covers": [_cover(one, found.signers) for one in about],
        "doubts": [one._asdict() for one in found.doubts],
        **({"unknown": found.unknown} if found.unknown else {}),
        **({"model": _model(request, item)} if is_model else {}),
        **_attested(request, item),
        **({"job": dict(found.job)} if found.job else {}),
        "place": item.place,
    }


def _attested(request: EvidenceRequest, item: SignedItem) -> dict[str, Any]:
    """What an attestation says, and the artifacts of the release that it says it of."""
    stated = request.release["spec"].get("provenance", {})
    said = attested_facts(item.statement, item.verification, request.signers, stated.get("source", {}))
    artifacts = request.release["spec"]["artifacts"]
    about = [one["name"] for one in artifacts if one.get("digest") in item.statement.digests]
    return {"attested": {**said, "about": about}} if said else {}


def _model(request: EvidenceRequest, item: SignedItem) -> dict[str, Any]:
    """What was signed, held against the release."""
    model = read_signed_model(item.statement)
    return model_facts(model, request.release, request.files, item.report.file.rpartition("/")[2])


def _cover(cover: Cover, signers: Sequence[str]) -> dict[str, Any]:
    return {
        "tiers": list(cover.tiers),
        "needs": "all" if cover.needs_all else "any",
        "signers": list(cover.signers),
        "by": [one for one in signers if one in cover.signers],
    }


def _asked(cover: Cover, items: Sequence[SignedItem]) -> dict[str, Any]:
    """A cover, and how many statements there are that it is about."""
    about = [one for one in items if cover.is_about(one.statement.predicate_type)]
    signers = sorted({signer for one in about for signer in one.verification.signers})
    types = cover.said.get("predicateTypes", ["any statement"])
    return {**_cover(cover, signers), "statementsCount": len(about), "predicateTypes": list(types)}
