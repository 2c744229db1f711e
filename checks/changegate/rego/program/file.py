"""The program's file: which policies and which engine it was made of, and the program.

It stands beside the code, and is trusted as that is: whoever can write there can change the code. A file that was made
of other policies or for another version of the engine is not used; the policies are interpreted then.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from changegate.errors import EngineError
from changegate.rego.engines.engine import DECISION

if TYPE_CHECKING:
    from changegate.rego.bundle import Bundle

FILE = Path(__file__).with_name("decision.program")
"""Where the program of the shipped policies is; written when changegate is built, and no part of the repository."""

_FORMAT = "changegate program 1"


def make_program(bundle: Bundle) -> bytes:
    """Compile policies to the content of a file.

    Raises:
        PolicyError: A policy has a form that is not known to be evaluated alike; names its file and line.
        EngineError: The engine does not compile what the policies were rewritten to.
    """
    import regorus

    from changegate.rego.program.lower import lowered

    modules = [(module.name, module.text) for module in lowered(bundle.modules)]
    try:
        program = regorus.Program.compile_from_modules("{}", modules, [DECISION])
    except Exception as error:
        message = f"the policies cannot be made a program: {str(error).partition('Stack backtrace')[0].strip()}"
        raise EngineError(message, hint="write them in a form that the engine compiles") from error
    return _head(bundle) + bytes(program.serialize_binary())


def write_program(content: bytes, file: Path = FILE) -> None:
    """Write a program's file, whole or not at all: another process may be reading it."""
    import os

    new = file.with_name(f"{file.name}.{os.getpid()}")
    new.write_bytes(content)
    new.replace(file)


def load_program(bundle: Bundle, file: Path = FILE) -> Any:
    """Load the program of policies.

    Returns:
        A `regorus.Program`, or None where the file is not there, or was made of something else.
    """
    import regorus

    try:
        content = file.read_bytes()
    except OSError:
        return None
    head = _head(bundle)
    if not engine_version() or not content.startswith(head):
        return None
    try:
        program, is_partial = regorus.Program.deserialize_binary(content[len(head) :])
    except Exception:  # noqa: BLE001  (the engine raises its own bare exceptions; a damaged file is as good as none)
        return None
    return None if is_partial else program


def _head(bundle: Bundle) -> bytes:
    return f"{_FORMAT}\n{engine_version()}\n{bundle.digest}\n".encode()


def engine_version() -> str:
    """The version of `gordon-to-regorus`, from the name of its metadata: `importlib.metadata` takes 10 ms to import."""
    import regorus

    folders = Path(regorus.__file__).parents[1].glob("gordon_to_regorus-*.dist-info")
    return ",".join(sorted(folder.name for folder in folders))
