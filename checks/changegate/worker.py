"""A process of our own that does one kind of work, one call at a time, within bounds: what may crash, hang or grow.

It is forked, so that it has everything that is loaded already; it works while its parent does something else. Its death
is an error, never an answer that is missing.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from typing import TYPE_CHECKING, NoReturn

from changegate import errors
from changegate.errors import ChangegateError, EngineError, InternalError
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

_OK, _FAILED, _NO_MEMORY = b"\0", b"\1", b"\2"
_LENGTH = 8


class Limits(NamedTuple):
    """What one worker may use."""

    seconds: float = 120.0
    """Of the wall clock, for one call; the first includes the time to get ready."""
    bytes: int = 0
    """Of address space, beside what the parent had; 0 for no limit."""


class WorkerError(EngineError):
    """A worker died, ran out of its time, or out of its memory."""


class Worker:
    """A forked process, made ready once, then asked."""

    def __init__(
        self,
        make: Callable[[], Callable[[bytes], bytes]],
        limits: Limits = Limits(),  # noqa: B008  (immutable)
        kept: tuple[int, ...] = (),
    ) -> None:
        """Fork, and let the child get ready while the parent goes on.

        Args:
            make: Runs in the child; answers the function of a call. What it raises is raised by the first call.
            limits: The child's bounds.
            kept: Open files of the parent that the child needs; it has no others.
        """
        self._limits = limits
        self._owner = os.getpid()
        self._gone = ""
        theirs, self._to = os.pipe()
        self._from, ours = os.pipe()
        self._pid = os.fork()
        if not self._pid:
            os.close(self._to)
            os.close(self._from)
            _live(make, limits, theirs, ours, kept)
        os.close(theirs)
        os.close(ours)
        os.set_blocking(self._to, False)

    @property
    def is_ours(self) -> bool:
        """Whether this process made it; a fork of that process must not talk between."""
        return os.getpid() == self._owner

    @property
    def is_gone(self) -> bool:
        """Whether it died, or was ended: no call is answered any more."""
        return bool(self._gone)

    def call(self, request: bytes, meanwhile: Callable[[], object] = lambda: None) -> bytes:
        """Ask once.

        Args:
            request: The question.
            meanwhile: What is done here while it is answered there; what it raises is raised once there is an answer.

        Raises:
            WorkerError: It died, or ran out of its bounds; it is gone then.
            ChangegateError: What the call itself raised.
        """
        if self._gone:
            raise WorkerError(self._gone)
        deadline = time.monotonic() + self._limits.seconds
        try:
            self._send(len(request).to_bytes(_LENGTH, "big") + request, deadline)
            try:
                meanwhile()
            finally:
                size = int.from_bytes(self._receive(_LENGTH, deadline), "big")
                answer = self._receive(size, deadline)
        except TimeoutError:
            raise self._ended(f"it took more than {self._limits.seconds:g} seconds, and was stopped") from None
        except (BrokenPipeError, EOFError):
            raise self._ended("") from None
        if answer[:1] == _OK:
            return answer[1:]
        if answer[:1] == _NO_MEMORY:
            raise self._ended("it needed more memory than it may have, and was stopped")
        raise _error(answer[1:])

    def close(self) -> None:
        """End the child; does nothing in a fork of the parent, or a second time."""
        if not self._gone and self.is_ours:
            self._ended("it was closed")

    def _ended(self, why: str) -> WorkerError:
        """Take away what is left of the child; without a reason, how it died is the reason."""
        if why:
            os.kill(self._pid, signal.SIGKILL)
        _, status = os.waitpid(self._pid, 0)
        os.close(self._to)
        os.close(self._from)
        killed = signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else ""
        perhaps = ", perhaps for lack of memory" if self._limits.bytes else ""
        self._gone = why or (f"it was ended by {killed}{perhaps}" if killed else "it ended without an answer")
        return WorkerError(self._gone)

    def _send(self, data: bytes, deadline: float) -> None:
        view = memoryview(data)
        while view:
            _wait(self._to, select.POLLOUT, deadline)
            view = view[os.write(self._to, view) :]

    def _receive(self, size: int, deadline: float) -> bytes:
        data = bytearray()
        while len(data) < size:
            _wait(self._from, select.POLLIN, deadline)
            part = os.read(self._from, min(size - len(data), 1 << 20))
            if not part:
                raise EOFError
            data += part
        return bytes(data)


def _wait(descriptor: int, event: int, deadline: float) -> None:
    poll = select.poll()
    poll.register(descriptor, event)
    if not poll.poll(max(0, (deadline - time.monotonic()) * 1000)):
        raise TimeoutError


def _error(data: bytes) -> ChangegateError:
    """The error that a child told."""
    import json

    told = json.loads(data)
    kind = getattr(errors, told.pop("kind"), InternalError)
    made: ChangegateError = kind(told.pop("message"), **told)
    return made


# What runs in the child


def _live(
    make: Callable[[], Callable[[bytes], bytes]], limits: Limits, source: int, target: int, kept: tuple[int, ...]
) -> NoReturn:
    """Answer calls until the parent is gone. Nothing that the parent registered for its own end may run here."""
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        if "faulthandler" in sys.modules:
            sys.modules["faulthandler"].disable()  # the parent tells how it died
        os.environ.clear()  # no policy may see it, and nothing else of ours in a worker needs it
        _part(source, target, *kept)
        _bound(limits)
        _serve(make, limits, source, target)
    finally:
        os._exit(0)


def _part(*kept: int) -> None:
    """Leave the parent's files alone: it tells what there is to tell, also of an engine that complains as it dies.

    NOTE: a copy of its end of a pipe, such as to `git cat-file`, would keep the other end waiting for ever.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    first = 3
    for descriptor in sorted(kept):
        os.closerange(first, descriptor)
        first = descriptor + 1
    os.closerange(first, min(os.sysconf("SC_OPEN_MAX"), 1 << 16))


def _bound(limits: Limits) -> None:
    if limits.bytes:
        import resource

        most = _address_space() + limits.bytes
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _bound_time(limits: Limits) -> None:
    """Bound the processor's time of a call as well: it ends the child even where its parent was killed meanwhile."""
    if limits.bytes:
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        most = int(used.ru_utime + used.ru_stime + limits.seconds) + 2
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (most if hard < 0 else min(most, hard), hard))


def _address_space() -> int:
    """Bytes of address space that this process has now; 0 where the system does not tell it this way."""
    from pathlib import Path

    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _serve(make: Callable[[], Callable[[bytes], bytes]], limits: Limits, source: int, target: int) -> None:
    handler: Callable[[bytes], bytes] | None = None
    failure = b""
    try:
        handler = make()
    except BaseException as error:  # noqa: BLE001  (whatever it is, the first call tells it)
        failure = _told(error)
    while (head := _read(source, _LENGTH)) and (request := _read(source, int.from_bytes(head, "big"))) is not None:
        answer = failure
        _bound_time(limits)
        if handler is not None:
            try:
                answer = _OK + handler(request)
            except BaseException as error:  # noqa: BLE001  (as above)
                answer = _told(error)
        data = memoryview(len(answer).to_bytes(_LENGTH, "big") + answer)
        while data:
            data = data[os.write(target, data) :]


def _read(source: int, size: int) -> bytes | None:
    """Read so many bytes; None where the parent is gone."""
    data = bytearray()
    while len(data) < size:
        part = os.read(source, size - len(data))
        if not part:
            return None
        data += part
    return bytes(data)


def _told(error: BaseException) -> bytes:
    import json

    if isinstance(error, MemoryError):
        return _NO_MEMORY
    from changegate.crash import internal

    known = error if isinstance(error, ChangegateError) else internal(error)
    told = {
        "kind": type(known).__name__,
        "message": known.message,
        "hint": known.hint,
        "file": known.file,
        "line": known.line,
        "column": known.column,
        **({"trace": known.trace} if isinstance(known, InternalError) else {}),
    }
    return _FAILED + json.dumps(told).encode()
