"""The session under the client: what leaves this machine, and what is believed of what comes back.

`opa-python-client` calls a `requests` session for everything. This one is put in its place. It follows no redirect,
obeys no proxy and no `.netrc` of the environment, ends an exchange at one deadline however slowly the server trickles,
bounds the answer, writes and reads JSON strictly, and turns every answer that is not a success into an exception, so
that the client never parses one.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, NoReturn

import requests

from changegate.rego.engines.embedded import Given, depth, with_odd_bytes
from changegate.rego.engines.engine import LARGEST_ANSWER
from changegate.rego.engines.opa.deadline import Adapter, Clock
from changegate.rego.engines.opa.faults import RefusedError, broken, late, tls, unlike

if TYPE_CHECKING:
    from changegate.errors import EngineError

DEEPEST_ANSWER = 256
"""Levels. A syntax tree has many; what a rule of ours answers has few."""
_AGAIN = frozenset({429, 502, 503, 504})
"""Statuses that may be gone at the next attempt. 500 is not one: it is OPA's own answer where a policy fails."""
_PAUSE = 0.1
"""Seconds before the first further attempt; doubled for each."""
_PASSING = (requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError)


class ServerAnswer(requests.Response):
    """An answer that was read whole, whose JSON is read strictly."""

    session: Session
    has_odd_bytes = False
    """Whether the request held bytes that are no text, and stand-ins come back for them."""

    def json(self, **_given: Any) -> Any:
        """Read the answer.

        Raises:
            EngineError: It is no JSON, or nested too deeply.
        """
        try:
            text = self.content.decode("utf-8")
            value = json.loads(with_odd_bytes(text) if self.has_odd_bytes else text, parse_constant=_refuse)
        except ValueError as error:
            raise self.session.unlike(f"its answer is no JSON: {error}") from None
        except RecursionError:
            raise self.session.unlike("its answer is nested too deeply") from None
        if not isinstance(value, dict):
            raise self.session.unlike("its answer is no JSON object")
        if depth(value) > DEEPEST_ANSWER:
            raise self.session.unlike("its answer is nested too deeply")
        return value


class Session(requests.Session):
    """See the module."""

    purpose = "answer"
    """What is being done, for the sentence that says what failed: `load the policies`."""

    def __init__(self, where: str, seconds: float, retries: int) -> None:
        """Make a session.

        Args:
            where: The server's address, as it is shown.
            seconds: For each exchange, with all its attempts.
            retries: Further attempts where the server cannot be reached, or says that it is busy.
        """
        super().__init__()
        self.where, self.seconds, self.retries = where, seconds, retries
        # NOTE: a proxy, a `.netrc` or a CA file that the environment names would count for loopback, too, and change
        # what is trusted: only our own options do.
        self.trust_env = False
        # NOTE: OPA packs what is over 1 KiB, which costs more than loopback saves; what is packed may be of any size.
        self.headers["Accept-Encoding"] = "identity"
        self.clock = Clock()
        for scheme in ("http://", "https://"):
            self.mount(scheme, Adapter(self.clock))

    def request(self, method: str, url: str, **given: Any) -> ServerAnswer:  # type: ignore[override]
        """Exchange one request for one answer, within the deadline.

        Raises:
            RefusedError: The server answered with an error.
            UnreachableError: It could not be reached, or not within the deadline.
            EngineError: What it answered is not what an OPA answers.
        """
        asked = (given.get("json") or {}).get("input")
        if isinstance(asked, Given):
            # NOTE: written down once, by the rules that hold for every engine: whole integers, bytes that are no text.
            del given["json"]
            given.update(data=f'{{"input":{asked.text}}}'.encode(), headers={"Content-Type": "application/json"})
        self.clock.start(self.seconds)
        answer = self._several(method, url, {**given, "allow_redirects": False, "stream": True})
        answer.has_odd_bytes = isinstance(asked, Given) and asked.has_odd_bytes
        if not 200 <= answer.status_code < 300:
            raise RefusedError.of(answer, self.where, self.purpose)
        return answer

    def _several(self, method: str, url: str, given: dict[str, Any]) -> ServerAnswer:
        """Try until it works. Everything that is asked of OPA here may be asked twice."""
        for attempt in range(self.retries + 1):
            is_last = attempt == self.retries
            try:
                answer = self._once(method, url, given)
                if answer.status_code not in _AGAIN or is_last:
                    return answer
            except requests.exceptions.SSLError as error:
                raise tls(error, self.where) from None
            except (requests.exceptions.RequestException, TimeoutError) as error:
                if self.clock.is_over():
                    raise late(self.where, self.purpose, self.seconds) from None
                if is_last or not isinstance(error, _PASSING):
                    raise broken(error, self.where, self.purpose) from None
            self._pause(_PAUSE * 2**attempt)
        raise AssertionError("there is at least one attempt")

    def _pause(self, seconds: float) -> None:
        if self.clock.end - time.monotonic() <= seconds:
            raise late(self.where, self.purpose, self.seconds)
        time.sleep(seconds)

    def _once(self, method: str, url: str, given: dict[str, Any]) -> ServerAnswer:
        response = super().request(method, url, **{**given, "timeout": self.clock.left()})
        try:
            if response.headers.get("Content-Encoding", "identity") != "identity":
                raise self.unlike("its answer is packed, which was not asked for")
            content = self._read(response)
        finally:
            response.close()
        answer = ServerAnswer()
        answer.__dict__.update(response.__dict__, _content=content, session=self)
        return answer

    def _read(self, response: requests.Response) -> bytes:
        content = bytearray()
        for piece in response.iter_content(65536):
            content += piece
            if len(content) > LARGEST_ANSWER:
                raise self.unlike(f"its answer is larger than {LARGEST_ANSWER >> 20} MiB")
        return bytes(content)

    def unlike(self, what: str) -> EngineError:
        """An answer that is not what an OPA answers."""
        return unlike(self.where, self.purpose, what)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")
