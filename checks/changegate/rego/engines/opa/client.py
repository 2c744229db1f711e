"""The client of one process: `opa-python-client` with a session of ours, and the questions that changegate has.

Never shared across a fork: two processes that read from one connection would each get parts of the other's answers.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from changegate.errors import EngineError
from changegate.records import NamedTuple
from changegate.rego.engines.opa.faults import RefusedError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from opa_client.opa import OpaClient

    from changegate.rego.engines.embedded import Given
    from changegate.rego.engines.opa.address import Address
    from changegate.rego.engines.opa.session import Session

_LIBRARY = "opa-python-client"
_STRICT = {"strict-builtin-errors": "true", "provenance": "true"}
"""A builtin that meets a wrong type is an error, as in the embedded engine; the answer says which bundle made it."""


class Way(NamedTuple):
    """How a server is reached."""

    address: Address
    timeout: float
    """Seconds for one exchange, with all its attempts."""
    retries: int
    token: str = ""
    ca: str = ""
    """A file of certificates; empty for those that `requests` brings."""
    certificate: tuple[str, str] | str | None = None
    """The client's own: a file with both, or a certificate and its key."""

    def __repr__(self) -> str:
        """Show it without the token."""
        return f"Way({self.address})"


class Client:
    """Asks one server; opens a session for each process that it is used in."""

    def __init__(self, way: Way) -> None:
        """Nothing is connected yet.

        Raises:
            EngineError: `opa-python-client` is not installed.
        """
        self.where = str(way.address)
        self.explained: Callable[[UnreachableError], EngineError] = lambda error: error
        """Says what is known of a server that does not answer; of one that we started that is more."""
        self._way = way
        self._made: dict[int, OpaClient] = {}
        library()

    def _open(self, purpose: str) -> OpaClient:
        """The library's client of this process.

        NOTE: that of the process that forked this one is kept, unused: closing it would speak on its connection.
        """
        pid = os.getpid()
        if pid not in self._made:
            self._made[pid] = _make(self._way)
        made = self._made[pid]
        session: Session = made._session
        session.purpose = purpose
        return made

    def ask(self, path: Sequence[str], given: Given) -> dict[str, Any]:
        """Evaluate one rule; answers OPA's whole answer, whose `result` is missing where the rule is undefined.

        Args:
            path: Its names below `data`.
            given: The input, written down.
        """
        # NOTE: the library takes a dot for a slash; `%2E` is a dot again when it is sent.
        where = "/".join(quote(part, safe="").replace(".", "%2E") for part in path)
        try:
            answer: dict[str, Any] = self._open("decide").query_rule(given, where, query_params=_STRICT)
        except UnreachableError as error:
            raise self.explained(error) from None
        return answer

    def put_policy(self, name: str, text: str, purpose: str = "load a policy") -> None:
        """Load one module."""
        # NOTE: by default the library rewrites what OPA refuses, by regular expressions, and tries again.
        self._open(purpose).update_policy_from_string(text, name, rego_compat=False)

    def has_policy(self, name: str) -> bool:
        """Whether a module is loaded."""
        try:
            self._open("show a policy").get_policy(name)
        except RefusedError as refused:
            if refused.status == 404:
                return False
            raise
        return True

    def delete_policy(self, name: str) -> None:
        """Remove one module; it may be gone already."""
        with _gone():
            self._open("remove a policy").delete_policy(name)

    def put_data(self, name: str, value: Mapping[str, Any]) -> None:
        """Load data below a root."""
        self._open("load the policies' data").update_or_create_data(dict(value), name)

    def delete_data(self, name: str) -> None:
        """Remove what is below a root; it may be gone already."""
        with _gone():
            self._open("remove the policies' data").delete_data(name)

    def data(self, name: str, purpose: str) -> Any:
        """The document at a path; None where there is none."""
        from opa_client.errors import PolicyNotFoundError

        try:
            return self._open(purpose).get_data(name)["result"]
        except PolicyNotFoundError:
            return None

    def policies(self) -> Iterator[dict[str, Any]]:
        """Every module that the server holds: `{id, raw, ast}`."""
        # NOTE: the library answers the ids, or paths made of the syntax tree, but not the texts.
        client = self._open("list its policies")
        listed = client._session.get(f"{client.root_url}/policies").json().get("result")
        yield from (one for one in listed or () if isinstance(one, dict))

    def version(self) -> str:
        """The server's version; empty where it does not tell."""
        try:
            stated: Any = self._open("state its version").get_config()
        except RefusedError as refused:
            if refused.status in {401, 403}:
                return ""  # one that lets us decide need not let us read its configuration
            raise
        for key in ("result", "labels", "version"):
            stated = stated.get(key) if isinstance(stated, dict) else None
        return stated if isinstance(stated, str) else ""

    def close(self) -> None:
        """Close the session of this process."""
        made = self._made.pop(os.getpid(), None)
        if made is not None:
            made.close_connection()


def _make(way: Way) -> OpaClient:
    from opa_client.opa import OpaClient

    from changegate.rego.engines.opa.session import Session

    class Ours(OpaClient):  # type: ignore[misc, unused-ignore]
        """The library's client with our session in place of its own: see session.py for what that does otherwise.

        NOTE: its own takes no CA file, verifies no certificate unless `ssl` says so, follows redirects with the token,
        obeys the proxies of the environment, and repeats no POST.
        """

        def _init_session(self) -> Session:
            session = Session(str(way.address), way.timeout, way.retries)
            session.headers.update(self.headers or {})
            session.verify = way.ca or True
            session.cert = way.certificate
            return session

    return Ours(
        host=way.address.host,
        port=way.address.port,
        ssl=way.address.secure,
        token=way.token or None,
        timeout=way.timeout,
        retries=0,
    )


def library() -> None:
    """Make sure that the library is there.

    Raises:
        EngineError: It is not installed.
    """
    try:
        import opa_client.opa  # noqa: F401
    except ImportError:
        message = f"the engine `opa` needs {_LIBRARY}, which is not installed"
        raise EngineError(message, hint="pip install 'changegate[opa]'") from None


@contextmanager
def _gone() -> Iterator[None]:
    """Take what is not there for removed: a removal may be tried twice."""
    try:
        yield
    except RefusedError as refused:
        if refused.status != 404:
            raise
