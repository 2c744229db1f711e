"""Who approved: reviews that CI hands in, or that a host is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from changegate.approvals.host import Fetched, WantedReviews

HOSTS = {
    "github": "changegate.approvals.github:fetch_github",
    "gitlab": "changegate.approvals.gitlab:fetch_gitlab",
}
"""Name on the command line -> the function that asks a host of that kind; see `host.ReviewHost`."""


def ask_host(name: str, wanted: WantedReviews) -> Fetched:
    """Ask a host for the reviews of a pull or merge request; see `host.ReviewHost`."""
    module, _, function = HOSTS[name].partition(":")
    fetched: Fetched = getattr(import_module(module), function)(wanted)
    return fetched
