"""What OPA's own parser makes of policies: asked of an `opa` program, within bounds, before anybody reads them."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from changegate.errors import EngineError, PolicyError
from changegate.rego.engines.opa.binary import LESS, Popen, find_opa, needed_memory, start_opa
from changegate.rego.syntax.ast import CONVERT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from changegate.rego.bundle import Module
    from changegate.worker import Limits

_LARGEST = 64 << 20
"""Bytes of a tree. That of a policy is some hundred times its text."""


def with_trees(modules: Iterable[Module], limits: Limits) -> tuple[Module, ...]:
    """Give modules OPA's own syntax trees.

    Args:
        modules: Those that have one already keep it.
        limits: The bounds for all of them together; of memory, for each.

    Raises:
        PolicyError: OPA does not parse one; names its file and line.
        EngineError: There is no `opa`, or it takes too long or too much.
    """
    from changegate.rego.syntax.opa_tree import with_braces

    program, deadline = find_opa(), time.monotonic() + limits.seconds
    found = list(modules)
    with tempfile.TemporaryDirectory(prefix="changegate-opa-") as folder:
        parser = _Parser(program, Path(folder), limits, deadline)
        wanted = {at: module for at, module in enumerate(found) if not module.tree}
        for at, tree in parser.trees(wanted).items():
            found[at] = found[at]._replace(tree=tree)
        braced = {at: with_braces(found[at]) for at in wanted}
        again = {at: found[at]._replace(text=text) for at, text in braced.items() if text != found[at].text}
        for at, tree in parser.trees(again).items():
            found[at] = found[at]._replace(tree=tree)
            if with_braces(found[at]) != found[at].text:
                hint = "write braces around the body of each `else`"
                raise PolicyError("it cannot be told what its `else` asks for", hint=hint, file=found[at].name)
    return tuple(found)


class _Parser:
    """Runs `opa parse`, several at a time."""

    def __init__(self, program: str, folder: Path, limits: Limits, deadline: float) -> None:
        self._program, self._folder, self._limits, self._deadline = program, folder, limits, deadline

    def trees(self, modules: dict[int, Module]) -> dict[int, bytes]:
        """The tree of each module, as JSON."""
        found: dict[int, bytes] = {}
        left, size = list(modules.items()), os.cpu_count() or 1
        while left:
            some, left = left[:size], left[size:]
            running = [(at, module, self._start(at, module)) for at, module in some]
            try:
                found.update({at: self._ended(at, module, process) for at, module, process in running})
            finally:
                for _, _, process in running:
                    with suppress(ProcessLookupError):
                        process.kill()
                    process.wait()
        return found

    def _start(self, at: int, module: Module) -> Popen:
        path = self._folder / f"{at}.rego"
        path.write_bytes(module.text.encode("utf-8", "surrogatepass"))
        # NOTE: the options of `opa parse` are older than 1.0, and comments have no part in its tree.
        command = [self._program, "parse", "--format", "json", "--json-include", "locations,-comments", path.name]
        with (self._folder / f"{at}.out").open("wb") as out, (self._folder / f"{at}.err").open("wb") as err:
            return start_opa(command, self._folder, out, err, self._limits)

    def _ended(self, at: int, module: Module, process: Popen) -> bytes:
        try:
            code = process.wait(max(0.0, self._deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            message = f"parsing all policies took more than {self._limits.seconds:g} seconds, and was stopped"
            raise EngineError(message, hint=LESS, file=module.name) from None
        out, err = self._folder / f"{at}.out", self._folder / f"{at}.err"
        if out.stat().st_size > _LARGEST:
            raise EngineError("the syntax tree of the policy is too large", hint=LESS, file=module.name)
        if code:
            raise _refusal(module, out.read_bytes(), err.read_bytes())
        return out.read_bytes()


def _refusal(module: Module, out: bytes, err: bytes) -> PolicyError | EngineError:
    """What OPA says of a policy that it does not parse."""
    if needed_memory(err):
        message = "parsing it needed more memory than it may have, and was stopped"
        return EngineError(message, hint=LESS, file=module.name)
    for told in (out, err):
        try:
            errors: Sequence[Any] = json.loads(told)["errors"]
            first = errors[0]
            message, place = str(first["message"]), first.get("location") or {}
        except (ValueError, KeyError, TypeError, IndexError):
            continue
        hint = CONVERT.replace("FILE", module.name) if "keyword is required" in message else "mend the policy"
        line = int(place.get("row", 1)) or 1
        return PolicyError(f"OPA does not parse it: {message[:300]}", hint=hint, file=module.name, line=line)
    shown = " ".join(err[:300].decode("utf-8", "replace").split())
    return EngineError(f"`opa parse` failed: {shown}", hint="look whether that `opa` is well", file=module.name)
