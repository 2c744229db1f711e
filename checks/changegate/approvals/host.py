"""What every host of reviews has: how it is asked, and what is made of its answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from changegate.errors import UsageError
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from changegate.net.client import ApiClient


class WantedReviews(NamedTuple):
    """Which reviews are asked for."""

    repository: str
    """`owner/name`; on GitLab with all of its groups."""
    number: int
    """Of the pull or merge request."""
    environ: Mapping[str, str]
    """The process environment: the API's address and the token."""
    api: str = ""
    """The API's address, where it is not the environment's."""
    commits: Callable[[str, str], Mapping[str, str]] | None = None
    """The addresses of who made the commits of one commit and not of another, by git, each with a commit."""


class Fetched(NamedTuple):
    """What a host says."""

    file: Mapping[str, Any]
    """The approvals file, apart from `schemaVersion` and `retrievedAt`."""
    notes: tuple[str, ...] = ()
    """What a reader must know of how it was made."""


class ReviewHost(Protocol):
    """A host of reviews."""

    def __call__(self, wanted: WantedReviews) -> Fetched:
        """Ask for the reviews of a pull or merge request.

        Raises:
            UsageError: There is no token, or no address to ask.
            HostError: The host does not give them.
        """
        ...


def text(client: ApiClient, value: Any, *keys: str) -> str:
    """Take a text out of an answer.

    Raises:
        HostError: It is not there, or is none.
    """
    found = inside(value, *keys)
    if not isinstance(found, str) or not found:
        raise client.unlike(f"{'.'.join(keys)} is no text")
    return found


def inside(value: Any, *keys: str) -> Any:
    """What is below some keys; None where there is nothing."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def account(user: Any, key: str) -> dict[str, int]:
    """The number of an account, under a key of the approvals file; nothing where the host gives none."""
    number = inside(user, "id")
    is_one = isinstance(number, int) and not isinstance(number, bool) and number > 0
    return {key: number} if is_one else {}


def whose(found: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Which login each address belongs to."""
    return {address: login for address, login in found if address and login}


def check_asked(wanted: WantedReviews) -> None:
    """Refuse what names no request.

    Raises:
        UsageError: The repository or the number is missing.
    """
    parts = wanted.repository.split("/")
    if len(parts) < 2 or any(part in {"", ".", ".."} for part in parts):
        raise UsageError(
            f"{wanted.repository!r} is no repository", hint="say which: --repository owner/name, as the host calls it"
        )
    if wanted.number < 1:
        raise UsageError("nobody says which pull request it is", hint="say which: --number N")
