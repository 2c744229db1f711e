"""Who approved: reviews that CI hands in, or that a host is asked for; and how a host says that commits were merged."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from changegate.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from changegate.approvals.host import Fetched, WantedReviews
    from changegate.approvals.merges import HostedBranch, Merges

HOSTS = {
    "github": "changegate.approvals.github:fetch_github",
    "gitlab": "changegate.approvals.gitlab:fetch_gitlab",
}
"""Name on the command line -> the function that asks a host of that kind; see `host.ReviewHost`."""

MERGE_HOSTS = {
    "github": "changegate.approvals.merges_github:github_merges",
    "gitlab": "changegate.approvals.merges_gitlab:gitlab_merges",
}
"""Name on the command line -> the function that asks a host of that kind; see `merges.MergeHost`."""


def ask_merges(name: str, wanted: HostedBranch, commits: Sequence[str]) -> Merges:
    """Ask a host of a kind how commits came onto a branch; see `merges.MergeHost`.

    Raises:
        UsageError: Nobody says which repository it is.
    """
    if "/" not in wanted.repository.strip("/"):
        hint = "say which: --repository owner/name, or `repository` in .changegate/config.yaml"
        raise UsageError(f"{wanted.repository!r} is no repository", hint=hint)
    module, _, function = MERGE_HOSTS[name].partition(":")
    merges: Merges = getattr(import_module(module), function)(wanted, commits)
    return merges


def ask_host(name: str, wanted: WantedReviews) -> Fetched:
    """Ask a host for the reviews of a pull or merge request; see `host.ReviewHost`."""
    module, _, function = HOSTS[name].partition(":")
    fetched: Fetched = getattr(import_module(module), function)(wanted)
    return fetched
