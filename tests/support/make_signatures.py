"""Makes the signatures of the fixtures, with the tools that people use; run by hand, and what it writes is committed.

    python -m venv /tmp/signing
    /tmp/signing/bin/pip install model-signing==1.1.1 pyOpenSSL
    /tmp/signing/bin/python tests/support/make_signatures.py --cosign "$(command -v cosign)"

The pull requests of `fixtures/` get bundles of OpenSSF model signing over the digests that manifests declare (the files
themselves are pointers), and SLSA provenance in DSSE envelopes, by the key in `signing_keys/`, which everybody has and
nobody outside the fixtures may trust. `tests/unit/signing/bundles/` gets bundles of a small model that is there whole:
by `model-signing` with a key and with a certificate, and by `cosign` v3.1.3. The versions stand beside them.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

TOP = Path(__file__).parents[2]
KEYS = Path(__file__).with_name("signing_keys")
BUNDLES = TOP / "tests" / "unit" / "signing" / "bundles"
FRAUD = TOP / "fixtures" / "gitops-repo" / "models" / "fraud-detector" / "evidence"
COMMIT = "9fceb02d0ae598e95dc970b74767f19372d61af8"
TESTS = "https://in-toto.io/attestation/test-result/v0.1"
IN_TOTO = "application/vnd.in-toto+json"


def private_key(name: str) -> Any:
    """The private key of that name, made where there is none."""
    path = KEYS / f"{name}.pem"
    if not path.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        form = serialization.PrivateFormat.PKCS8
        path.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
        (KEYS / f"{name}.pub").write_bytes(public(key))
    return serialization.load_pem_private_key(path.read_bytes(), None)


def public(key: Any) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form)


def key_id(key: Any) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return "sha256:" + hashlib.sha256(key.public_key().public_bytes(serialization.Encoding.DER, form)).hexdigest()


def signed_model(name: str, resources: dict[str, str], key: Path) -> dict[str, Any]:
    """A bundle as `model_signing` writes it, over digests instead of files."""
    from model_signing import manifest
    from model_signing._hashing.hashing import Digest
    from model_signing._signing import sign_ec_key, signing

    items = [
        manifest.FileManifestItem(path=PurePosixPath(path), digest=Digest("sha256", bytes.fromhex(digest)))
        for path, digest in resources.items()
    ]
    way = manifest.SerializationType.from_args(
        {"method": "files", "hash_type": "sha256", "allow_symlinks": False, "ignore_paths": []}
    )
    signature = sign_ec_key.Signer(key).sign(signing.Payload(manifest.Manifest(name, items, way)))
    return json.loads(signature.bundle.to_json())


def signed_build(name: str, file: str, digest: str, manifest: dict[str, Any], old: dict[str, Any], key: Any) -> Any:
    """SLSA provenance of a release in a DSSE envelope; the times are those that it had."""
    source = manifest["source"]
    dependency = {"uri": f"git+{source['repository']}@refs/heads/main", "digest": {"gitCommit": source["commit"]}}
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": file, "digest": {"sha256": digest}}],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": "https://acme.example/train/v1",
                "externalParameters": {"config": "train.yaml"},
                "resolvedDependencies": [dependency],
            },
            "runDetails": {
                "builder": {"id": "https://acme.example/trainer"},
                "metadata": {"invocationId": name, **old},
            },
        },
    }
    payload = json.dumps(statement, separators=(",", ":")).encode()
    signature = key.sign(pre_authentication(payload), ec.ECDSA(hashes.SHA256()))
    return {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": IN_TOTO,
        "signatures": [{"sig": base64.b64encode(signature).decode(), "keyid": key_id(key)}],
    }


def sign_fixtures() -> None:
    """Sign the model of the overnight update: the other models of the fixtures are signed by a key that is gone."""
    key, path = private_key("demo"), KEYS / "demo.pem"
    case = TOP / "fixtures" / "pull-requests" / "fraud-overnight-update"
    manifest = (FRAUD.parent / "manifest.yaml").read_text()
    sign_release(case / "files" / "models" / "fraud-detector" / "evidence", manifest, overnight(case), key, path)


def rooted(statement: dict[str, Any]) -> None:
    """Write the digest over all resources anew."""
    digests = b"".join(bytes.fromhex(one["digest"]) for one in statement["predicate"]["resources"])
    statement["subject"][0]["digest"]["sha256"] = hashlib.sha256(digests).hexdigest()


def of_another_model(statement: dict[str, Any]) -> None:
    statement["predicate"]["resources"][0] |= {"name": "credit.safetensors", "digest": "b" * 64}
    rooted(statement)


def inconsistent(statement: dict[str, Any]) -> None:
    statement["subject"][0]["digest"]["sha256"] = "c" * 64


def twice(statement: dict[str, Any]) -> None:
    statement["predicate"]["resources"] *= 2
    rooted(statement)


def altered(statement: dict[str, Any]) -> None:
    statement["predicate"]["resources"][0]["digest"] = "d" * 64
    rooted(statement)


def missing(statement: dict[str, Any]) -> None:
    guardrail = {"name": "guardrail.safetensors", "algorithm": "sha256", "digest": "e" * 64}
    statement["predicate"]["resources"].append(guardrail)
    rooted(statement)


def ignoring(statement: dict[str, Any]) -> None:
    statement["predicate"]["serialization"]["ignore_paths"] = [".git", "adapters"]


def weak(statement: dict[str, Any]) -> None:
    statement["predicate"]["resources"].append({"name": "config.json", "algorithm": "md5", "digest": "f" * 32})
    rooted(statement)


CHANGES = {
    "signature-of-another-model": of_another_model,
    "signature-inconsistent": inconsistent,
    "signed-twice": twice,
    "artifact-altered": altered,
    "signed-file-missing": missing,
    "signed-paths-ignored": ignoring,
    "signed-algorithm-weak": weak,
}


def other_builder(statement: dict[str, Any]) -> None:
    statement["predicate"]["runDetails"]["builder"]["id"] = "https://laptop.example"


def other_parameters(statement: dict[str, Any]) -> None:
    statement["predicate"]["buildDefinition"]["externalParameters"]["entryPoint"] = "/tmp/train.sh"


def dependency(commit: str) -> dict[str, Any]:
    return {"uri": "git+https://github.com/acme/fraud-detector@refs/heads/main", "digest": {"gitCommit": commit}}


def other_source(statement: dict[str, Any]) -> None:
    statement["predicate"]["buildDefinition"]["resolvedDependencies"] = [dependency("0" * 40)]


BUILDS = {
    "builder-not-listed": other_builder,
    "parameters-unknown": other_parameters,
    "attested-source-differs": other_source,
}


def sign_cases() -> None:
    """The fraud detector's bundle as pull requests have it: by other keys, certificates and digests, and edited."""
    good = json.loads((FRAUD / "model.sig").read_text())
    payload = base64.b64decode(good["dsseEnvelope"]["payload"])
    other, demo = private_key("other"), private_key("demo")
    write_case("provenance-not-verified", bundle(payload, other, {"publicKey": {"hint": "somebody"}}))
    for name in ("provenance-signer-expired", "provenance-signer-not-yet-valid"):
        write_case(name, bundle(payload, other, {"publicKey": {"hint": "other"}}))
    edited = payload.replace(b"fraud-detector", b"fraud-detectiv")
    good["dsseEnvelope"]["payload"] = base64.b64encode(edited).decode()
    write_case("provenance-payload-altered", good)
    for name, change in CHANGES.items():
        statement = json.loads(payload)
        change(statement)
        write_case(f"provenance-{name}", bundle(json.dumps(statement).encode(), demo, {"publicKey": {"hint": "demo"}}))
    for name, change in BUILDS.items():
        statement = statement_of(json.loads((FRAUD / "provenance.dsse.json").read_text()))
        changed = change(statement) or [statement]
        lines = [json.dumps(bundle(json.dumps(one).encode(), demo, {})["dsseEnvelope"], indent=2) for one in changed]
        write_text(f"provenance-{name}", "provenance.dsse.json", "\n".join(lines) + "\n")
    agreeing = {"uri": "git+https://github.com/acme/fraud-detector", "digest": {"gitCommit": COMMIT}}
    both = [statement_of(json.loads((FRAUD / "provenance.dsse.json").read_text())) for _ in range(2)]
    for one, used in zip(both, (agreeing, dependency("0" * 40)), strict=True):
        one["predicate"]["buildDefinition"]["resolvedDependencies"] = [used, agreeing]
    other_builder(both[1])
    lines = [json.dumps(bundle(json.dumps(one).encode(), demo, {})["dsseEnvelope"]) for one in both]
    write_named("provenance-attestations-disagree", "provenance.intoto.jsonl", "\n".join(lines) + "\n")
    failed = both[0] | {"predicateType": TESTS, "predicate": {"result": "FAILED", "configuration": []}}
    text = json.dumps(bundle(json.dumps(failed).encode(), demo, {})["dsseEnvelope"], indent=2) + "\n"
    write_named("provenance-attested-failure", "tests.dsse.json", text)
    hint = good["verificationMaterial"]
    write_case("provenance-key-weak", bundle(payload, demo, hint, hashes.SHA1()))
    make_certificates()
    names = ("server", "between")
    chain = {"certificates": [{"rawBytes": der(name)} for name in names]}
    write_case("provenance-certificate-unfit", bundle(payload, private_key("server"), {"x509CertificateChain": chain}))


def bundle(payload: bytes, key: Any, material: dict[str, Any], digest: Any = hashes.SHA256()) -> dict[str, Any]:  # noqa: B008
    """A sigstore bundle over a payload."""
    signature = base64.b64encode(key.sign(pre_authentication(payload), ec.ECDSA(digest))).decode()
    return {
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": material,
        "dsseEnvelope": {
            "payload": base64.b64encode(payload).decode(),
            "payloadType": IN_TOTO,
            "signatures": [{"sig": signature, "keyid": ""}],
        },
    }


def write_case(name: str, value: dict[str, Any]) -> None:
    write_text(name, "model.sig", json.dumps(value, indent=2) + "\n")


def write_named(name: str, file: str, text: str) -> None:
    """Write a file of a case, and its digest into the words of the case."""
    write_text(name, file, text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    for path in (TOP / "fixtures" / "pull-requests" / name).glob("*.yaml"):
        words = re.sub(rf"({re.escape(file)}\\n        digest: )[^\\]+", rf"\g<1>sha256:{digest}", path.read_text())
        path.write_text(words)


def write_text(name: str, file: str, text: str) -> None:
    folder = TOP / "fixtures" / "pull-requests" / name / "files" / "models" / "fraud-detector" / "evidence"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / file).write_text(text)


def der(name: str) -> str:
    """A certificate in base64, as bundles have it."""
    return "".join((KEYS / f"{name}.crt").read_text().splitlines()[1:-1])


def pre_authentication(payload: bytes) -> bytes:
    return b"DSSEv1 %d %b %d %b" % (len(IN_TOTO), IN_TOTO.encode(), len(payload), payload)


def overnight(case: Path) -> dict[str, str]:
    """What the case writes into the manifest, by what stood there."""
    text = (case / "case.yaml").read_text()
    return dict(re.findall(r"find: ([0-9a-f]{64})\n +replace: ([0-9a-f]{64})", text))


def sign_release(evidence: Path, manifest: str, edits: dict[str, str], key: Any, path: Path) -> None:
    for old, other in edits.items():
        manifest = manifest.replace(old, other)
    name, file, digest = (re.search(one, manifest, re.MULTILINE)[1] for one in RELEASE)
    repository, commit = (re.search(rf"^      {one}: (\S+)$", manifest, re.MULTILINE)[1] for one in SOURCE)
    source = {"source": {"repository": repository, "commit": commit}}
    build = evidence / "provenance.dsse.json"
    metadata = statement_of(json.loads(build.read_text()))["predicate"]["runDetails"]["metadata"]
    times = {key: metadata[key] for key in ("startedOn", "finishedOn")}
    write(evidence / "model.sig", signed_model(name, {file: digest}, path))
    write(build, signed_build(name, file, digest, source, times, key))


RELEASE = r"^  name: (\S+)$", r"uri: s3://models/\S+/(\S+)$", r"^      digest: sha256:([0-9a-f]{64})$"
SOURCE = "repository", "commit"


def statement_of(value: dict[str, Any]) -> Any:
    return json.loads(base64.b64decode(value.get("dsseEnvelope", value)["payload"]))


def write(file: Path, value: dict[str, Any]) -> None:
    file.write_text(json.dumps(value, indent=2) + "\n")


def sign_model(cosign: str | None) -> None:
    """Sign a small model that is there whole, with each tool as it is called from a shell."""
    shutil.rmtree(BUNDLES, ignore_errors=True)
    model = BUNDLES / "model"
    (model / "tokenizer").mkdir(parents=True)
    (model / "model.safetensors").write_bytes(b"\x02\0\0\0\0\0\0\0{}")
    (model / "config.json").write_text('{"hidden_size": 8}\n')
    (model / "tokenizer" / "vocab.txt").write_text("a\nb\n")
    private_key("demo")
    tool = [sys.executable, "-m", "model_signing"]
    run(*tool, "sign", "key", str(model), "--private_key", str(KEYS / "demo.pem"), "--signature", "../key.sig")
    make_certificates()
    run(
        *tool, "sign", "certificate", str(model), "--private_key", str(KEYS / "leaf.pem"),
        "--signing_certificate", str(KEYS / "leaf.crt"), "--certificate_chain", str(KEYS / "between.crt"),
        "--signature", "../certificate.sig",
    )  # fmt: skip
    tools = {one: version(one) for one in ("model-signing", "cryptography", "pyOpenSSL")}
    if cosign:
        attest(cosign, model / "model.safetensors")
        tools["cosign"] = re.search(r"GitVersion:\s+(\S+)", run(cosign, "version"))[1]
    (BUNDLES / "versions.json").write_text(json.dumps(tools, indent=2) + "\n")


def attest(cosign: str, file: Path) -> None:
    """An attestation by `cosign attest-blob` with a key, offline."""
    predicate = BUNDLES / "predicate.json"
    definition = {"buildType": "https://acme.example/train/v1", "externalParameters": {"config": "train.yaml"}}
    details = {"builder": {"id": "https://acme.example/trainer"}}
    predicate.write_text(json.dumps({"buildDefinition": definition, "runDetails": details}))
    key = BUNDLES / "cosign"
    run(cosign, "import-key-pair", "--key", str(KEYS / "demo.pem"), "--output-key-prefix", str(key))
    run(
        cosign, "attest-blob", "--yes", "--key", f"{key}.key", "--type", "slsaprovenance1",
        "--predicate", str(predicate), "--tlog-upload=false", "--use-signing-config=false",
        "--bundle", str(BUNDLES / "cosign.json"), str(file),
    )  # fmt: skip
    for path in (predicate, key.with_suffix(".key"), key.with_suffix(".pub")):
        path.unlink()


def make_certificates() -> None:
    """An authority, one below it, and leaves for `ml-signing@acme.example`; they end in 2036. Made once."""
    if (KEYS / "server.crt").exists():
        return
    from datetime import UTC, datetime

    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    def made(name: str, issuer: str, *extensions: tuple[Any, bool]) -> None:
        key, signer = private_key(name), private_key(issuer)
        names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"acme {one}")]) for one in (name, issuer)]
        builder = x509.CertificateBuilder().subject_name(names[0]).issuer_name(names[1])
        builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        builder = builder.not_valid_after(datetime(2036, 1, 1, tzinfo=UTC))
        for value, critical in extensions:
            builder = builder.add_extension(value, critical)
        certificate = builder.sign(signer, hashes.SHA256())
        (KEYS / f"{name}.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    no = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "crl_sign", "encipher_only",
         "decipher_only"), False,
    )  # fmt: skip
    authority = x509.KeyUsage(digital_signature=False, key_cert_sign=True, **no)
    leaf = x509.KeyUsage(digital_signature=True, key_cert_sign=False, **no)
    names = x509.SubjectAlternativeName([x509.RFC822Name("ml-signing@acme.example")])
    made("root", "root", (x509.BasicConstraints(True, None), True), (authority, True))
    made("between", "root", (x509.BasicConstraints(True, 0), True), (authority, True))
    purposes = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING])
    made("leaf", "between", (leaf, True), (purposes, False), (names, False))
    server = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    made("server", "between", (leaf, True), (server, False), (names, False))


def run(*command: str) -> str:
    done = subprocess.run(
        command, cwd=BUNDLES / "model", check=True, capture_output=True, text=True, env={"COSIGN_PASSWORD": "", "PATH": "/usr/bin", "HOME": "/tmp"},  # noqa: E501
    )  # fmt: skip
    return done.stdout + done.stderr


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--cosign")
    parser.add_argument("--only", choices=["fixtures", "cases", "model"])
    asked = parser.parse_args()
    if asked.only in (None, "fixtures"):
        sign_fixtures()
    if asked.only != "model":
        sign_cases()
    if asked.only in (None, "model"):
        sign_model(asked.cosign)
