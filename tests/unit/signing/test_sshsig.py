"""Signatures of SSH keys: what `ssh-keygen` makes is believed, and nothing that was changed since."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from changegate.signing.sshsig import SshSignature, fault_of, key_of, read_signature
from support.ssh import SshKey, armored, data_of, field

if TYPE_CHECKING:
    from pathlib import Path

MESSAGE, NAMESPACE = b'{"a":1}', "changegate-approval"


def fault(text: str, *keys: str, message: bytes = MESSAGE) -> str:
    signature = read_signature(text)
    assert signature is not None
    return fault_of(signature, message, NAMESPACE, keys)


@pytest.mark.parametrize(
    ("kind", "bits"), [("ed25519", None), ("ecdsa", 256), ("ecdsa", 384), ("ecdsa", 521), ("rsa", 2048), ("rsa", 3072)]
)
def test_what_ssh_keygen_signs(tmp_path: Path, kind: str, bits: int | None) -> None:
    key = SshKey(tmp_path, kind, bits)
    signature = key.sign(MESSAGE)
    assert fault(signature, key.public) == ""
    assert fault(signature, "ssh-ed25519 AAAA", key.public) == ""
    assert "another key" in fault(signature)
    assert "does not fit" in fault(signature, key.public, message=MESSAGE + b" ")


def test_a_digest_of_either_length(tmp_path: Path) -> None:
    key = SshKey(tmp_path)
    assert fault(key.sign(MESSAGE, NAMESPACE, "-O", "hashalg=sha256"), key.public) == ""


def test_another_key_of_the_same_kind(tmp_path: Path) -> None:
    one, other = SshKey(tmp_path / "one"), SshKey(tmp_path / "other")
    assert "another key" in fault(one.sign(MESSAGE), other.public)


@pytest.mark.parametrize("namespace", ["git", "file", "changegate-approval2"])
def test_a_signature_for_something_else(tmp_path: Path, namespace: str) -> None:
    key = SshKey(tmp_path)
    assert "not for 'changegate-approval'" in fault(key.sign(MESSAGE, namespace), key.public)


def test_a_namespace_that_is_put_in_afterwards(tmp_path: Path) -> None:
    key = SshKey(tmp_path)
    data = data_of(key.sign(MESSAGE, "changegate-appr0val"))
    assert "does not fit" in fault(armored(data.replace(b"appr0val", b"approval")), key.public)


def test_a_short_rsa_key(tmp_path: Path) -> None:
    key = SshKey(tmp_path, "rsa", 1024)
    assert "1024 bits" in fault(key.sign(MESSAGE), key.public)


def test_rsa_with_sha1_is_refused(tmp_path: Path) -> None:
    key = SshKey(tmp_path, "rsa", 2048)
    signature = read_signature(key.sign(MESSAGE))
    assert signature is not None
    for kind in (b"ssh-rsa", b"ssh-ed25519", b"rsa-sha2-256x", b"ecdsa-sha2-nistp256"):
        assert "not used" in fault_of(signature._replace(kind=kind), MESSAGE, NAMESPACE, [key.public])
    assert "sha1" in fault_of(signature._replace(hash="sha1"), MESSAGE, NAMESPACE, [key.public])


def test_every_bit_counts(tmp_path: Path) -> None:
    """Whatever byte is another, it is no signature any more, or one that does not hold."""
    key = SshKey(tmp_path)
    data = data_of(key.sign(MESSAGE))
    for index in range(len(data)):
        changed = data[:index] + bytes([data[index] ^ 1]) + data[index + 1 :]
        signature = read_signature(armored(changed))
        assert signature is None or fault_of(signature, MESSAGE, NAMESPACE, [key.public])


@pytest.mark.parametrize("length", [0, 5, 9, 20, 60, 100])
def test_a_signature_that_is_cut(tmp_path: Path, length: int) -> None:
    assert read_signature(armored(data_of(SshKey(tmp_path).sign(MESSAGE))[:length])) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----",
        "-----BEGIN SSH SIGNATURE-----\n!!!!\n-----END SSH SIGNATURE-----",
        "-----BEGIN PGP SIGNATURE-----\nAAAA\n-----END PGP SIGNATURE-----",
        "-----BEGIN SSH SIGNATURE-----\n" + "A" * 20_000 + "\n-----END SSH SIGNATURE-----",
        armored(b"SSHSIG\0\0\0\2" + field(b"") * 5),
        armored(b"SSHSIG\0\0\0\1" + field(b"") * 6),
        armored(b"SSHSIG\0\0\0\1" + field(b"k") + field(b"n") + field(b"reserved") + field(b"sha512") + field(b"")),
        armored(b"SSHSIG\0\0\0\1" + b"\xff\xff\xff\xff"),
        armored(
            b"SSHSIG\0\0\0\1" + field(b"k") + field(b"\xff") + field(b"") + field(b"sha512") + field(field(b"") * 2)
        ),
    ],
)
def test_what_is_no_signature(text: str) -> None:
    assert read_signature(text) is None


@pytest.mark.parametrize("key", [b"", b"\0\0\0\x04ssh", field(b"ssh-dss"), field(b"ssh-ed25519") + field(b"short")])
def test_a_key_that_is_none(key: bytes) -> None:
    import base64

    line = f"ssh-ed25519 {base64.b64encode(key).decode()}"
    signature = SshSignature(key, NAMESPACE, "sha512", b"ssh-ed25519", b"x" * 64)
    assert fault_of(signature, MESSAGE, NAMESPACE, [line])


@pytest.mark.parametrize("line", ["", "ssh-ed25519", "ssh-ed25519 !", "ssh-ed25519 A"])
def test_a_line_without_a_key(line: str) -> None:
    assert key_of(line) is None
