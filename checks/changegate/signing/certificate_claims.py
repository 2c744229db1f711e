"""What a certificate of a CI job says of that job: the extensions that Fulcio writes for GitHub and GitLab.

They are as good as the authority that issued the certificate: ask for them only where a chain leads to a trusted one.
Source: sigstore/fulcio, docs/oid-info.md (1.3.6.1.4.1.57264.1).
"""

from __future__ import annotations

from typing import Any

_ARC = "1.3.6.1.4.1.57264.1."
CLAIMS = {
    8: "issuer",
    9: "buildSigner",
    11: "runner",
    12: "repository",
    13: "commit",
    14: "ref",
    20: "trigger",
    21: "run",
}
"""The last number of the extension -> what it says; each is a DER string. The older ones (1 to 6) are left aside."""
_LONGEST = 500
_UTF8 = 0x0C


def certificate_claims(certificate: Any) -> dict[str, str]:
    """What a certificate says of the job that it was given to.

    Args:
        certificate: As `cryptography` has it.

    Returns:
        The claims that are there, by the names in `CLAIMS`; those that are no text are left out.
    """
    wanted = {f"{_ARC}{number}": name for number, name in CLAIMS.items()}
    found: dict[str, str] = {}
    for extension in certificate.extensions:
        name = wanted.get(extension.oid.dotted_string)
        text = _text(getattr(extension.value, "value", b"")) if name else ""
        if name and text:
            found[name] = text
    return found


def _text(der: bytes) -> str:
    """A UTF8String of DER; empty where it is something else, or more than that."""
    if len(der) < 2 or der[0] != _UTF8:
        return ""
    length, start = der[1], 2
    if length & 0x80:
        count = length & 0x7F
        if not 1 <= count <= 2 or len(der) < 2 + count:
            return ""
        length, start = int.from_bytes(der[2 : 2 + count], "big"), 2 + count
    data = der[start:]
    if len(data) != length or length > _LONGEST:
        return ""
    return data.decode("utf-8", "replace")
