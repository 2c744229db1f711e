"""Signatures of bundles: made by the real `opa`, verified here; and everything that may be changed after signing."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from changegate.errors import PolicyError
from changegate.own_policies.archive import read_archive
from changegate.own_policies.digest import canonical, digest
from changegate.own_policies.signature import KNOWN, Verification
from support.bundles import POLICY, bundle, manifest, unpacked
from support.tools import opa

if TYPE_CHECKING:
    from pathlib import Path

NAME = "shared.tar.gz"
SECRET = "a secret of sixty-four characters, which is enough for every one."
FILES: dict[str, bytes | str] = {
    ".manifest": manifest(roots=["acme", "acme_test"], metadata={"z": [1.0, 1e3], "a": "größe"}),
    "acme/p.rego": POLICY,
    "acme/p_test.rego": "package acme_test\n\ntest_it if true\n",
    "acme/limits/data.json": '{"top": 1.50, "far": 1e3, "small": 2E-7, "text": "a<b>&\\u2028é\\u0001", "no": null}',
    "acme/teams/data.yaml": "a: 1.50\nb: 1.0e+21\nc: 0.0000001\nd: [x, 12, 100000.0, -0.0, 2.5e-7]\nbig: 1.5e+300\n",
    "README.md": "everything is listed\n",
}


class Signer:
    """A pair of keys, and the real `opa sign`."""

    def __init__(self, folder: Path, algorithm: str) -> None:
        self.folder, self.algorithm = folder, algorithm
        folder.mkdir(parents=True, exist_ok=True)
        self.private: Any = None
        if algorithm.startswith("HS"):
            self.key: str | Path = SECRET
            return
        curves = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}
        curve = curves.get(algorithm)
        self.private = ec.generate_private_key(curve) if curve else rsa.generate_private_key(65537, 2048)
        self.key = folder / "key.pem"
        form = serialization.PrivateFormat.PKCS8
        pem = serialization.Encoding.PEM
        self.key.write_bytes(self.private.private_bytes(pem, form, serialization.NoEncryption()))
        public = serialization.PublicFormat.SubjectPublicKeyInfo
        self.public: bytes = self.private.public_key().public_bytes(pem, public)

    def verification(self, **more: str) -> Verification:
        if self.private is None:
            return Verification.of_secret(SECRET.encode(), "KEY", algorithm=self.algorithm, **more)
        return Verification.of_file(self.public, "key.pub", algorithm=self.algorithm, **more)

    def sign(self, files: dict[str, bytes | str], **claims: str) -> dict[str, bytes | str]:
        """The files with the signature that `opa sign` gives them."""
        folder = self.folder / "bundle"
        shutil.rmtree(folder, ignore_errors=True)
        for path, content in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content.encode() if isinstance(content, str) else content)
        more: list[str | Path] = []
        if claims:
            (self.folder / "claims.json").write_text(json.dumps(claims))
            more = ["--claims-file", self.folder / "claims.json"]
        command = [opa(), "sign", "--bundle", ".", "--signing-key", self.key, "--signing-alg", self.algorithm, *more]
        subprocess.run(command, cwd=folder, check=True, timeout=60, capture_output=True)
        return {**files, ".signatures.json": (folder / ".signatures.json").read_bytes()}


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    return Signer(tmp_path_factory.mktemp("signer"), "ES256")


@pytest.fixture(scope="module")
def signed(signer: Signer) -> dict[str, bytes | str]:
    return signer.sign(FILES)


def refusal(files: dict[str, bytes | str], verification: Verification | None) -> PolicyError:
    with pytest.raises(PolicyError) as caught:
        read_archive(bundle(files), NAME, verification=verification)
    assert caught.value.hint
    return caught.value


# What OPA signs


@pytest.mark.parametrize("algorithm", KNOWN)
def test_what_opa_signs_is_verified(tmp_path: Path, algorithm: str) -> None:
    one, other = Signer(tmp_path / "one", algorithm), Signer(tmp_path / "other", algorithm)
    files = one.sign(FILES)
    found = read_archive(bundle(files), NAME, verification=one.verification())
    assert found.note == f"{NAME} is signed with the configured key ({algorithm})"
    assert [module.name for module in found.modules] == [f"{NAME}/acme/p.rego"]
    stranger = other.verification()
    if algorithm.startswith("HS"):
        stranger = Verification.of_secret(SECRET[::-1].encode(), "KEY", algorithm=algorithm)
    error = refusal(files, stranger)
    assert (error.file, "does not hold" in error.message) == (f"{NAME}/.signatures.json", True)


def test_what_opa_builds_and_signs_at_once_is_verified(tmp_path: Path, signer: Signer) -> None:
    folder = tmp_path / "b"
    for path, content in {**FILES, "acme/limits/data.json": '{"top": 1.50}'}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content.encode() if isinstance(content, str) else content)
    made = tmp_path / "built.tar.gz"
    command = [opa(), "build", "--bundle", ".", "--signing-key", signer.key, "--signing-alg", "ES256", "--output", made]
    subprocess.run(command, cwd=folder, check=True, timeout=60)
    found = read_archive(made.read_bytes(), NAME, verification=signer.verification())
    assert found.data["acme"]["teams"]["big"] == 1.5e300
    assert "signed with the configured key" in found.note


def test_opa_verifies_what_we_verify(tmp_path: Path, signer: Signer, signed: dict[str, bytes | str]) -> None:
    """The same archive and key, given to the real OPA; and the same archive with one file changed."""
    (tmp_path / "key.pub").write_bytes(signer.public)
    for files, holds in ((signed, True), ({**signed, "acme/p.rego": POLICY + "\n# x\n"}, False)):
        (tmp_path / "x.tar.gz").write_bytes(bundle(files))
        done = subprocess.run(
            [
                *(opa(), "build", "--bundle", "x.tar.gz", "--verification-key", "key.pub"),
                *("--verification-key-id", "default", "--signing-alg", "ES256", "--output", "y.tar.gz"),
            ],
            cwd=tmp_path,
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert (done.returncode == 0) is holds, done.stdout + done.stderr


# What may be changed after signing


def changed(path: str, content: bytes | str | None) -> Any:
    def change(files: dict[str, bytes | str]) -> dict[str, bytes | str]:
        rest = {name: value for name, value in files.items() if name != path}
        return rest if content is None else {**rest, path: content}

    return change


TAMPERED: dict[str, tuple[Any, str, str]] = {
    "a policy": (changed("acme/p.rego", POLICY + "\n"), "not the one that was signed", "/acme/p.rego"),
    "a test": (changed("acme/p_test.rego", "package x\n"), "not the one", "/acme/p_test.rego"),
    "a number": (changed("acme/limits/data.json", '{"top": 1.5}'), "not the one", "/acme/limits/data.json"),
    "data of YAML": (changed("acme/teams/data.yaml", "a: 2\n"), "not the one", "/acme/teams/data.yaml"),
    "data that is none now": (
        changed("acme/teams/data.yaml", "a: [\n"),
        "should be JSON or YAML",
        "/acme/teams/data.yaml",
    ),
    "the manifest": (changed(".manifest", manifest(revision="r2")), "not the one", "/.manifest"),
    "the manifest, taken away": (changed(".manifest", None), "is not in the bundle", "/.manifest"),
    "a file, taken away": (changed("acme/p_test.rego", None), "is not in the bundle", "/acme/p_test.rego"),
    "a policy, added": (changed("acme/q.rego", POLICY), "not in the bundle's signature", "/acme/q.rego"),
    "a test, added": (changed("acme/q_test.rego", POLICY), "not in the bundle's signature", "/acme/q_test.rego"),
    "a note, added": (changed("NOTES.md", ""), "not in the bundle's signature", "/NOTES.md"),
    "the signature, taken away": (changed(".signatures.json", None), "is not signed", ""),
    "no token": (changed(".signatures.json", '{"signatures": []}'), "exactly one token", "/.signatures.json"),
    "a signature that is no JSON": (changed(".signatures.json", "{"), "not valid JSON", "/.signatures.json"),
    "a signature that is a list": (changed(".signatures.json", "[]"), "no object", "/.signatures.json"),
}


@pytest.mark.parametrize("case", TAMPERED, ids=lambda name: name.replace(" ", "-"))
def test_what_was_changed_is_refused(case: str, signer: Signer, signed: dict[str, bytes | str]) -> None:
    change, message, place = TAMPERED[case]
    error = refusal(change(signed), signer.verification())
    assert (error.file, message in error.message) == (NAME + place, True), error.message


def test_layout_of_data_is_not_signed_and_its_numbers_are(signer: Signer, signed: dict[str, bytes | str]) -> None:
    """As in OPA: spaces and the order of keys may change, `1.50` may not become `1.5`."""
    laid_out = json.dumps(json.loads(str(FILES[".manifest"], "utf-8"), parse_float=str), indent=4)
    assert laid_out != FILES[".manifest"]
    text = '{"far":1e3,"no":null,\n"text":"a<b>&\\u2028é\\u0001","small":2E-7,"top":1.50}'
    found = read_archive(bundle({**signed, "acme/limits/data.json": text}), NAME, verification=signer.verification())
    assert found.data["acme"]["limits"]["top"] == 1.5


def test_a_signature_without_a_key_is_said_not_to_be_verified(signed: dict[str, bytes | str]) -> None:
    note = read_archive(bundle(signed), NAME, verification=None).note
    assert note == f"{NAME} is signed, and was not verified: no key is configured"


# Tokens


def encoded(value: Any) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def listing(files: dict[str, bytes | str], **replaced: Any) -> dict[str, Any]:
    """The payload that a signer would write."""
    entries = [
        {"name": path, "algorithm": "SHA-256", "hash": digest(path, bytes_of(content), "SHA-256")}
        for path, content in files.items()
    ]
    return {"files": entries, **replaced}


def bytes_of(content: bytes | str) -> bytes:
    return content.encode() if isinstance(content, str) else content


def with_token(files: dict[str, bytes | str], header: Any, payload: Any, secret: bytes, hashing: str = "sha256") -> Any:
    """The files with a token that is signed with a secret, whatever it says."""
    body = f"{encoded(header)}.{encoded(payload)}"
    token = f"{body}.{encoded(hmac.digest(secret, body.encode(), hashing))}"
    return {**files, ".signatures.json": json.dumps({"signatures": [token]})}


SMALL: dict[str, bytes | str] = {"acme.rego": POLICY, "data.json": '{"acme": {"limits": {"top": 3}}}'}
SHARED = Verification.of_secret(SECRET.encode(), "KEY")


def test_a_token_made_by_hand_is_taken_where_it_is_right() -> None:
    files = with_token(SMALL, {"alg": "HS256"}, listing(SMALL, iss="me", iat=1), SECRET.encode())
    assert "HS256" in read_archive(bundle(files), NAME, verification=SHARED).note


def test_a_public_key_is_no_secret(signer: Signer) -> None:
    """Whoever has the public key could sign with it, if the token were to choose the algorithm."""
    files = with_token(SMALL, {"alg": "HS256"}, listing(SMALL), signer.public)
    error = refusal(files, signer.verification())
    assert error.message == "the token is for the algorithm 'HS256', and ES256 is configured"
    honest = {"alg": "ES256"}
    assert (
        "does not hold"
        in refusal(with_token(SMALL, honest, listing(SMALL), signer.public), signer.verification()).message
    )
    with pytest.raises(PolicyError, match="is a key, not a secret"):
        Verification.of_secret(signer.public, "KEY")
    with pytest.raises(PolicyError, match="the algorithm HS256 is not for this key"):
        Verification.of_file(signer.public, "key.pub", algorithm="HS256")


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", None, "HS512", "ES256", 7, ["HS256"]])
def test_the_token_does_not_choose_its_algorithm(algorithm: Any) -> None:
    for header in ({"alg": algorithm}, {"alg": algorithm, "typ": "JWT"}, {}):
        for signature in (b"", hmac.digest(SECRET.encode(), b"x", "sha512")):
            body = f"{encoded(header)}.{encoded(listing(SMALL))}"
            files = {**SMALL, ".signatures.json": json.dumps({"signatures": [f"{body}.{encoded(signature)}"]})}
            error = refusal(files, SHARED)
            assert "for the algorithm" in error.message or "not base64url" in error.message


@pytest.mark.parametrize("scope", ["", "write"])
def test_the_scope_has_to_be_the_configured_one(signer: Signer, scope: str) -> None:
    files = signer.sign(SMALL, **({"scope": scope} if scope else {}))
    assert read_archive(bundle(files), NAME, verification=signer.verification(scope=scope)).modules
    for other in {"", "write", "read"} - {scope}:
        error = refusal(files, signer.verification(scope=other))
        assert error.message == f"the signature is for the scope {scope!r}, and {other!r} is configured"


def test_the_name_of_the_key_counts_where_one_is_configured(signer: Signer) -> None:
    files = signer.sign(SMALL, keyid="release-2026")
    assert read_archive(bundle(files), NAME, verification=signer.verification(key_id="release-2026")).modules
    assert read_archive(bundle(files), NAME, verification=signer.verification()).modules
    assert "names the key 'release-2026'" in refusal(files, signer.verification(key_id="other")).message


def with_entry(**fields: Any) -> dict[str, Any]:
    payload = listing(SMALL)
    payload["files"][0] = {**payload["files"][0], **fields}
    return payload


def swapped() -> dict[str, Any]:
    payload = listing(SMALL)
    one, other = payload["files"]
    one["hash"], other["hash"] = other["hash"], one["hash"]
    return payload


PAYLOADS: dict[str, tuple[Any, str]] = {
    "two digests that are swapped": (swapped(), "not the one that was signed"),
    "no files": ({}, "lists no files"),
    "an empty list": ({"files": []}, "not in the bundle's signature"),
    "files that are an object": ({"files": {}}, "lists no files"),
    "an entry that is a text": ({"files": ["acme.rego"]}, "malformed"),
    "an entry without a digest": (with_entry(hash=None), "malformed"),
    "a digest with spaces": (with_entry(hash=" 00"), "malformed"),
    "a short digest": (with_entry(hash="00"), "not the one"),
    "a weak digest": (with_entry(algorithm="MD5", hash=hashlib.md5(POLICY.encode()).hexdigest()), "hashed with 'MD5'"),
    "SHA-1": (with_entry(algorithm="SHA-1", hash=hashlib.sha1(POLICY.encode()).hexdigest()), "hashed with 'SHA-1'"),
    "an unknown digest": (with_entry(algorithm="sha256"), "hashed with 'sha256'"),
    "no digest's name": (with_entry(algorithm=""), "hashed with ''"),
    "a file that is there twice": ({"files": listing(SMALL)["files"] * 2}, "twice"),
    "a list": ([], "no object"),
    "a key that is there twice": (b'{"files": [], "files": []}', "a key twice"),
    "no JSON": (b"\xff", "not valid JSON"),
}


@pytest.mark.parametrize("case", PAYLOADS, ids=lambda name: name.replace(" ", "-"))
def test_payloads_that_are_signed_and_wrong_are_refused(case: str) -> None:
    payload, message = PAYLOADS[case]
    error = refusal(with_token(SMALL, {"alg": "HS256"}, payload, SECRET.encode()), SHARED)
    assert message in error.message


@pytest.mark.parametrize("algorithm", ["SHA-256", "SHA-384", "SHA-512"])
def test_stronger_digests_are_taken(algorithm: str) -> None:
    entries = [
        {"name": n, "algorithm": algorithm, "hash": digest(n, bytes_of(c), algorithm).upper()} for n, c in SMALL.items()
    ]
    assert read_archive(
        bundle(with_token(SMALL, {"alg": "HS256"}, {"files": entries}, SECRET.encode())), NAME, verification=SHARED
    )


def test_tokens_that_are_written_in_another_way_are_refused() -> None:
    files = with_token(SMALL, {"alg": "HS256"}, listing(SMALL), SECRET.encode())
    token = json.loads(files[".signatures.json"])["signatures"][0]
    last = token[-1]
    twin = chr(ord(last) + 1)  # the last character of 32 bytes has two bits that say nothing
    for other in (token + "=", token + ".x", token.replace(".", "", 1), token[:-1] + twin, " " + token, token[:-2]):
        assert other != token
        refusal({**files, ".signatures.json": json.dumps({"signatures": [other]})}, SHARED)
    for extra in ({"plugin": "mine"}, {"signatures": [token, token]}, {"signatures": token}):
        refusal({**files, ".signatures.json": json.dumps({"signatures": [token], **extra})}, SHARED)
    crit = with_token(SMALL, {"alg": "HS256", "crit": ["b64"], "b64": False}, listing(SMALL), SECRET.encode())
    assert "extensions" in refusal(crit, SHARED).message


# Keys


def test_keys_that_cannot_be_trusted_are_refused(signer: Signer, tmp_path: Path) -> None:
    pem, public = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    small = rsa.generate_private_key(65537, 1024).public_key().public_bytes(pem, public)
    edwards = ed25519.Ed25519PrivateKey.generate().public_key().public_bytes(pem, public)
    curve = ec.generate_private_key(ec.SECP256K1()).public_key().public_bytes(pem, public)
    assert not isinstance(signer.key, str)
    for data, message in (
        (signer.key.read_bytes(), "private key"),
        (small, "1024 bits"),
        (edwards, "of a kind"),
        (curve, "of a kind"),
        (b"", "no public key"),
        (b"-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----\n", "no public key"),
        (b"-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n", "no public key"),
    ):
        with pytest.raises(PolicyError, match=message) as caught:
            Verification.of_file(data, "key.pub")
        assert (caught.value.file, bool(caught.value.hint)) == ("key.pub", True)


def test_secrets_that_are_too_short_are_refused() -> None:
    for algorithm, size in (("HS256", 32), ("HS384", 48), ("HS512", 64)):
        assert Verification.of_secret(b"x" * size, "KEY", algorithm=algorithm).algorithm == algorithm
        with pytest.raises(PolicyError, match=f"{algorithm} needs {size}"):
            Verification.of_secret(b"x" * (size - 1), "KEY", algorithm=algorithm)
    with pytest.raises(PolicyError, match="not for a secret"):
        Verification.of_secret(b"x" * 64, "KEY", algorithm="none")


def test_the_algorithm_follows_from_the_key(tmp_path: Path) -> None:
    for algorithm, derived in (("ES256", "ES256"), ("ES384", "ES384"), ("ES512", "ES512"), ("PS256", "RS256")):
        assert Verification.of_file(Signer(tmp_path / algorithm, algorithm).public, "key.pub").algorithm == derived


def test_without_cryptography_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, signer: Signer) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "cryptography"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "cryptography", None)
    with pytest.raises(PolicyError) as caught:
        Verification.of_file(signer.public, "key.pub")
    assert caught.value.hint == "pip install 'changegate[signatures]'"
    files = with_token(SMALL, {"alg": "HS256"}, listing(SMALL), SECRET.encode())
    assert read_archive(bundle(files), NAME, verification=SHARED).modules, "a secret needs no package"


# The digest of data


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('{"b": 1, "a": [true, null, 1.50, "x"]}', '{"a":[true,null,1.50,"x"],"b":1}'),
        ('{"é": 1, "z": 2, "\\ud83d\\ude00": 3, "\\uffee": 4}', '{"z":2,"é":1,"\uffee":4,"😀":3}'),
        ('"\\u2028\\u2029\\/\\b\\f\\n\\r\\t\\u001f<&>"', '"\\u2028\\u2029/\\b\\f\\n\\r\\t\\u001f<&>"'),
        ("[1E5, -0, 0.10, 12345678901234567890123]", "[1E5,-0,0.10,12345678901234567890123]"),
    ],
)
def test_data_is_hashed_by_what_it_says(text: str, wanted: str) -> None:
    assert canonical("data.json", text.encode()) == wanted.encode()


def test_only_data_and_manifest_are_hashed_so() -> None:
    for path in ("a/data.json", "data.yml", ".manifest", "x/data.yaml"):
        assert digest(path, b'{"a":  1}', "SHA-256") == hashlib.sha256(b'{"a":1}').hexdigest()
    for path in ("a/other.json", "data.json.md", "x.manifest", "p.rego", "mydata.json"):
        assert digest(path, b'{"a":  1}', "SHA-256") == hashlib.sha256(b'{"a":  1}').hexdigest()


def test_unpacking_finds_what_was_packed() -> None:
    assert unpacked(bundle(SMALL)) == {path: bytes_of(content) for path, content in SMALL.items()}
