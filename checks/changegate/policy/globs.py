"""What is no glob of ours: said with what to write instead, since a glob that nobody understands matches nothing.

`*` and `?` stay within a folder, `**/` spans any number of them, and everything else stands for itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_FOREIGN = "{}[]|,"
"""Alternatives and sets of other tools; in the name of a file `?` stands for one."""
_BRACES = r"([^{}]*)\{([^{}]*)\}([^{}]*)"
_MOST_SHOWN = 5


def problem(glob: str) -> tuple[str, str] | None:
    """Say why a text is no glob of ours, and what to write instead; None where it is one."""
    return next(_problems(glob), None)


def folder_problem(glob: str) -> tuple[str, str]:
    """Say that a glob names a folder, which is no file, and what to write instead."""
    hint = f"write `{glob}/**/*.yaml` for the files in a folder, or `{glob}*` for files of that name"
    return f"the glob `{glob}` names no file: it has no wildcard and no suffix at its end, as a folder has", hint


def named_folder(glob: str) -> str:
    """The folder that a glob names before its first wildcard, or empty."""
    return re.split(r"[*?]", glob, maxsplit=1)[0].rpartition("/")[0]


def _problems(glob: str) -> Iterator[tuple[str, str]]:
    said = f"the glob `{glob}`"
    if glob != glob.strip():
        yield f"{said} begins or ends with a blank", f"write `{glob.strip()}`" if glob.strip() else "leave it out"
    if "\\" in glob:
        hint = f"write `{glob.replace(chr(92), '/')}` where it parts folders, `?` where it makes a character plain"
        yield f"{said} has a backslash, which is part of no path", hint
    if glob.startswith("!"):
        yield f"{said} begins with `!`, and a glob says what it matches, not what it does not", _unnegated(glob)
    if any(character in glob for character in _FOREIGN):
        yield f"{said} has one of `{' '.join(_FOREIGN)}`, which mean no choice here", _one_each(glob)
    if re.search(r"[@+!*?]\(", glob):
        yield f"{said} has a choice in parentheses, which means none here", "write one entry for each choice"
    parts = glob.split("/")
    if parts[-1] == "":
        yield f"{said} ends in `/`, and a folder is no file", f"write `{f'{_plain(parts)}/**/*.yaml'.lstrip('/')}`"
    if not {"", ".", ".."}.isdisjoint(parts):
        hint = f"write `{_plain(parts) or '**'}`"
        yield f"{said} is no path from the repository's root, which begins with a name and has no `.` or `..`", hint


def _plain(parts: list[str]) -> str:
    """A path without what it must not have."""
    kept: list[str] = []
    for part in parts:
        if part == "..":
            kept = kept[:-1]
        elif part not in {"", "."}:
            kept.append(part)
    return "/".join(kept)


def _unnegated(glob: str) -> str:
    return f"write `{glob.lstrip('!')}` under `manifests: {{exclude: …}}`, or leave it out"


def _one_each(glob: str) -> str:
    """What to write instead of alternatives: where they are simple, all of them."""
    usual = "write one entry for each choice, and `?` for such a character in a name"
    simple = re.fullmatch(_BRACES, glob)
    if simple is None:
        return usual
    before, choices, after = simple.groups()
    entries = [f"{before}{choice.strip()}{after}" for choice in choices.split(",")]
    if len(entries) > _MOST_SHOWN or any(problem(entry) for entry in entries):
        return usual
    return "write " + ", ".join(f'"{entry}"' for entry in entries)
