"""How far long work is, for a person at a terminal: a line on stderr from the second second on, and gone at the end.

Work is done in forked processes, so the counts lie in memory that all of them share. The line is drawn by a timer's
signal and not by a thread, since a process with threads should not be forked.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator

_AFTER, _EVERY = 1.0, 0.25
"""Seconds: work that is done sooner needs no line."""
_SLOTS, _WIDTH = 256, 8


class _Counter:
    """Counts in memory that forked processes share; each process has a slot of its own."""

    def __init__(self) -> None:
        import mmap

        self._memory = mmap.mmap(-1, _SLOTS * _WIDTH)
        self.total = 0

    def step(self) -> None:
        at = os.getpid() % _SLOTS * _WIDTH
        known = int.from_bytes(self._memory[at : at + _WIDTH], "little")
        self._memory[at : at + _WIDTH] = (known + 1).to_bytes(_WIDTH, "little")

    @property
    def done(self) -> int:
        slots = range(0, _SLOTS * _WIDTH, _WIDTH)
        return sum(int.from_bytes(self._memory[at : at + _WIDTH], "little") for at in slots)


_counter: _Counter | None = None
"""None where nobody looks: then counting costs nothing."""


def expect(count: int) -> None:
    """Say that so many more pieces of work are to be done."""
    if _counter is not None:
        _counter.total += count


def step() -> None:
    """Say that one piece is done."""
    if _counter is not None:
        _counter.step()


@contextmanager
def shown(stream: TextIO, *, wanted: bool) -> Iterator[None]:
    """Draw how far the work within is.

    Args:
        stream: Usually stderr; nothing is drawn where it is no terminal.
        wanted: Whether there may be much to do.
    """
    global _counter  # noqa: PLW0603  (what counts is deep in the pipeline, and in forked processes)
    if not wanted or not stream.isatty() or os.environ.get("TERM") == "dumb":
        yield
        return
    _counter = _Counter()
    try:
        with _ticking(stream, _counter):
            yield
    finally:
        _counter = None


@contextmanager
def _ticking(stream: TextIO, counter: _Counter) -> Iterator[None]:
    import signal

    if not hasattr(signal, "setitimer"):
        yield
        return
    drawn = False

    def draw(_signal: int, _frame: object) -> None:
        nonlocal drawn
        if counter.total:
            drawn = True
            os.write(stream.fileno(), f"\r\x1b[Kjudged {counter.done} of {counter.total} manifests".encode())

    before = signal.signal(signal.SIGALRM, draw)
    signal.setitimer(signal.ITIMER_REAL, _AFTER, _EVERY)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if drawn:
            os.write(stream.fileno(), b"\r\x1b[K")
