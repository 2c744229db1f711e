"""What a merge queue holds below a change: releases and control files of other pull requests, which have not landed.

All that is queued is judged together, since all of it would land. Approvals are of one pull request, and say nothing
of what the others bring.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.approvals.reviews import Reviews
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from changegate.change.changeset import ChangeSet
    from changegate.manifest import Broken, Manifest
    from changegate.names import Identity
    from changegate.policy.settings import Config
    from changegate.workspace.scope import Scope

_ONCE_LANDED = "the run of their own pull request decides; run this one again once they have landed"


class QueuedBelow(NamedTuple):
    """What other pull requests bring."""

    identities: frozenset[Identity] = frozenset()
    """Releases that they change, alone or together with this one; those that they retire, too."""
    files: frozenset[str] = frozenset()
    """Files that are otherwise than they would be without them."""
    control: bool = False
    """Whether a control file is among them."""
    pull_request: int | None = None

    def reviews_of(self, reviews: Reviews, manifest: Manifest | Broken) -> Reviews:
        """Say what is known of who approved a release: nothing, where others change it.

        Args:
            reviews: Those of the pull request.
            manifest: The release, or the retired one.
        """
        if manifest.identity in self.identities or manifest.file in self.files:
            return self._unknown(reviews, "this release")
        return reviews

    def reviews_of_control(self, reviews: Reviews) -> Reviews:
        """Say what is known of who approved the control files of the change."""
        return self._unknown(reviews, "a control file") if self.control else reviews

    def reviews_of_releases(self, reviews: Reviews, change: ChangeSet) -> Reviews:
        """Say what is known of who approved the releases of a change, all of them together."""
        held = (*(item.manifest for item in change.items), *change.retired)
        found = (self.reviews_of(reviews, one) for one in held)
        return next((one for one in found if one is not reviews), reviews)

    def _unknown(self, reviews: Reviews, what: str) -> Reviews:
        if reviews.status != "present":
            return reviews
        this = "this pull request" if self.pull_request is None else f"pull request {self.pull_request}"
        reason = (
            f"commits that are queued below {this} and are not of it change {what}: its approvals say nothing of it"
        )
        return Reviews("unavailable", f"{reason} ({_ONCE_LANDED})", excluded=reviews.excluded)


NOTHING_BELOW = QueuedBelow()


def look_below(scope: Scope, config: Config) -> QueuedBelow:
    """Find what other pull requests bring.

    Args:
        scope: What is judged; with the two trees that tell it.
        config: The base's configuration.
    """
    from changegate.change.survey import survey

    if scope.others is None:
        return NOTHING_BELOW
    without, after = scope.others
    found = survey(scope._replace(base=without, head=after, all=False), config)
    held = (*(item.manifest for item in found.items), *found.retired)
    return QueuedBelow(
        identities=frozenset(one.identity for one in held if one.identity is not None),
        files=found.touched,
        control=bool(found.control),
        pull_request=scope.pull_request,
    )
