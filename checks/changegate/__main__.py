"""The one way in, for the installed command and for `python -m changegate`."""

from __future__ import annotations

import atexit
import gc
import os
import sys


def run() -> None:
    """Run the command line and exit; an import that fails is exit code 2 too, never a traceback."""
    if not hasattr(os, "fork"):
        sys.stderr.write(_NO_FORK)
        sys.exit(2)
    # NOTE: a run makes many objects and few cycles; looking for these at Python's usual pace takes a tenth of the time.
    gc.set_threshold(100_000, 20, 20)
    try:
        from changegate.cli import main
    except ImportError as error:
        sys.stderr.write(
            f"changegate: the installation is broken: {error}\n  try: pip install --force-reinstall changegate\n"
        )
        sys.exit(2)
    try:
        main()
    except SystemExit as done:
        _leave(done.code if isinstance(done.code, int) else 2)


_NO_FORK = (
    "changegate: it does not run on Windows: what a change brings is looked at in forked processes, within bounds\n"
    "  try: the Windows Subsystem for Linux, or a container\n"
)


def _leave(code: int) -> None:
    """End the process: what was registered for the end is done, what was printed is flushed, the rest is left to lie.

    NOTE: taking the interpreter down object by object takes as long as a decision, and frees what the system would.
    """
    atexit._run_exitfuncs()  # what Python itself would do at its end
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        code = code or 2  # what was to be read never arrived
    os._exit(code)


if __name__ == "__main__":
    run()
