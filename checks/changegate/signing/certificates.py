"""Certificates of signers: a chain from a leaf to a trusted authority, as it is at one moment.

The moment is one that somebody else vouches for, or now. A leaf's own `notBefore` is none: whoever holds a key that has
expired would choose it. Source: RFC 5280, as far as signing needs it; what is not understood is refused.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from changegate.records import NamedTuple
from changegate.signing.keys import key_fault

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_CHAIN = 8
_WEAK = frozenset({"md5", "sha1", "sha224", "md2", "md4"})
_UNDERSTOOD = frozenset({"2.5.29.15", "2.5.29.19", "2.5.29.37", "2.5.29.17"})
"""Extensions that may be critical: key usage, basic constraints, extended key usage, alternative names."""


class ChainFault(NamedTuple):
    """Why a chain does not hold."""

    kind: str
    """`not-yet-valid`, `expired`, `wrong-usage`, `weak-key` or `wrong-key`."""
    reason: str


def load_pem_certificates(text: str) -> Any:
    """Read certificates from PEM; a text that says why where they cannot be read."""
    from cryptography import x509

    try:
        return tuple(x509.load_pem_x509_certificates(text.encode()))
    except ValueError:
        return "it is no certificate in PEM that can be read"


def certificates_fault(text: str) -> str:
    """Say why a PEM text is no certificates of an authority; empty where it is."""
    read = load_pem_certificates(text)
    if isinstance(read, str):
        return read
    return next((fault for one in read if (fault := authority_fault(one))), "")


def load_der_certificate(data: bytes) -> Any:
    """Read a certificate from DER; None where it is none."""
    from cryptography import x509

    try:
        certificate = x509.load_der_x509_certificate(data)
        _ = certificate.extensions, certificate.public_key(), certificate.subject, certificate.issuer
    except Exception:  # noqa: BLE001  (whatever a hostile certificate makes the parser say, it is none)
        return None
    return certificate


def authority_fault(certificate: Any) -> str:
    """Say why a certificate is none of an authority; empty where it is."""
    constraints = _extension(certificate, "BasicConstraints")
    if constraints is None or not constraints.ca:
        return "the certificate is none of an authority (no basic constraint CA)"
    usage = _extension(certificate, "KeyUsage")
    if usage is not None and not usage.key_cert_sign:
        return "the authority's certificate may sign no certificates"
    return weakness_of(certificate)


def weakness_of(certificate: Any) -> str:
    """Say what is weak about a certificate: its key, or what it was signed with; empty where nothing is."""
    fault = key_fault(certificate.public_key())
    if fault:
        return fault
    try:
        algorithm = certificate.signature_hash_algorithm
    except Exception:  # noqa: BLE001  (`cryptography` raises its own for what it does not know)
        return "it is signed with an algorithm that is not used"
    weak = algorithm is not None and algorithm.name in _WEAK
    return f"it is signed over {algorithm.name}, which is weak" if weak else ""


def identities_of(certificate: Any) -> tuple[str, ...]:
    """Whom a leaf is for: the e-mail addresses and addresses among its alternative names."""
    from cryptography import x509

    names = _extension(certificate, "SubjectAlternativeName")
    if names is None:
        return ()
    found = [*names.get_values_for_type(x509.RFC822Name), *names.get_values_for_type(x509.UniformResourceIdentifier)]
    return tuple(map(str, found))


def chain_fault(leaf: Any, between: Sequence[Any], roots: Sequence[Any], at: int) -> ChainFault | None:
    """Say why a leaf does not lead to a trusted authority; None where it does.

    Args:
        leaf: The signer's certificate.
        between: What the bundle brings beside it, in any order. None of it is trusted.
        roots: The trusted authority's certificates.
        at: The moment at which all of them have to hold, in seconds since the epoch.
    """
    fault = _leaf_fault(leaf)
    if fault is not None:
        return fault
    chain = _chain(leaf, tuple(between)[:LONGEST_CHAIN], tuple(roots))
    if chain is None:
        return ChainFault("wrong-key", "its certificate does not lead to that authority")
    return next((fault for one in chain if (fault := _moment_fault(one, at))), None) or _weak(chain)


def _weak(chain: Sequence[Any]) -> ChainFault | None:
    weak = next((fault for one in chain if (fault := weakness_of(one))), "")
    return ChainFault("weak-key", f"a certificate of its chain is too weak: {weak}") if weak else None


def _leaf_fault(leaf: Any) -> ChainFault | None:
    """A leaf that may sign something else than content."""
    from cryptography.x509.oid import ExtendedKeyUsageOID

    constraints, usage, purposes = (
        _extension(leaf, name) for name in ("BasicConstraints", "KeyUsage", "ExtendedKeyUsage")
    )
    if constraints is not None and constraints.ca:
        return ChainFault("wrong-usage", "its certificate is an authority's, and those sign certificates alone")
    if usage is None or not usage.digital_signature:
        return ChainFault("wrong-usage", "its certificate does not say that it may sign (key usage digitalSignature)")
    if purposes is not None and ExtendedKeyUsageOID.CODE_SIGNING not in purposes:
        return ChainFault("wrong-usage", "its certificate is for something else than signing code (codeSigning)")
    if _unknown_critical(leaf):
        return ChainFault("wrong-usage", "its certificate has a critical extension that is not understood")
    return None


def _unknown_critical(certificate: Any) -> bool:
    return any(one.critical and one.oid.dotted_string not in _UNDERSTOOD for one in certificate.extensions)


def _chain(leaf: Any, between: tuple[Any, ...], roots: tuple[Any, ...], below: int = 0) -> tuple[Any, ...] | None:
    """The certificates from a leaf to a root, each issued by the next; None where there is no such way."""
    for root in roots:
        if leaf == root or _issued(leaf, root, below):
            return (leaf,) if leaf == root else (leaf, root)
    for index, one in enumerate(between):
        if below < LONGEST_CHAIN and _issued(leaf, one, below):
            rest = _chain(one, (*between[:index], *between[index + 1 :]), roots, below + 1)
            if rest is not None:
                return (leaf, *rest)
    return None


def _issued(certificate: Any, issuer: Any, below: int) -> bool:
    """Whether one certificate was issued by another, which may do so.

    Args:
        certificate: The lower one.
        issuer: The upper one.
        below: How many authorities stand below the upper one already.
    """
    constraints = _extension(issuer, "BasicConstraints")
    if authority_fault(issuer) or _unknown_critical(issuer):
        return False
    if constraints.path_length is not None and constraints.path_length < below:
        return False
    try:
        certificate.verify_directly_issued_by(issuer)
    except Exception:  # noqa: BLE001  (wrong name, wrong signature, an algorithm that is unknown: it was not)
        return False
    return True


def _moment_fault(certificate: Any, at: int) -> ChainFault | None:
    moment = datetime.fromtimestamp(at, UTC)
    if moment < certificate.not_valid_before_utc:
        begins = _day(certificate.not_valid_before_utc)
        return ChainFault("not-yet-valid", f"a certificate of its chain is valid from {begins} only")
    if moment > certificate.not_valid_after_utc:
        ended = _day(certificate.not_valid_after_utc)
        return ChainFault("expired", f"a certificate of its chain was valid until {ended}, and nothing shows that it was signed before")  # fmt: skip  # noqa: E501
    return None


def _day(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _extension(certificate: Any, name: str) -> Any:
    from cryptography import x509

    try:
        return certificate.extensions.get_extension_for_class(getattr(x509, name)).value
    except x509.ExtensionNotFound:
        return None
