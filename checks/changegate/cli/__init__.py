"""The command line: one thin file per command, imported when it is asked for."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from changegate.cli.piped import piped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from changegate.errors import ChangegateError

COMPLETION = "_CHANGEGATE_COMPLETE"
"""The variable by which a shell asks for completions."""


def main(arguments: list[str] | None = None) -> None:
    """Run a command and exit with its code; every error becomes one message and exit code 2."""
    try:
        code = _run(arguments)
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        code = 2
    except Exception as error:  # noqa: BLE001  (one that nobody expected is told as such)
        _explain(error)
        code = 2
    sys.exit(code if isinstance(code, int) else 0)


def _run(arguments: list[str] | None) -> Any:
    """Run the gate, which runs at every commit, at once where its words are plain; all else by click."""
    words = sys.argv[1:] if arguments is None else arguments
    if words[:1] == ["check"] and COMPLETION not in os.environ:
        options = _plain(words[1:])
        if options is not None:
            from changegate.cli.checking import check

            return piped(lambda: check(**options))
    from changegate.cli.group import run

    return run(arguments)


def _plain(words: Sequence[str]) -> dict[str, Any] | None:
    from changegate.cli.checking import OPTIONS, SHOWN
    from changegate.cli.fast_parser import read_words
    from changegate.rego.engines import EngineOptions

    options = read_words(words, (*OPTIONS, *SHOWN))
    return None if options is None else {**options, "engine": EngineOptions()}


def _explain(error: Exception) -> None:
    """Say an error in a sentence; one that nobody expected as Python does, where that is asked for."""
    from changegate.crash import explained
    from changegate.workspace.ci_systems import is_ci

    try:
        known = explained(error, os.environ, in_ci=is_ci(os.environ))
    except Exception:  # noqa: BLE001  (it is the error itself)
        import traceback

        traceback.print_exc()
    else:
        _say(known)


def _say(error: ChangegateError) -> None:
    from changegate.escape import terminal

    place = f"{error.place}: " if error.place else ""
    sys.stderr.write(f"changegate: {terminal(place + error.message)}\n")
    if error.hint:
        sys.stderr.write(f"  try: {terminal(error.hint)}\n")
