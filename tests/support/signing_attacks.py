"""Signatures and attestations that are not what they seem, made with the key of the fixtures and with others."""

from __future__ import annotations

import base64
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from changegate import fixtures
from changegate.resources import FIXTURES
from changegate.signing.dsse import IN_TOTO, pre_authentication

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from changegate.fixtures import LaidOut

KEYS = Path(__file__).with_name("signing_keys")
MODEL = "models/fraud-detector"
SIGNATURE, BUILD = f"{MODEL}/evidence/model.sig", f"{MODEL}/evidence/provenance.dsse.json"
SIGNERS = ".changegate/signers.yaml"
RELEASE = {"find": "requestsPerSecond: 220", "replace": "requestsPerSecond: 210"}
"""What a pull request of the fraud detector changes beside the attack."""


def lay_out(
    root: Path,
    write: Mapping[str, Any] | None = None,
    *,
    base: Mapping[str, str] | None = None,
    edit: Mapping[str, list[dict[str, str]]] | None = None,
) -> LaidOut:
    """A pull request of the fraud detector.

    Args:
        root: Where.
        write: File -> what it holds: a text, or JSON.
        base: The same, of what the base has already; by itself the signers of the fixtures, who cover it.
        edit: What else is edited, in the words of `case.yaml`.
    """
    edits = {f"{MODEL}/manifest.yaml": [RELEASE]}
    for path, others in (edit or {}).items():
        edits[path] = [*edits.get(path, ()), *others]
    data = {
        "edit": edits,
        "write": _texts(write or {}),
        "setup": {"write": _texts({SIGNERS: signers(), **(base or {})})},
    }
    return fixtures.lay_out(root, fixtures.Case("attack", root, data))


def _texts(write: Mapping[str, Any]) -> dict[str, str]:
    return {path: one if isinstance(one, str) else json.dumps(one, indent=2) + "\n" for path, one in write.items()}


@cache
def private_key(name: str = "demo") -> Any:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    return load_pem_private_key((KEYS / f"{name}.pem").read_bytes(), None)


def public_pem(key: Any) -> str:
    from cryptography.hazmat.primitives import serialization as form

    text: bytes = key.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
    return text.decode()


def sign(statement: Any, key: Any = None, digest: str = "SHA256") -> dict[str, Any]:
    """An envelope around a statement, by the key of the fixtures unless another one is given."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

    key = private_key() if key is None else key
    payload = statement if isinstance(statement, bytes) else json.dumps(statement).encode()
    signed = pre_authentication(IN_TOTO, payload)
    if isinstance(key, ed25519.Ed25519PrivateKey):
        signature = key.sign(signed)
    elif isinstance(key, rsa.RSAPrivateKey):
        signature = key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
    else:
        signature = key.sign(signed, ec.ECDSA(getattr(hashes, digest)()))
    return {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": IN_TOTO,
        "signatures": [{"sig": base64.b64encode(signature).decode(), "keyid": ""}],
    }


def in_bundle(envelope: dict[str, Any], material: Any = None) -> dict[str, Any]:
    return {
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": material or {"publicKey": {"hint": "somebody"}},
        "dsseEnvelope": envelope,
    }


def file_of(path: str) -> Any:
    return json.loads((FIXTURES / "gitops-repo" / path).read_text())


def statement_of(value: Any) -> Any:
    return json.loads(base64.b64decode(value.get("dsseEnvelope", value)["payload"]))


def signed_model(change: Callable[[Any], Any] | None = None, key: Any = None) -> dict[str, Any]:
    """The bundle of the fraud detector, changed and then signed."""
    statement = statement_of(file_of(SIGNATURE))
    return in_bundle(sign((change and change(statement)) or statement, key))


def signers(
    *, keys: str = "", covers: str = "  - {tiers: [medium, high, critical], anyOf: [training-pipeline]}"
) -> str:
    """A file of signers: the one of the fixtures, with more signers and other covers."""
    text = (FIXTURES / "gitops-repo" / SIGNERS).read_text()
    return f"{text.partition('covers:')[0]}{keys}covers:\n{covers}\n"


def signer(name: str, pem: str, more: str = "") -> str:
    lines = "".join(f"          {line}\n" for line in pem.splitlines())
    return f"  {name}:\n    keys:\n      - name: only\n        publicKey: |\n{lines}{more}"


# What the rows name


def nothing_wrong(root: Path) -> LaidOut:
    return lay_out(root)


def words_for_a_signature(root: Path) -> LaidOut:
    bundle = file_of(SIGNATURE)
    bundle["dsseEnvelope"]["signatures"] = [{"sig": base64.b64encode(b"not checked").decode(), "keyid": ""}]
    return lay_out(root, {SIGNATURE: bundle})


def words_for_an_attestation(root: Path) -> LaidOut:
    envelope = file_of(BUILD)
    envelope["signatures"] = [{"sig": base64.b64encode(b"not checked").decode(), "keyid": ""}]
    return lay_out(root, {BUILD: envelope})


def key_twice_in_a_statement(root: Path) -> LaidOut:
    """The right key signs a statement whose subject stands twice: one reader takes the first, another the last."""
    text = json.dumps(statement_of(file_of(SIGNATURE)))
    twice = '{"subject": [{"name": "x", "digest": {"sha256": "' + "b" * 64 + '"}}], ' + text[1:]
    return lay_out(root, {SIGNATURE: in_bundle(sign(twice.encode()))})


def stranger_signs_first(root: Path) -> LaidOut:
    """Two signatures of one payload, the first by a stranger: it neither counts nor takes the other's away."""
    statement = statement_of(file_of(SIGNATURE))
    envelope, other = sign(statement), sign(statement, private_key("other"))
    envelope["signatures"] = [*other["signatures"], *envelope["signatures"]]
    return lay_out(root, {SIGNATURE: in_bundle(envelope)})


def attestation_by_another_key(root: Path) -> LaidOut:
    return lay_out(root, {BUILD: sign(statement_of(file_of(BUILD)), private_key("other"))})


def attestation_edited(root: Path) -> LaidOut:
    envelope = file_of(BUILD)
    statement = statement_of(envelope)
    statement["predicate"]["buildDefinition"]["externalParameters"]["config"] = "fast.yaml"
    envelope["payload"] = base64.b64encode(json.dumps(statement).encode()).decode()
    return lay_out(root, {BUILD: envelope})


def signature_of_another_payload_type(root: Path) -> LaidOut:
    bundle = file_of(SIGNATURE)
    bundle["dsseEnvelope"]["payloadType"] = "application/json"
    return lay_out(root, {SIGNATURE: bundle})


def change_names_its_own_key(root: Path) -> LaidOut:
    """The pull request adds the attacker's key to the signers, and a signature by it."""
    own = signer("attacker", public_pem(private_key("other")))
    covers = "  - {tiers: [medium, high, critical], anyOf: [training-pipeline, attacker]}"
    return lay_out(root, {SIGNERS: signers(keys=own, covers=covers), SIGNATURE: signed_model(key=private_key("other"))})


def change_removes_the_signers(root: Path) -> LaidOut:
    return lay_out(root, {SIGNERS: "# nobody\n", SIGNATURE: signed_model(key=private_key("other"))})


def signer_of_other_models(root: Path) -> LaidOut:
    base = signers(keys=signer("vision", public_pem(private_key("other"))), covers=(
        "  - {models: [fraud-*], anyOf: [training-pipeline]}\n  - {models: [product-*], anyOf: [vision]}"
    ))  # fmt: skip
    return lay_out(root, {SIGNATURE: signed_model(key=private_key("other"))}, base={SIGNERS: base})


def signer_of_other_statements(root: Path) -> LaidOut:
    """Somebody who may sign models signs how it was built."""
    base = signers(keys=signer("builder", public_pem(private_key("other"))), covers=(
        '  - {predicateTypes: ["https://model_signing/signature/v1.0"], anyOf: [training-pipeline]}\n'
        '  - {predicateTypes: ["https://slsa.dev/provenance/v1"], tiers: [high], anyOf: [builder]}'
    ))  # fmt: skip
    return lay_out(root, base={SIGNERS: base})


def one_of_two_has_signed(root: Path) -> LaidOut:
    base = signers(keys=signer("release", public_pem(private_key("other"))), covers=(
        "  - {models: [fraud-*], allOf: [training-pipeline, release]}"
    ))  # fmt: skip
    return lay_out(root, base={SIGNERS: base})


def key_that_was_revoked(root: Path) -> LaidOut:
    begins = "        validFrom: 2026-01-01T00:00:00Z\n"
    revoked = signers().replace(begins, f"{begins}        revokedAt: 2026-10-30T00:00:00Z\n")
    return lay_out(root, base={SIGNERS: revoked})


def renamed_out_of_the_cover(root: Path) -> LaidOut:
    """A new owner, whom no cover names, does not take a release out of the one that held before."""
    base = signers(covers="  - {owners: [payments-ml], anyOf: [training-pipeline]}")
    edit = {f"{MODEL}/manifest.yaml": [{"find": "owner: payments-ml", "replace": "owner: language-ml"}]}
    return lay_out(root, {SIGNATURE: signed_model(key=private_key("other"))}, base={SIGNERS: base}, edit=edit)


def short_rsa_key_of_a_signer(root: Path) -> LaidOut:
    """A change that names a key of 1024 bits."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    weak = rsa.generate_private_key(65537, 1024)
    return lay_out(root, {SIGNERS: signers(keys=signer("weak", public_pem(weak)))})


def ed25519_key(root: Path) -> LaidOut:
    from cryptography.hazmat.primitives.asymmetric import ed25519

    key = ed25519.Ed25519PrivateKey.generate()
    base = signers(keys=signer("edwards", public_pem(key)), covers=(
        '  - {predicateTypes: ["https://model_signing/signature/v1.0"], anyOf: [edwards]}'
    ))  # fmt: skip
    return lay_out(root, {SIGNATURE: signed_model(key=key)}, base={SIGNERS: base})


# What was signed


def real_signature_of_another_model(root: Path) -> LaidOut:
    """The credit score's bundle, by the right key, in the place of the fraud detector's."""
    return lay_out(root, {SIGNATURE: json.dumps(file_of("models/credit-score/evidence/model.sig"), indent=1) + "\n"})


def attestation_in_the_place_of_a_signature(root: Path) -> LaidOut:
    """The provenance of another model, rightly signed, is named as the signature."""
    return lay_out(root, {SIGNATURE: file_of("models/credit-score/evidence/provenance.dsse.json")})


def two_artifacts_swapped(root: Path) -> LaidOut:
    """Model and adapter were signed together, and the manifest has the one's digest for the other."""

    def both(statement: Any) -> Any:
        model = statement["predicate"]["resources"][0]
        statement["predicate"]["resources"] = [{**model, "name": "adapter.safetensors"}, {**model, "digest": "b" * 64}]
        return rooted(statement)

    adapter = (
        "  - name: adapter\n      role: adapter\n      uri: s3://models/fraud-detector/2.4.0/adapter.safetensors\n"
        f"      format: safetensors\n      sizeBytes: 48210944\n      digest: sha256:{'b' * 64}\n  serving:"
    )
    edit = {f"{MODEL}/manifest.yaml": [{"find": "  serving:", "replace": f"  {adapter}"}]}
    return lay_out(root, {SIGNATURE: signed_model(both)}, edit=edit)


def rooted(statement: Any) -> Any:
    """Write the digest over all resources anew."""
    import hashlib

    digests = b"".join(bytes.fromhex(one["digest"]) for one in statement["predicate"]["resources"])
    statement["subject"][0]["digest"]["sha256"] = hashlib.sha256(digests).hexdigest()
    return statement


def two_subjects(root: Path) -> LaidOut:
    def twice(statement: Any) -> None:
        statement["subject"] *= 2

    return lay_out(root, {SIGNATURE: signed_model(twice)})


def resource_outside_of_the_model(root: Path) -> LaidOut:
    def outside(statement: Any) -> Any:
        statement["predicate"]["resources"].append({"name": "../x", "algorithm": "sha256", "digest": "b" * 64})
        return rooted(statement)

    return lay_out(root, {SIGNATURE: signed_model(outside)})


# What attestations say


def built(change: Callable[[Any], Any], key: Any = None) -> dict[str, Any]:
    """The provenance of the fraud detector, changed and then signed."""
    statement = statement_of(file_of(BUILD))
    return sign(change(statement) or statement, key)


def attested_by_a_listed_verifier(root: Path) -> LaidOut:
    """A summary of level 3 by a verifier that the signer may vouch for, where level 3 is asked for."""
    return _summary(root, "https://verifier.acme.example", "PASSED")


def summary_by_an_unknown_verifier(root: Path) -> LaidOut:
    return _summary(root, "https://verifier.eve.example", "PASSED")


def summary_that_failed(root: Path) -> LaidOut:
    return _summary(root, "https://verifier.acme.example", "FAILED")


def summary_of_a_level_of_its_own(root: Path) -> LaidOut:
    return _summary(root, "https://verifier.acme.example", "PASSED", "SLSA_BUILD_LEVEL_9")


def _summary(root: Path, verifier: str, result: str, level: str = "SLSA_BUILD_LEVEL_3") -> LaidOut:
    statement = statement_of(file_of(BUILD))
    statement["predicateType"] = "https://slsa.dev/verification_summary/v1"
    statement["predicate"] = {
        "verifier": {"id": verifier}, "timeVerified": "2026-10-25T00:00:00Z", "verificationResult": result,
        "resourceUri": "s3://models/fraud-detector/2.4.0/model.safetensors", "verifiedLevels": [level],
    }  # fmt: skip
    text = json.dumps(sign(statement), indent=2) + "\n"
    config = (FIXTURES / "gitops-repo" / ".changegate/config.yaml").read_text()
    asked = config.replace("settings:\n", "settings:\n  provenance: {minimumBuildLevel: {high: 3}}\n", 1)
    listed = signers().replace("    parameters:", "    verifiers: [https://verifier.acme.example]\n    parameters:")
    named = (
        "    attestations:\n      - predicateType: https://slsa.dev/verification_summary/v1\n"
        f"        path: {MODEL}/evidence/summary.json\n        digest: {_sha256(text)}\n"
    )
    edit = {f"{MODEL}/manifest.yaml": [{"find": "    attestations:\n", "replace": named}]}
    base = {SIGNERS: listed, ".changegate/config.yaml": asked}
    return lay_out(root, {f"{MODEL}/evidence/summary.json": text}, base=base, edit=edit)


def _sha256(text: str) -> str:
    import hashlib

    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def build_of_another_repository(root: Path) -> LaidOut:
    def other(statement: Any) -> None:
        used = {"uri": "git+https://github.com/eve/fraud", "digest": {"gitCommit": "9" * 40}}
        statement["predicate"]["buildDefinition"]["resolvedDependencies"] = [used]

    return lay_out(root, {BUILD: built(other)})


def signer_without_builders(root: Path) -> LaidOut:
    text = signers().replace("    builders: [https://acme.example/trainer]\n", "")
    return lay_out(root, base={SIGNERS: text})


def keyless_identity(root: Path) -> LaidOut:
    """A certificate that names the workflow that may sign: whether sigstore gave it out cannot be told."""
    identity = "ml-signing@acme.example"
    lines = "".join((KEYS / "leaf.crt").read_text().splitlines()[1:-1])
    bundle = in_bundle(
        sign(statement_of(file_of(SIGNATURE)), private_key("leaf")), {"certificate": {"rawBytes": lines}}
    )
    keyless = (
        "  workflow:\n    keyless:\n      - name: main\n"
        f"        identity: {identity}\n        issuer: https://token.actions.githubusercontent.com\n"
    )
    text = signers(keys=keyless, covers="  - {models: [fraud-*], anyOf: [workflow, training-pipeline]}")
    text = text.replace("kind: Signers\n", "kind: Signers\ntrustRoot: .changegate/trusted_root.json\n")
    return lay_out(root, {SIGNATURE: bundle}, base={SIGNERS: text, ".changegate/trusted_root.json": "{}\n"})
