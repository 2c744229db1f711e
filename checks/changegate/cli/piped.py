"""A command whose reader may go away."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def piped(run: Callable[[], int]) -> int:
    """Run a command; a reader that went away (`changegate … | head`) makes it exit code 2, never a verdict.

    NOTE: click itself would answer 1, which means closed.
    """
    try:
        return run()
    except BrokenPipeError:
        # NOTE: Python would complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
