"""Who signed a statement: its signatures, held against the keys, authorities and identities that the base names.

A signature counts that is by one of these, at a moment at which it may be. When it was made is not its own to say:
without somebody else's word it counts only while it could be made now. Whether those who signed are enough is a
policy's part.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from changegate.evidence.statements import DIGESTS_TYPE, InTotoStatement, decode
from changegate.evidence.unsound import Unsound
from changegate.records import NamedTuple
from changegate.signing.dsse import pre_authentication

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from changegate.policy.signers import Signers, Span, Trusted

KINDS = (
    "payload-altered", "weak-algorithm", "weak-key", "wrong-usage", "not-yet-valid", "expired", "wrong-key",
)  # fmt: skip
"""Why a signature does not count, the most telling first."""


class Doubt(NamedTuple):
    """Why a signature does not count."""

    kind: str
    """One of `KINDS`."""
    reason: str


class WhoSigned(NamedTuple):
    """What came of holding a statement against those whom the base names."""

    by: tuple[Trusted, ...] = ()
    """What it is signed with, of all that counts."""
    doubts: tuple[Doubt, ...] = ()
    """Where nothing counts: why, the most telling first."""
    unknown: str = ""
    """Why nobody can tell from here; empty where that was told."""
    job: Mapping[str, str] = {}
    """What the certificate of the signature that counts says of the job that made it (`certificate_claims`)."""

    @property
    def signers(self) -> tuple[str, ...]:
        """Who signed, each once, in the order of their names."""
        return tuple(sorted({one.signer for one in self.by}))

    @property
    def told(self) -> str:
        """What messages say."""
        if self.by:
            return "verified by " + " and ".join(dict.fromkeys(one.told for one in self.by))
        why = self.unknown or (self.doubts[0].reason if self.doubts else "nobody is named who may sign")
        return f"read, not verified: {why}"


class _Tried(NamedTuple):
    """What came of one signature and one thing that a signer signs with."""

    counts: bool = False
    doubt: Doubt | None = None
    unknown: str = ""


def verify_statement(statement: InTotoStatement, signers: Signers, now: int) -> WhoSigned:
    """Hold a statement against everything that signers sign with.

    Args:
        statement: The statement, as it was read.
        signers: Whom the base names.
        now: Seconds since the epoch.
    """
    if not signers.configured:
        return WhoSigned()
    leaf, between, broken = _certificates(statement.material)
    chain = leaf, between
    if broken:
        return WhoSigned(doubts=(Doubt("wrong-key", broken),))
    tried = [(one, _try(statement, chain, one, signers, now)) for one in signers.trusted]
    by = tuple(one for one, what in tried if what.counts)
    if by:
        return WhoSigned(by, job=_job(leaf) if any(one.kind != "keys" for one in by) else {})
    doubts = [what.doubt for _, what in tried if what.doubt is not None]
    unknown = next((what.unknown for _, what in tried if what.unknown), "")
    told = sorted(dict.fromkeys(_without_guesses(doubts)), key=lambda one: KINDS.index(one.kind))
    return WhoSigned(doubts=tuple(told) or (_by_nobody(leaf),), unknown=unknown)


def _job(leaf: Any) -> Mapping[str, str]:
    from changegate.signing.certificate_claims import certificate_claims

    return certificate_claims(leaf)


def _without_guesses(doubts: Sequence[Doubt]) -> Iterator[Doubt]:
    """The doubts; where it is known by whom a signature is, nothing that only a hint says."""
    is_known = any(one.kind in ("weak-algorithm", "expired", "not-yet-valid") for one in doubts)
    return (one for one in doubts if not (is_known and one.kind == "payload-altered"))


def _by_nobody(leaf: Any) -> Doubt:
    if leaf is not None:
        return Doubt("wrong-key", f"it is by a certificate for {_whom(leaf)}, and the base names nobody of that kind")
    return Doubt("wrong-key", "no key that the base names fits it")


def _try(
    statement: InTotoStatement, chain: tuple[Any, tuple[Any, ...]], trusted: Trusted, signers: Signers, now: int
) -> _Tried:
    leaf, between = chain
    if trusted.kind == "keys":
        return _try_key(statement, trusted, now)
    if leaf is None:
        return _Tried()
    if trusted.kind == "authorities":
        return _try_authority(statement, leaf, between, trusted, now)
    return _try_keyless(statement, leaf, trusted, signers.trust_root_text)


def _try_key(statement: InTotoStatement, trusted: Trusted, now: int) -> _Tried:
    from changegate.signing.keys import hints_of

    key = _key(trusted.said["publicKey"])
    if isinstance(key, str):
        return _Tried(doubt=Doubt("weak-key", f"{trusted.told} cannot be used: {key}"))
    if _signed_by(key, statement):
        return _in_time(trusted.span, trusted.told, now)
    if other := _signed_otherwise(key, statement):
        reason = f"it is by {trusted.told}, over {other}, which is not the digest that belongs to that key"
        return _Tried(doubt=Doubt("weak-algorithm", reason))
    if (hints_of(key) | {trusted.name}) & _hints(statement):
        return _Tried(doubt=Doubt("payload-altered", f"it names {trusted.told} and does not fit what was signed"))
    return _Tried()


def _try_authority(
    statement: InTotoStatement, leaf: Any, between: tuple[Any, ...], trusted: Trusted, now: int
) -> _Tried:
    from changegate.signing.certificates import chain_fault, identities_of, load_pem_certificates
    from changegate.signing.keys import key_fault

    roots = load_pem_certificates(trusted.said["certificates"])
    if isinstance(roots, str):
        return _Tried(doubt=Doubt("weak-key", f"{trusted.told} cannot be used: {roots}"))
    fault = chain_fault(leaf, between, roots, now)
    if fault is not None:
        return _Tried(doubt=Doubt(fault.kind, f"by {trusted.told}, {fault.reason}"))
    if weak := key_fault(leaf.public_key()):
        return _Tried(doubt=Doubt("weak-key", weak))
    if not set(identities_of(leaf)) & set(trusted.said["identities"]):
        whom = " or ".join(trusted.said["identities"])
        return _Tried(doubt=Doubt("wrong-key", f"its certificate is for {_whom(leaf)}, and not for {whom}"))
    if not _signed_by(leaf.public_key(), statement):
        return _Tried(doubt=Doubt("payload-altered", "it does not fit what was signed by the key of its certificate"))
    return _in_time(trusted.span, trusted.told, now)


def _try_keyless(statement: InTotoStatement, leaf: Any, trusted: Trusted, trust_root: str) -> _Tried:
    """Whether a certificate names a keyless identity, and sigstore vouches for it and for the moment."""
    from changegate.signing.certificates import identities_of

    if trusted.said["identity"] not in identities_of(leaf):
        return _Tried(doubt=Doubt("wrong-key", f"its certificate is for {_whom(leaf)}, and not for {trusted.told}"))
    said = _job(leaf).get("issuer", "")
    if said and said != trusted.said["issuer"]:
        whose = said.encode("ascii", "backslashreplace").decode()[:200]
        return _Tried(
            doubt=Doubt("wrong-key", f"its certificate is by the word of {whose}, and not for {trusted.told}")
        )
    for claim, wanted in trusted.said.get("claims", {}).items():
        if (told := _job(leaf).get(claim, "")) != wanted:
            shown = told.encode("ascii", "backslashreplace").decode()[:200] or "nothing"
            reason = f"its certificate says {shown} of its {claim}, and {trusted.told} has {wanted}"
            return _Tried(doubt=Doubt("wrong-key", reason))
    return _vouched(statement, trusted, trust_root)


def _vouched(statement: InTotoStatement, trusted: Trusted, trust_root: str) -> _Tried:
    """Ask sigstore's library, with the trust root of the base and nothing else."""
    from changegate.signing.keyless import KeylessSignature, KeylessUnknown, Unvouched, verify_keyless

    signed = statement.signed
    envelope = KeylessSignature(signed.payload, signed.payload_type, signed.signatures, statement.material)
    answer = verify_keyless(envelope, (trusted.said["identity"], trusted.said["issuer"]), trust_root)
    if isinstance(answer, KeylessUnknown):
        return _Tried(unknown=f"its certificate names {trusted.told}, and {answer.reason}")
    if isinstance(answer, Unvouched):
        kind = "payload-altered" if answer.is_altered else "wrong-key"
        return _Tried(doubt=Doubt(kind, f"its certificate names {trusted.told}, and {answer.reason}"))
    return _at_moment(trusted.span, trusted.told, answer.moment)


def _whom(leaf: Any) -> str:
    from changegate.signing.certificates import identities_of

    text = ", ".join(identities_of(leaf)[:3]).encode("ascii", "backslashreplace").decode()
    return text[:200] or "nobody"


def _in_time(span: Span, told: str, now: int) -> _Tried:
    """Whether something counts for a signature of which nobody says when it was made: only if it could be made now."""
    undated = "and the signature does not show that it was made before"
    ends = f"{told} was revoked, {undated}", f"{told} is not valid any more, {undated}"
    return _at(now, span, f"{told} is not valid yet", *ends)


def _at_moment(span: Span, told: str, moment: int) -> _Tried:
    """Whether something counts for a signature that was made at a moment that somebody vouches for."""
    ends = f"{told} was revoked before it was signed", f"{told} was not valid any more when it was signed"
    return _at(moment, span, f"{told} was not valid yet when it was signed", *ends)


def _at(moment: int, span: Span, early: str, revoked: str, late: str) -> _Tried:
    if span.begins is not None and moment < span.begins:
        return _Tried(doubt=Doubt("not-yet-valid", early))
    if span.revoked is not None and moment >= span.revoked:
        return _Tried(doubt=Doubt("expired", revoked))
    if span.ends is not None and moment > span.ends:
        return _Tried(doubt=Doubt("expired", late))
    return _Tried(counts=True)


def _signed_by(key: Any, statement: InTotoStatement) -> bool:
    from changegate.signing.keys import is_by

    signatures = [signature for _, signature in statement.signed.signatures]
    return any(is_by(key, one, signed) for signed in _signed_bytes(statement) for one in signatures)


def _signed_bytes(statement: InTotoStatement) -> Iterator[bytes]:
    """What signatures are over."""
    kind, payload = statement.signed.payload_type, statement.signed.payload
    yield pre_authentication(kind, payload)
    if statement.predicate_type == DIGESTS_TYPE:
        # NOTE: version 0.2 of model signing wrote the bytes as Python shows them (`pae_compat` there).
        yield f"DSSEV1 {len(kind)} {kind} {len(payload)} {payload!r}".encode()


def _signed_otherwise(key: Any, statement: InTotoStatement) -> str:
    from changegate.signing.keys import is_by_with_another_digest

    signed = pre_authentication(statement.signed.payload_type, statement.signed.payload)
    found = (is_by_with_another_digest(key, signature, signed) for _, signature in statement.signed.signatures)
    return next(filter(None, found), "")


def _hints(statement: InTotoStatement) -> frozenset[str]:
    material = statement.material if isinstance(statement.material, dict) else {}
    public = material.get("publicKey")
    hint = str(public.get("hint", "")) if isinstance(public, dict) else ""
    return frozenset(filter(None, (hint, *(key_id for key_id, _ in statement.signed.signatures))))


@lru_cache(maxsize=256)
def _key(text: str) -> Any:
    from changegate.signing.keys import load_pem_key

    return load_pem_key(text)


def _certificates(material: Any) -> tuple[Any, tuple[Any, ...], str]:
    """The leaf that a bundle brings, what it brings beside it, and why that cannot be read."""
    texts = list(_raw_certificates(material))
    if not texts:
        return None, (), ""
    from changegate.signing.certificates import LONGEST_CHAIN, load_der_certificate

    if len(texts) > LONGEST_CHAIN:
        return None, (), f"it brings more than {LONGEST_CHAIN} certificates"
    try:
        read = [load_der_certificate(decode(one, ("rawBytes",))) for one in texts]
    except Unsound:
        read = [None]
    if None in read:
        return None, (), "a certificate that it brings cannot be read"
    return read[0], tuple(read[1:]), ""


def _raw_certificates(material: Any) -> Iterator[Any]:
    if not isinstance(material, dict):
        return
    one, chain = material.get("certificate"), material.get("x509CertificateChain")
    if isinstance(one, dict):
        yield one.get("rawBytes")
    several = chain.get("certificates") if isinstance(chain, dict) else None
    for certificate in several if isinstance(several, list) else ():
        yield certificate.get("rawBytes") if isinstance(certificate, dict) else None
