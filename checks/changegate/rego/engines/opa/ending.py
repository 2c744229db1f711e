"""The end of a run, in every way that a run can end: what was begun elsewhere is taken back first.

A signal that asks this process to end is turned into what Ctrl-C is here already; `SIGKILL` is not to be had.
"""

from __future__ import annotations

import atexit
import os
import signal
import threading
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

_ASKED = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
_ALL = (signal.SIGINT, *_ASKED)


class Ending:
    """Sees to it that a function runs before the process ends; entered while that runs."""

    def __init__(self, close: Callable[[], None]) -> None:
        """Begin to watch. Signals are handled in the main thread only, as Python has it."""
        self.is_over = False
        self._close = close
        self._before: dict[int, Any] = {}
        atexit.register(close)
        if threading.current_thread() is threading.main_thread():
            for number in _ASKED:
                if signal.getsignal(number) is signal.SIG_DFL:
                    self._before[number] = signal.signal(number, _interrupt)

    def __enter__(self) -> None:
        """Begin to take back. It is bounded, so that nothing may interrupt it: a host sends its signals again."""
        self.is_over = True
        atexit.unregister(self._close)
        if threading.current_thread() is threading.main_thread():
            for number in _ALL:
                self._before.setdefault(number, signal.getsignal(number))
                signal.signal(number, signal.SIG_IGN)

    def __exit__(self, *_: object) -> None:
        """Give the signals back."""
        if threading.current_thread() is threading.main_thread():
            for number, handler in self._before.items():
                signal.signal(number, handler)


def _in_a_fork() -> None:
    """A fork has nothing to take back: what asks it to end, ends it."""
    for number in _ASKED:
        if signal.getsignal(number) is _interrupt:
            signal.signal(number, signal.SIG_DFL)


os.register_at_fork(after_in_child=_in_a_fork)


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    del number, frame
    raise KeyboardInterrupt
