"""The root that is ours: nobody else's policies or data stand below it, or they could change what ours decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.errors import PolicyError

if TYPE_CHECKING:
    from collections.abc import Sequence

RESERVED = "changegate"


def taken(path: Sequence[str], file: str, line: int | None = None) -> PolicyError | None:
    """What is wrong with a package, a root of a bundle or a piece of data; None where it does not stand below ours.

    Args:
        path: Its names, without `data`.
        file: Where it is said.
        line: 1-based, where that is known.
    """
    if tuple(path[:1]) != (RESERVED,):
        return None
    hint = (
        "changegate's own policies stand there, which nobody can extend: use a root of your own, such as `acme.models`"
    )
    message = f"`data.{'.'.join(path)}` is reserved for changegate's own policies"
    return PolicyError(message, hint=hint, file=file, line=line)
