"""One place that own policies come from, as it was read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.rego.bundle import Module


class PolicySource(NamedTuple):
    """The policies of one place."""

    place: str
    """As people know it: `.changegate/policies`, `../policies`, `shared.tar.gz`."""
    modules: tuple[Module, ...]
    """Named by their place and their path below it."""
    data: Mapping[str, Any]
    data_files: Mapping[tuple[str, ...], str] = {}
    """Where below `data` each data file is laid, and the file."""
    roots: tuple[str, ...] = ()
    """What an archive claims; empty for a folder, which claims what it holds."""
    needs_rule: bool = True
    """Whether it is an error that there is no rule in it."""
    note: str = ""
    """What a reader must know about it, such as a signature that nobody verified."""
