"""Who signed a statement: bundles of the real tools, keys of every kind, certificates at every moment."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from changegate.evidence.provenance import read_statement
from changegate.evidence.verification import WhoSigned, verify_statement
from changegate.manifest.moments import moment
from changegate.policy.signers import Cover, Signers, Span, Trusted
from support.signing_attacks import KEYS, in_bundle, private_key, public_pem, sign, statement_of

BUNDLES = Path(__file__).parents[1] / "signing" / "bundles"
NOW = moment("2026-11-02T12:00:00Z") or 0
WHO = "ml-signing@acme.example"
STATEMENT = {
    "_type": "https://in-toto.io/Statement/v1",
    "subject": [{"name": "model", "digest": {"sha256": "a" * 64}}],
    "predicateType": "https://slsa.dev/provenance/v1",
    "predicate": {},
}


def key(pem: str, **span: str) -> Trusted:
    return Trusted("training", "2026", "keys", {"publicKey": pem}, spanning(**span))


def authority(pem: str, *identities: str, **span: str) -> Trusted:
    said = {"certificates": pem, "identities": list(identities or (WHO,))}
    return Trusted("training", "acme", "authorities", said, spanning(**span))


def spanning(begins: str = "", ends: str = "", revoked: str = "") -> Span:
    return Span(*(moment(one) if one else None for one in (begins, ends, revoked)))


def asked(value: Any, *trusted: Trusted, now: int = NOW) -> WhoSigned:
    return verify_statement(read_statement(value), Signers((Cover({"anyOf": ["training"]}),), trusted), now)


def kinds(found: WhoSigned) -> list[str]:
    return [one.kind for one in found.doubts]


def bundle(name: str) -> Any:
    return json.loads((BUNDLES / name).read_text())


def test_a_bundle_by_model_signing_with_a_key() -> None:
    found = asked(bundle("key.sig"), key(public_pem(private_key())))
    assert found.told == "verified by key 2026 of signer training"


def test_a_bundle_by_model_signing_with_a_certificate() -> None:
    found = asked(bundle("certificate.sig"), authority((KEYS / "root.crt").read_text()))
    assert found.told == "verified by authority acme of signer training"


def test_a_bundle_by_cosign_with_a_key() -> None:
    found = asked(bundle("cosign.json"), key(public_pem(private_key())))
    assert found.told == "verified by key 2026 of signer training"


@pytest.mark.parametrize("name", ["key.sig", "certificate.sig", "cosign.json"])
def test_a_bundle_of_a_real_tool_by_somebody_else(name: str) -> None:
    found = asked(bundle(name), key(public_pem(private_key("other"))))
    assert (kinds(found), found.by) == (["wrong-key"], ())
    assert found.told.startswith("read, not verified: ")


@pytest.mark.parametrize(("name", "kind"), [("key.sig", "payload-altered"), ("cosign.json", "payload-altered")])
def test_a_bundle_of_a_real_tool_that_was_edited(name: str, kind: str) -> None:
    value = bundle(name)
    statement = statement_of(value)
    statement["subject"][0]["name"] = "another"
    value["dsseEnvelope"]["payload"] = base64.b64encode(json.dumps(statement).encode()).decode()
    assert kinds(asked(value, key(public_pem(private_key())))) == [kind]


def test_an_edited_bundle_with_a_certificate() -> None:
    value = bundle("certificate.sig")
    statement = statement_of(value)
    value["dsseEnvelope"]["payload"] = base64.b64encode(json.dumps(statement, indent=1).encode()).decode()
    assert kinds(asked(value, authority((KEYS / "root.crt").read_text()))) == ["payload-altered"]


@pytest.mark.parametrize(
    "made",
    [
        ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP521R1()),
        ed25519.Ed25519PrivateKey.generate(), rsa.generate_private_key(65537, 2048),
    ],
    ids=["P-256", "P-521", "Ed25519", "RSA"],
)  # fmt: skip
def test_keys_of_every_kind(made: Any) -> None:
    digest = "SHA512" if getattr(made, "key_size", 0) == 521 else "SHA256"
    value = sign(STATEMENT, made, digest)
    assert asked(value, key(public_pem(made))).by
    assert asked(in_bundle(value), key(public_pem(private_key("other"))), key(public_pem(made))).signers == (
        "training",
    )


def test_no_signers_look_at_nothing() -> None:
    found = verify_statement(read_statement(sign(STATEMENT)), Signers(), NOW)
    assert (found.by, found.doubts, found.told) == ((), (), "read, not verified: nobody is named who may sign")


def test_a_weak_key_never_counts() -> None:
    weak = rsa.generate_private_key(65537, 1024)
    assert kinds(asked(sign(STATEMENT, weak), key(public_pem(weak)))) == ["weak-key"]


def test_another_form_of_an_ed25519_signature_never_counts() -> None:
    """The group's order added to its second half is the same signature to a careless verifier."""
    made = ed25519.Ed25519PrivateKey.generate()
    value = sign(STATEMENT, made)
    raw = base64.b64decode(value["signatures"][0]["sig"])
    order = 2**252 + 27742317777372353535851937790883648493
    again = (int.from_bytes(raw[32:], "little") + order).to_bytes(32, "little")
    value["signatures"][0]["sig"] = base64.b64encode(raw[:32] + again).decode()
    assert not asked(value, key(public_pem(made))).by


def test_a_strangers_signature_beside_one_that_counts_adds_nobody() -> None:
    value, other = sign(STATEMENT), sign(STATEMENT, private_key("other"))
    value["signatures"] = [*other["signatures"], *value["signatures"]]
    assert asked(value, key(public_pem(private_key()))).told == "verified by key 2026 of signer training"
    value["signatures"] = other["signatures"] * 2
    assert kinds(asked(value, key(public_pem(private_key())))) == ["wrong-key"]


def test_another_digest_than_the_curves_never_counts() -> None:
    found = asked(sign(STATEMENT, private_key(), "SHA384"), key(public_pem(private_key())))
    assert kinds(found) == ["weak-algorithm"]
    assert "SHA384" in found.doubts[0].reason


@pytest.mark.parametrize(
    ("span", "kind"),
    [
        ({"begins": "2026-11-03T00:00:00Z"}, "not-yet-valid"),
        ({"ends": "2026-11-01T00:00:00Z"}, "expired"),
        ({"revoked": "2026-11-02T12:00:00Z"}, "expired"),
        ({"begins": "2026-11-02T12:00:00Z", "ends": "2026-11-02T12:00:00Z", "revoked": "2026-11-02T12:00:01Z"}, ""),
    ],
)
def test_a_signature_counts_while_its_key_does(span: dict[str, str], kind: str) -> None:
    assert kinds(asked(sign(STATEMENT), key(public_pem(private_key()), **span))) == ([kind] if kind else [])
    root = (KEYS / "root.crt").read_text()
    assert kinds(asked(bundle("certificate.sig"), authority(root, **span))) == ([kind] if kind else [])


# Certificates


class Made:
    """A certificate and its key."""

    def __init__(self, name: str, issuer: Made | None = None, **over: Any) -> None:
        self.key = over.get("key") or ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        above = issuer or self
        begins = over.get("begins", datetime(2026, 1, 1, tzinfo=UTC))
        builder = x509.CertificateBuilder().subject_name(self.name).issuer_name(above.name)
        builder = builder.public_key(self.key.public_key()).serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(begins).not_valid_after(over.get("ends", begins + timedelta(days=365)))
        for value, critical in over["extensions"]:
            builder = builder.add_extension(value, critical)
        self.certificate = builder.sign(above.key, over.get("digest", hashes.SHA256()))

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()


def usage(*, signs: bool = True, issues: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs, key_cert_sign=issues, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def root(name: str = "root", issuer: Made | None = None, *, length: int | None = None, **over: Any) -> Made:
    extensions = [(x509.BasicConstraints(True, length), True), (usage(signs=False, issues=True), True)]
    return Made(name, issuer, **{"extensions": extensions, **over})


CODE = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), False)
SERVER = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
UNKNOWN = (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3"), b""), True)
EVE = (x509.SubjectAlternativeName([x509.RFC822Name("eve@acme.example")]), False)
NAMES = (x509.SubjectAlternativeName([x509.RFC822Name(WHO)]), False)


def leaf(issuer: Made, *extensions: Any, **over: Any) -> Made:
    return Made("leaf", issuer, extensions=extensions or [(usage(), True), CODE, NAMES], **over)


def signed_with(one: Made, *between: Made) -> Any:
    chain = [
        base64.b64encode(each.certificate.public_bytes(serialization.Encoding.DER)).decode() for each in (one, *between)
    ]
    material = {"x509CertificateChain": {"certificates": [{"rawBytes": each} for each in chain]}}
    return in_bundle(sign(STATEMENT, one.key), material)


TOP = root()


def test_a_chain_in_any_order_of_what_is_between() -> None:
    upper = root("upper", TOP)
    lower = root("lower", upper)
    for between in ((upper, lower), (lower, upper), (upper, lower, TOP)):
        assert asked(signed_with(leaf(lower), *between), authority(TOP.pem)).by


@pytest.mark.parametrize(
    ("made", "kind"),
    [
        (lambda: leaf(TOP), ""),
        (lambda: leaf(TOP, (usage(), True), NAMES), ""),
        (lambda: leaf(root("other")), "wrong-key"),
        (lambda: leaf(root()), "wrong-key"),
        (lambda: leaf(TOP, (usage(signs=False), True), CODE, NAMES), "wrong-usage"),
        (lambda: leaf(TOP, CODE, NAMES), "wrong-usage"),
        (lambda: leaf(TOP, (usage(), True), NAMES, SERVER),
         "wrong-usage"),
        (lambda: leaf(TOP, (x509.BasicConstraints(True, None), True), (usage(), True), NAMES), "wrong-usage"),
        (lambda: leaf(TOP, (usage(), True), CODE, NAMES, UNKNOWN),
         "wrong-usage"),
        (lambda: leaf(TOP, (usage(), True), CODE), "wrong-key"),
        (lambda: leaf(TOP, (usage(), True), CODE, EVE),
         "wrong-key"),
        (lambda: leaf(TOP, begins=datetime(2026, 12, 1, tzinfo=UTC)), "not-yet-valid"),
        (lambda: leaf(TOP, ends=datetime(2026, 11, 1, tzinfo=UTC)), "expired"),
        (lambda: leaf(TOP, key=rsa.generate_private_key(65537, 1024)), "weak-key"),
        (lambda: leaf(TOP, key=ec.generate_private_key(ec.SECP192R1())), "weak-key"),
    ],
)  # fmt: skip
def test_leaves(made: Any, kind: str) -> None:
    one = made()
    value = signed_with(one)
    assert kinds(asked(value, authority(TOP.pem))) == ([kind] if kind else [])


def test_a_leaf_does_not_issue_others() -> None:
    first = leaf(TOP)
    assert kinds(asked(signed_with(leaf(first), first), authority(TOP.pem))) == ["wrong-key"]


def test_an_authority_keeps_to_its_path_length() -> None:
    short = root("short", length=0)
    between = root("between", short)
    assert kinds(asked(signed_with(leaf(between), between), authority(short.pem))) == ["wrong-key"]
    assert asked(signed_with(leaf(short)), authority(short.pem)).by


def test_an_authority_that_has_ended_vouches_for_nobody() -> None:
    old = root("old", ends=datetime(2026, 10, 1, tzinfo=UTC))
    assert kinds(asked(signed_with(leaf(old)), authority(old.pem))) == ["expired"]


def test_the_moment_of_signing_is_never_the_leafs_own_beginning() -> None:
    """The verifier of model signing takes it, and lets an expired leaf pass."""
    expired = leaf(TOP, begins=datetime(2026, 1, 1, tzinfo=UTC), ends=datetime(2026, 1, 2, tzinfo=UTC))
    found = asked(signed_with(expired), authority(TOP.pem))
    assert kinds(found) == ["expired"]
    assert "nothing shows that it was signed before" in found.told


@pytest.mark.parametrize(
    "material",
    [
        {"x509CertificateChain": {"certificates": [{"rawBytes": "AAAA"}]}},
        {"x509CertificateChain": {"certificates": [{"rawBytes": 7}]}},
        {"x509CertificateChain": {"certificates": ["x"]}},
        {"x509CertificateChain": {"certificates": [{"rawBytes": "AAAA"}] * 9}},
        {"certificate": {"rawBytes": "not base64!"}},
    ],
)
def test_what_is_no_certificate_is_told(material: Any) -> None:
    found = asked(in_bundle(sign(STATEMENT), material), authority(TOP.pem), key(public_pem(private_key())))
    assert kinds(found) == ["wrong-key"]


@pytest.mark.parametrize("material", [{"x509CertificateChain": 7}, {"certificate": []}, {"publicKey": 3}, {}])
def test_other_material_is_as_good_as_none(material: Any) -> None:
    assert asked(in_bundle(sign(STATEMENT), material), key(public_pem(private_key()))).by


# What a certificate says of a job


def job(**said: bytes | str) -> list[Any]:
    """The extensions of Fulcio, by their last number."""
    numbers = {"issuer": 8, "repository": 12, "commit": 13}
    made = []
    for name, value in said.items():
        data = value if isinstance(value, bytes) else bytes([0x0C, len(value)]) + value.encode()
        made.append(
            (x509.UnrecognizedExtension(x509.ObjectIdentifier(f"1.3.6.1.4.1.57264.1.{numbers[name]}"), data), False)
        )
    return made


def test_a_certificate_of_a_job_says_which_source_it_had() -> None:
    said = {"repository": "https://github.com/acme/fraud", "commit": "9" * 40}
    found = asked(signed_with(leaf(TOP, (usage(), True), CODE, NAMES, *job(**said))), authority(TOP.pem))
    assert (dict(found.job), bool(found.by)) == (said, True)


def test_a_keyless_identity_by_another_issuer_is_not_the_one_that_may_sign() -> None:
    said = {"identity": WHO, "issuer": "https://accounts.acme.example"}
    pinned = Trusted("training", "workflow", "keyless", said, Span())
    by_eve = signed_with(leaf(TOP, (usage(), True), CODE, NAMES, *job(issuer="https://login.eve.example")))
    found = asked(by_eve, pinned)
    assert (kinds(found), found.unknown) == (["wrong-key"], "")
    assert "https://login.eve.example" in found.told
    by_theirs = signed_with(leaf(TOP, (usage(), True), CODE, NAMES, *job(issuer="https://accounts.acme.example")))
    assert (asked(by_theirs, pinned).by, bool(asked(by_theirs, pinned).unknown)) == ((), True)


def test_a_certificate_that_leads_nowhere_says_nothing() -> None:
    found = asked(signed_with(leaf(root(), (usage(), True), CODE, NAMES, *job(commit="9" * 40))), authority(TOP.pem))
    assert (found.job, found.by) == ({}, ())


@pytest.mark.parametrize("value", [b"", b"\x0c", b"\x0c\x05ab", b"\x0c\x82\x01", b"\x13\x02ab", b"\x0c\x02abc"])
def test_a_claim_that_is_no_text_is_none(value: bytes) -> None:
    found = asked(signed_with(leaf(TOP, (usage(), True), CODE, NAMES, *job(commit=value))), authority(TOP.pem))
    assert (found.job, bool(found.by)) == ({}, True)
