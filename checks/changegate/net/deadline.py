"""Connections on which every read and write gets what is left of one deadline.

The standard library's timeout is one for each read, so that a host which trickles would be waited for without end.
"""

from __future__ import annotations

import functools
import http.client
import io
import time
import urllib.request
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import socket
    import ssl


class Deadline:
    """The end of all that is asked."""

    def __init__(self, seconds: float) -> None:
        """Begin now."""
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds until the end.

        Raises:
            TimeoutError: There are none.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class _Bytes(io.RawIOBase):
    """What comes back, read within the deadline."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        super().__init__()
        self._sock, self._deadline = sock, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        self._sock.settimeout(self._deadline.left())
        return self._sock.recv_into(into)

    def close(self) -> None:
        if not self.closed:
            self._sock.close()
        super().close()


class _TimedSocket:
    """A connected socket, as far as `http.client` uses one."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock, self._deadline = sock, deadline
        self._is_read = False

    def sendall(self, data: Any) -> None:
        self._sock.settimeout(self._deadline.left())
        self._sock.sendall(data)

    def makefile(self, *_given: Any, **_more: Any) -> io.BufferedReader:
        self._is_read = True
        return io.BufferedReader(_Bytes(self._sock, self._deadline))

    def close(self) -> None:
        """End the connection, unless an answer is still read from it: that ends it."""
        if not self._is_read:
            self._sock.close()


class _Plain(http.client.HTTPConnection):
    """A connection without encryption; for loopback only."""

    def __init__(self, host: str, *, deadline: Deadline, **given: Any) -> None:
        super().__init__(host, **{**given, "timeout": deadline.left()})
        self._deadline = deadline

    def connect(self) -> None:
        super().connect()
        self.sock = _TimedSocket(self.sock, self._deadline)


class _Encrypted(http.client.HTTPSConnection):
    """A connection with TLS, through a proxy of the environment where there is one."""

    def __init__(self, host: str, *, deadline: Deadline, **given: Any) -> None:
        super().__init__(host, **{**given, "timeout": deadline.left()})
        self._deadline = deadline

    def connect(self) -> None:
        super().connect()
        self.sock = _TimedSocket(self.sock, self._deadline)


class Handler(urllib.request.HTTPSHandler, urllib.request.HTTPHandler):
    """Opens addresses over such connections."""

    def __init__(self, deadline: Deadline, context: ssl.SSLContext) -> None:
        """Take the deadline, and whose certificates are believed."""
        super().__init__(context=context)
        self._plain = functools.partial(_Plain, deadline=deadline)
        self._encrypted = functools.partial(_Encrypted, deadline=deadline, context=context)

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Open an address of plain HTTP."""
        return self.do_open(self._plain, req)

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Open an address of HTTPS."""
        return self.do_open(self._encrypted, req)
