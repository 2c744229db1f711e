"""A small client for the APIs of hosts: JSON, asked for in pages and sent.

A token goes to the one host that it is for and into no message. What comes back is bounded in bytes, pages and time, is
read strictly, and whatever goes wrong is one sentence. See docs/decisions/0034-a-small-client-of-our-own.md.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import re
import ssl
import time
import urllib.request
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.parse import quote, urlencode

from changegate import __version__
from changegate.errors import HostError, UsageError
from changegate.net.address import same_host
from changegate.net.deadline import Deadline, Handler
from changegate.records import NamedTuple
from changegate.resources import DOCS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SECONDS = 120
"""For all that is asked of a host in one run."""
LARGEST_PAGE = 8 * 1024 * 1024
LARGEST_TOTAL = 64 * 1024 * 1024
MOST_PAGES = 200
PER_PAGE = 100
_DEEPEST = 40
_AGAIN = frozenset({500, 502, 503, 504})
_ATTEMPTS = 3
_PAUSE = 0.5
"""Seconds before the second attempt; doubled for the third."""
_LONGEST_WAIT = 60
"""Seconds that a host may ask to wait for its rate limit."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NEXT = re.compile(r'<([^<>]{1,2000})>\s*;\s*rel="?next"?')
_TOKEN = re.compile(r"[\x21-\x7e]{1,4096}")


class Access(NamedTuple):
    """How a host is asked."""

    host: str
    """Its name, for messages: GitHub."""
    address: str
    """The address of its API, without a slash at its end; see `address.api_address`."""
    headers: Mapping[str, str]
    """What each request says; among it the token."""
    scopes: str
    """What a token has to be allowed, for the sentence that says that it is not."""
    variable: str
    """Where the token is looked for, for the same."""


class HostAnswer(NamedTuple):
    """One answer, read whole."""

    address: str
    status: int
    headers: http.client.HTTPMessage
    body: bytes


class Sent(NamedTuple):
    """What is sent to a host."""

    method: str
    body: bytes
    repeatable: bool


class ApiClient:
    """Asks one host, within one deadline."""

    def __init__(self, access: Access, seconds: float = SECONDS) -> None:
        """Ask nothing yet."""
        self._access = access
        self._deadline = Deadline(seconds)
        self._read = 0
        opener = urllib.request.OpenerDirector()
        # NOTE: a proxy sees nothing of what is encrypted; what is not goes to this machine itself, and to no proxy.
        proxies = {scheme: proxy for scheme, proxy in urllib.request.getproxies().items() if scheme in {"https", "no"}}
        opener.add_handler(urllib.request.ProxyHandler(proxies))
        opener.add_handler(Handler(self._deadline, ssl.create_default_context()))
        self._opener = opener

    def get(self, *path: str, **query: str | int) -> Any:
        """Ask for one thing.

        Args:
            path: The parts of its path; whatever is in one stays in it.
            query: What is asked besides.

        Raises:
            HostError: The host does not give it, or gives something else.
        """
        return self._json(self._fetch(self._address(path, query)))

    def pages(self, *path: str, **query: str | int) -> Iterator[Any]:
        """Ask for a list, page by page until the last one.

        A host says where the next page is. One that does not, and filled the page, is asked for the next by number.

        Raises:
            HostError: The host does not give it, or gives something else; a page comes twice, or there is no end.
        """
        seen: set[str] = set()
        address = self._address(path, {**query, "per_page": PER_PAGE})
        for number in range(1, MOST_PAGES + 1):
            answer = self._fetch(address)
            items = self._json(answer)
            if not isinstance(items, list):
                raise self.unlike(f"a list was expected of {path[-1]}")
            yield from items
            digest = hashlib.sha256(answer.body).hexdigest()
            if items and digest in seen:
                raise self.unlike("it gives the same page again and again")
            seen.add(digest)
            following = self._next(answer)
            if not following and len(items) < PER_PAGE:
                return
            address = following or self._address(path, {**query, "per_page": PER_PAGE, "page": number + 1})
        raise self.unlike(f"it has more than {MOST_PAGES} pages")

    def send(self, method: str, *path: str, body: Mapping[str, Any], repeatable: bool = True) -> Any:
        """Send one thing, and give back what the host makes of it.

        Args:
            method: POST, PUT or PATCH.
            path: The parts of its path.
            body: What is sent, as JSON.
            repeatable: Whether it does no harm twice: else a broken connection is an error at once, since nobody knows
                whether the host has taken it.

        Raises:
            HostError: The host does not take it.
        """
        sent = Sent(method, json.dumps(body).encode(), repeatable)
        answer = self._several(self._address(path, {}), sent)
        if answer.status in _REDIRECTS:
            raise self.unlike("it redirects what is sent to it")
        return self._json(self._checked(answer))

    def unlike(self, what: str) -> HostError:
        """An answer that is not what the host's API gives."""
        host = self._access.host
        return HostError(
            f"{host} answers something unexpected: {what}", hint=f"look at {self._access.address}: is it {host}'s API?"
        )

    def _address(self, path: tuple[str, ...], query: Mapping[str, str | int]) -> str:
        parts = "/".join(quote(part, safe="") for part in path)
        return f"{self._access.address}/{parts}" + (f"?{urlencode(query)}" if query else "")

    def _next(self, answer: HostAnswer) -> str:
        found = _NEXT.search(answer.headers.get("Link", ""))
        if not found:
            return ""
        following = same_host(answer.address, found[1])
        if not following:
            raise self.unlike("its next page is on another host, where the token is not sent")
        return following

    def _fetch(self, address: str) -> HostAnswer:
        """Ask until there is an answer to go on with; redirects of the same host are followed."""
        for _ in range(4):
            answer = self._several(address)
            if answer.status not in _REDIRECTS:
                return self._checked(answer)
            following = same_host(address, answer.headers.get("Location", ""))
            if not following:
                raise self.unlike("it redirects to another host, where the token is not sent")
            address = following
        raise self.unlike("it redirects without an end")

    def _several(self, address: str, sent: Sent | None = None) -> HostAnswer:
        """Try until it works. What is only read may be asked twice; what is sent, where it says so."""
        pause = _PAUSE
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                answer = self._once(address, sent)
                wait = _asked_to_wait(answer)
            except (URLError, OSError, http.client.HTTPException) as error:
                if attempt == _ATTEMPTS or not _may_pass(error) or (sent is not None and not sent.repeatable):
                    raise self._broken(error) from None
                wait = None
            else:
                fails = answer.status in _AGAIN and (sent is None or sent.repeatable)
                if attempt == _ATTEMPTS or (wait is None and not fails):
                    return answer
                if wait is not None and not self._can_wait(wait):
                    return answer
            self._sleep(pause if wait is None else wait)
            pause *= 2
        raise AssertionError("there is a last attempt")

    def _once(self, address: str, sent: Sent | None) -> HostAnswer:
        headers = {"User-Agent": f"changegate/{__version__}", "Accept-Encoding": "identity", **self._access.headers}
        data, method = (sent.body, sent.method) if sent is not None else (None, "GET")
        if data is not None:
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(address, data, headers, method=method)  # noqa: S310  (the scheme was looked at)
        response = self._opener.open(request, timeout=self._deadline.left())
        if response is None:
            raise self.unlike("nothing can open its address")
        with response:
            if response.headers.get("Content-Encoding", "identity") != "identity":
                raise self.unlike("its answer is packed, which was not asked for")
            return HostAnswer(address, response.status, response.headers, self._body(response))

    def _body(self, response: Any) -> bytes:
        body = bytearray()
        while piece := response.read1(65536):
            body += piece
            self._read += len(piece)
            if len(body) > LARGEST_PAGE or self._read > LARGEST_TOTAL:
                raise self.unlike(f"it sends more than {min(LARGEST_PAGE, LARGEST_TOTAL) >> 20} MiB")
        length = response.headers.get("Content-Length", "")
        if not response.chunked and length.isdigit() and int(length) != len(body):
            raise http.client.IncompleteRead(bytes(body))
        return bytes(body)

    def _checked(self, answer: HostAnswer) -> HostAnswer:
        """Give an answer back that is one.

        Raises:
            HostError: It says why there is none.
        """
        if answer.status in {200, 201}:
            return answer
        host, variable, scopes = self._access.host, self._access.variable, self._access.scopes
        limited = _is_limited(answer)
        if limited:
            wait = _asked_to_wait(answer)
            told = f" and asks to wait {wait} s" if wait else ""
            raise HostError(f"{host} has had too many requests{told}", hint="run the job again later")
        known = {
            401: ("does not know the token", f"put one that is valid into {variable}: {scopes}"),
            403: ("does not let the token do this", f"give the token in {variable} what it needs: {scopes}"),
            404: (
                "knows no such repository or request, or does not show it to the token",
                f"look at the repository and the number, and at what the token in {variable} may read: {scopes}",
            ),
        }
        said, hint = known.get(answer.status, (f"answers with status {answer.status}", "run the job again later"))
        raise HostError(f"{host} {said}", hint=hint, status=answer.status)

    def _json(self, answer: HostAnswer) -> Any:
        try:
            value = json.loads(answer.body.decode("utf-8"), parse_constant=_refuse)
        except (ValueError, RecursionError):
            raise self.unlike("it is no JSON") from None
        if _is_deep(value):
            raise self.unlike("it is nested too deeply")
        return value

    def _broken(self, error: Exception) -> HostError:
        host, cause = self._access.host, _cause(error)
        if isinstance(cause, ssl.SSLCertVerificationError):
            return HostError(
                f"the certificate of {host} is not believed: {cause.verify_message}",
                hint="name who signs it in SSL_CERT_FILE; it is verified always",
            )
        if isinstance(cause, TimeoutError):
            return HostError(f"{host} did not answer within {self._deadline.seconds:g} s", hint="run the job again")
        if isinstance(cause, http.client.HTTPException):
            return HostError(f"{host} ended the connection within its answer", hint="run the job again")
        why = getattr(cause, "strerror", None) or "the connection was ended"
        return HostError(f"{host} cannot be reached: {why}", hint=f"look at {self._access.address} and the network")

    def _can_wait(self, seconds: int) -> bool:
        try:
            return seconds <= min(_LONGEST_WAIT, self._deadline.left() - 1)
        except TimeoutError:
            return False

    def _sleep(self, seconds: float) -> None:
        try:
            time.sleep(min(seconds, self._deadline.left()))
        except TimeoutError as error:
            raise self._broken(error) from None


def token_of(environ: Mapping[str, str], *names: str) -> str:
    """Take a token from the first variable that has one.

    Raises:
        UsageError: There is none, or it is no token; says which variable, and nothing of what is in it.
    """
    for name in names:
        if token := environ.get(name, "").strip():
            if not _TOKEN.fullmatch(token):
                raise UsageError(f"what is in {name} is no token", hint="a token is one word of printable characters")
            return token
    raise UsageError(f"there is no token in {names[0]}", hint=f"{DOCS}/ci.md says which token, and what it may do")


def _asked_to_wait(answer: HostAnswer) -> int | None:
    """The seconds that a host asks to wait; None where it asks for nothing, or for no number of seconds."""
    text = answer.headers.get("Retry-After", "")
    if not _is_limited(answer) or not re.fullmatch("[0-9]{1,6}", text):
        return None
    return int(text)


def _is_limited(answer: HostAnswer) -> bool:
    used_up = answer.headers.get("X-RateLimit-Remaining", answer.headers.get("RateLimit-Remaining", "")) == "0"
    asks = answer.headers.get("Retry-After") is not None
    return answer.status == 429 or (answer.status == 403 and (used_up or asks))


def _cause(error: Exception) -> BaseException:
    """What lies under an error of urllib's."""
    reason = error.reason if isinstance(error, URLError) else error
    return reason if isinstance(reason, BaseException) else error


def _may_pass(error: Exception) -> bool:
    """Whether another attempt may help."""
    return not isinstance(_cause(error), TimeoutError | ssl.SSLError)


def _refuse(text: str) -> Any:
    raise ValueError(text)


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(_DEEPEST):
        level = [inner for one in level for inner in _inside(one)]
        if not level:
            return False
    return True


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
