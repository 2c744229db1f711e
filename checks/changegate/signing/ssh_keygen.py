"""Signing with an SSH key, by `ssh-keygen -Y sign`: it knows agents, passwords and keys on hardware."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from changegate.errors import UsageError

_SECONDS = 120
"""A person may have to type a password or to touch a key."""


def sign_with_ssh(message: bytes, key: Path, namespace: str) -> str:
    """Sign a message.

    Args:
        message: What is signed.
        key: The private key, or the public one where an agent has the private one.
        namespace: What the signature is for.

    Returns:
        The armored signature.

    Raises:
        UsageError: There is no `ssh-keygen`, or it does not sign.
    """
    program = shutil.which("ssh-keygen")
    if program is None:
        raise UsageError("there is no ssh-keygen on the PATH", hint="install OpenSSH, 8.2 or later")
    with tempfile.TemporaryDirectory(prefix="changegate-") as folder:
        file = Path(folder) / "approval"
        file.write_bytes(message)
        command = [program, "-Y", "sign", "-n", namespace, "-f", str(key), str(file)]
        try:
            done = subprocess.run(command, capture_output=True, check=False, timeout=_SECONDS)
        except (OSError, subprocess.TimeoutExpired):
            raise UsageError("ssh-keygen did not sign", hint=f"try it: ssh-keygen -Y sign -n test -f {key}") from None
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            why = f": {said[-1][:200]}" if said else ""
            raise UsageError(f"ssh-keygen does not sign{why}", hint="name a private SSH key with --key")
        return file.with_suffix(".sig").read_text("ascii")
