"""Who approved the change as a whole, which no team owns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.evidence.approvals import people

if TYPE_CHECKING:
    from changegate.change.collector import ChangeRequest
    from changegate.evidence.collector import Section


def collect(request: ChangeRequest) -> Section:
    """Count the approvals of the change."""
    return people(request.reviews, request.teams, "")
