"""Reading the plain forms of a command line without click, which takes longer to import than the gate takes to judge.

Only what can mean one thing is read here: options by their whole names, each with a value that is none itself. All else
(help, abbreviations, mistakes) is click's, which says what is wrong.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Option(NamedTuple):
    """One option of a command."""

    names: tuple[str, ...]
    """As they are typed."""
    dest: str
    """The argument that gets its value."""
    help: str
    kind: str = "text"
    """`text`, `path` or `flag`."""
    metavar: str = ""
    default: Any = None
    choices: tuple[str, ...] = ()
    """The values that it takes; empty for any."""
    multiple: bool = False
    """Whether it may be given several times, and its value is a tuple."""

    @property
    def unset(self) -> Any:
        """What its argument gets where it is not given."""
        return () if self.multiple else False if self.kind == "flag" else self.default


def read_words(words: Sequence[str], options: Sequence[Option]) -> dict[str, Any] | None:
    """Read a command's words: its options, and `paths`.

    Returns:
        The arguments as click would give them; None where it is click that has to read them.
    """
    known = {name: option for option in options for name in option.names}
    given: dict[str, Any] = {option.dest: option.unset for option in options}
    paths: list[Path] = []
    rest = iter(words)
    for word in rest:
        if not word.startswith("-"):
            if _is_closed(word):
                return None
            paths.append(Path(word))
            continue
        name, equals, text = word.partition("=")
        option = known.get(name)
        if option is None or (equals and (option.kind == "flag" or not name.startswith("--"))):
            return None
        if option.kind == "flag":
            given[option.dest] = True
            continue
        value = _value(option, text if equals else next(rest, "-"))
        if value is None:
            return None
        given[option.dest] = (*given[option.dest], value) if option.multiple else value
    return {**given, "paths": tuple(paths)}


def _value(option: Option, text: str) -> Any:
    """The value of an option, or None where it is none that can be read here."""
    if text.startswith("-") or (option.choices and text not in option.choices):
        return None
    if option.kind != "path":
        return text
    return None if _is_closed(text) else Path(text)


def _is_closed(path: str) -> bool:
    """Whether something is there that may not be read; click says so."""
    return os.path.lexists(path) and not os.access(path, os.R_OK)
