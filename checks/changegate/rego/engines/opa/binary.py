"""The `opa` program: found on the PATH, asked for its version, and run with nothing of our surroundings."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from changegate.errors import EngineError
from changegate.rego.syntax.builtins import ALLOWED, CLOCK

OLDEST = (1, 0, 0)
"""The first version that reads Rego v1 unless told otherwise."""
_INSTALL = "install OPA 1.0 or later (https://www.openpolicyagent.org), or name a server by --opa-url"
_SECONDS = 30.0
_NEEDED = frozenset({"eq", "assign", "internal.member_2", "internal.member_3", "internal.print"})
"""What OPA makes of `=`, `:=`, `in` and `print`. The other operators are called `infix` in its list."""


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


def run_opa(program: str, *arguments: str, folder: Path, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run it to its end, in a folder of ours and without an environment; `given` is what it reads.

    Raises:
        EngineError: It cannot be run, or does not end.
    """
    try:
        return subprocess.run(
            [program, *arguments],
            cwd=folder,
            env={},
            input=given,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
        )
    except OSError as error:
        raise EngineError(f"{program} cannot be run: {error.strerror}", hint=_INSTALL) from None
    except subprocess.TimeoutExpired:
        raise EngineError(f"`{program} {arguments[0]}` does not end", hint=_INSTALL) from None


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

    Raises:
        EngineError: The program does not tell what it can do.
    """
    done = run_opa(program, "capabilities", "--current", folder=folder)
    try:
        stated: dict[str, Any] = json.loads(done.stdout)
        kept = [one for one in stated["builtins"] if one["name"] in (ALLOWED | _NEEDED) - {CLOCK} or "infix" in one]
    except (ValueError, KeyError, TypeError):
        raise EngineError(f"{program} does not tell what it can do", hint=_INSTALL) from None
    path = folder / "capabilities.json"
    path.write_text(json.dumps({**stated, "builtins": kept, "allow_net": []}), encoding="utf-8")
    return path
