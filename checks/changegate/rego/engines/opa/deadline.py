"""One deadline for a whole exchange: connecting, TLS, sending, waiting, reading.

The timeout of `requests` is one for each read: a server that sends a byte now and then would be waited for without end.
"""

from __future__ import annotations

import http.client
import io
import time
from typing import TYPE_CHECKING, Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

if TYPE_CHECKING:
    import socket


class Clock:
    """How long the exchange that is under way may still take."""

    end = 0.0
    """By `time.monotonic`, in seconds."""

    def start(self, seconds: float) -> None:
        """Give the exchange that begins so long."""
        self.end = time.monotonic() + seconds

    def is_over(self) -> bool:
        """Whether the deadline has passed."""
        return time.monotonic() >= self.end

    def left(self) -> float:
        """The seconds that are left.

        Raises:
            TimeoutError: None are.
        """
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the deadline has passed")
        return left


class Adapter(HTTPAdapter):
    """Connections that keep to a clock."""

    def __init__(self, clock: Clock) -> None:
        """Attempts are counted by the session, so none here."""
        self._clock = clock
        super().__init__(max_retries=0)

    def init_poolmanager(self, *given: Any, **named: Any) -> None:
        """Make the pools of this adapter from connections that keep to its clock."""
        super().init_poolmanager(*given, **named)
        self.poolmanager.pool_classes_by_scheme = {
            "http": _pool(HTTPConnectionPool, HTTPConnection, self._clock),
            "https": _pool(HTTPSConnectionPool, HTTPSConnection, self._clock),
        }


def _pool(pool: type[HTTPConnectionPool], connection: type[HTTPConnection], clock: Clock) -> type[HTTPConnectionPool]:
    class Connection(connection):  # type: ignore[misc, valid-type]
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            self.response_class = lambda sock, **about: _Response(clock, sock, **about)

        def send(self, data: Any) -> None:
            if self.sock is not None:
                self.sock.settimeout(clock.left())
            super().send(data)

    return type(pool.__name__, (pool,), {"ConnectionCls": Connection})


class _Response(http.client.HTTPResponse):
    """A response whose every read gets what is left of the deadline."""

    def __init__(self, clock: Clock, sock: socket.socket, **about: Any) -> None:
        super().__init__(sock, **about)
        # NOTE: what `makefile` made is kept below: it is what holds the socket open.
        self.fp = io.BufferedReader(_Timed(clock, sock, self.fp.detach()))


class _Timed(io.RawIOBase):
    def __init__(self, clock: Clock, sock: socket.socket, raw: io.RawIOBase) -> None:
        self._clock, self._sock, self._raw = clock, sock, raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._clock.left())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()
