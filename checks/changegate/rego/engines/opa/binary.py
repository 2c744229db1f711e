"""The `opa` program: found on the PATH, asked for its version, and run with nothing of our surroundings."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from changegate.errors import EngineError
from changegate.rego.syntax.builtins import CLOCK, REACHES_OUT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from changegate.worker import Limits

Popen = subprocess.Popen[bytes]
OLDEST = (1, 0, 0)
"""The first version that reads Rego v1 unless told otherwise."""
_INSTALL = "install OPA 1.0 or later (https://www.openpolicyagent.org), or name a server by --opa-url"
_SECONDS = 30.0
_BESIDE = 256 << 20
"""Bytes that the program needs before it looks at any policy."""
_BOUNDED = 'ulimit -d "$0" 2>/dev/null; exec "$@"'
"""Bounds the memory of a program; a system that cannot do so lets it be."""


def find_opa() -> str:
    """The program.

    NOTE: a relative folder on the PATH would lead into the tree that is judged.

    Raises:
        EngineError: There is none.
    """
    folders = [folder for folder in os.environ.get("PATH", os.defpath).split(os.pathsep) if Path(folder).is_absolute()]
    found = shutil.which("opa", path=os.pathsep.join(folders))
    if found is None:
        raise EngineError("there is no `opa` on the PATH, and no --opa-url", hint=_INSTALL)
    return found


def has_opa() -> bool:
    """Whether there is one."""
    try:
        find_opa()
    except EngineError:
        return False
    return True


def bounded(command: Sequence[str], limits: Limits | None) -> list[str]:
    """A command that may need no more memory than the bounds say, beside what an OPA always needs."""
    bound = bound_of(limits)
    return ["/bin/sh", "-c", _BOUNDED, bound, *command] if bound else list(command)


def bound_of(limits: Limits | None) -> str:
    """The bound on a program's data in KiB, for `ulimit -d`; empty for none."""
    return str((limits.bytes + _BESIDE) >> 10) if limits is not None and limits.bytes else ""


def soft_bound(limits: Limits | None) -> dict[str, str]:
    """The environment that lets a Go program tidy up before it meets its bound, and nothing else."""
    return {"GOMEMLIMIT": str(limits.bytes)} if limits is not None and limits.bytes else {}


def run_opa(
    program: str, *arguments: str, folder: Path, given: bytes = b"", limits: Limits | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run it to its end, in a folder of ours and without an environment.

    Args:
        program: Its path.
        arguments: What it is to do.
        folder: Where.
        given: What it reads.
        limits: Its bounds; None where it is given nothing of a user's.

    Raises:
        EngineError: It cannot be run, does not end, or needs more memory than it may have.
    """
    seconds = _SECONDS if limits is None else limits.seconds
    try:
        done = subprocess.run(
            bounded([program, *arguments], limits),
            cwd=folder,
            env=soft_bound(limits),
            input=given,
            capture_output=True,
            check=False,
            timeout=seconds,
        )
    except OSError as error:
        raise EngineError(f"{program} cannot be run: {error.strerror}", hint=_INSTALL) from None
    except subprocess.TimeoutExpired:
        message = f"`{program} {arguments[0]}` took more than {seconds:g} seconds, and was stopped"
        raise EngineError(message, hint=_INSTALL if limits is None else LESS) from None
    if limits is not None and done.returncode and needed_memory(done.stderr):
        message = f"`{program} {arguments[0]}` needed more memory than it may have, and was stopped"
        raise EngineError(message, hint=LESS)
    return done


def start_opa(command: Sequence[str], folder: Path, out: IO[bytes], err: IO[bytes], limits: Limits) -> Popen:
    """Start it in a folder of ours, within bounds and without an environment; the caller waits for its end.

    Raises:
        EngineError: It cannot be run.
    """
    try:
        return subprocess.Popen(
            bounded(command, limits),
            cwd=folder,
            env=soft_bound(limits),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
        )
    except OSError as error:
        raise EngineError(f"{command[0]} cannot be run: {error.strerror}", hint=_INSTALL) from None


LESS = "make the policies smaller; `policies.limits` in .changegate/config.yaml sets the bounds"


# NOTE: the last is Go's own collector, which reads a null pointer where it was refused memory.
_NO_MEMORY = (b"out of memory", b"cannot allocate memory", b"pthread_create failed", b"SIGSEGV: segmentation violation")


def needed_memory(told: bytes) -> bool:
    """Whether an OPA within bounds says that it ended for lack of memory."""
    return any(sign in told for sign in _NO_MEMORY)


def version_of(program: str, folder: Path) -> str:
    """Ask for the version.

    Raises:
        EngineError: It is too old, or no OPA.
    """
    done = run_opa(program, "version", folder=folder)
    found = re.search(rb"^Version: v?((\d+)\.(\d+)\.(\d+)\S*)", done.stdout, re.MULTILINE)
    if found is None:
        raise EngineError(f"{program} is no OPA: it does not say its version", hint=_INSTALL)
    version = found[1].decode("ascii", "replace")
    if not is_recent(version):
        raise EngineError(f"{program} is OPA {version}, which reads an older Rego", hint=_INSTALL)
    return version


def is_recent(version: str) -> bool:
    """Whether a version is not known to be too old."""
    numbers = re.match(r"(\d+)\.(\d+)\.(\d+)", version)
    return numbers is None or tuple(map(int, numbers.groups())) >= OLDEST


def write_capabilities(program: str, folder: Path) -> Path:
    """Write down what policies may use here: what the program can do, without all that reaches out of it.

    What reaches out is on our list, or said by the program itself to answer differently at each call.

    Raises:
        EngineError: The program does not tell what it can do.
    """
    done = run_opa(program, "capabilities", "--current", folder=folder)
    try:
        stated: dict[str, Any] = json.loads(done.stdout)
        kept = [
            one
            for one in stated["builtins"]
            if one["name"] not in REACHES_OUT and one["name"] != CLOCK and not one.get("nondeterministic")
        ]
    except (ValueError, KeyError, TypeError):
        raise EngineError(f"{program} does not tell what it can do", hint=_INSTALL) from None
    path = folder / "capabilities.json"
    path.write_text(json.dumps({**stated, "builtins": kept, "allow_net": []}), encoding="utf-8")
    return path
