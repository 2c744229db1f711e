"""One thing that is wrong with a policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.records import NamedTuple

if TYPE_CHECKING:
    from changegate.errors import PolicyError

ERROR, WARNING = "error", "warning"


class Problem(NamedTuple):
    """One thing that is wrong."""

    file: str
    line: int
    """1-based."""
    level: str
    """`error` or `warning`."""
    message: str
    hint: str = ""

    @classmethod
    def of(cls, error: PolicyError) -> Problem:
        """Take over what an error says."""
        return cls(error.file, error.line or 1, ERROR, error.message, error.hint)
