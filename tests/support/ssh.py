"""SSH keys for tests, and signatures as `ssh-keygen -Y sign` makes them."""

from __future__ import annotations

import base64
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


class SshKey:
    """A key pair in a folder."""

    def __init__(self, folder: Path, kind: str = "ed25519", bits: int | None = None) -> None:
        if shutil.which("ssh-keygen") is None:
            pytest.skip("ssh-keygen is not installed")
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"id_{kind}"
        size = ["-b", str(bits)] if bits else []
        self._run("-q", "-t", kind, *size, "-N", "", "-C", "a test", "-f", str(self.path))
        self.public = self.path.with_suffix(".pub").read_text().strip()

    def sign(self, message: bytes, namespace: str = "changegate-approval", *options: str) -> str:
        file = self.path.with_name("message")
        file.write_bytes(message)
        file.with_suffix(".sig").unlink(missing_ok=True)
        self._run("-Y", "sign", "-n", namespace, *options, "-f", str(self.path), str(file))
        return file.with_suffix(".sig").read_text()

    def _run(self, *arguments: str) -> None:
        subprocess.run(["ssh-keygen", *arguments], check=True, capture_output=True, timeout=60)


def field(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def armored(data: bytes) -> str:
    text = base64.b64encode(data).decode()
    lines = "\n".join(text[start : start + 70] for start in range(0, len(text), 70))
    return f"-----BEGIN SSH SIGNATURE-----\n{lines}\n-----END SSH SIGNATURE-----\n"


def data_of(text: str) -> bytes:
    return base64.b64decode("".join(text.strip().splitlines()[1:-1]))
