"""Puts the sources of own policies together, and refuses what one could do to another, or to ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from changegate.errors import PolicyError
from changegate.numbers import plain_numbers
from changegate.own_policies.reserved import RESERVED, taken
from changegate.rego.syntax.ast import parts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from changegate.own_policies.discover import Discovered
    from changegate.own_policies.origin import PolicySource

Path = tuple[str, ...]


def check_conflicts(sources: Sequence[PolicySource], found: Sequence[Discovered]) -> None:
    """Refuse sources that claim the same, or what is ours, or whose data would stand in for a rule.

    Raises:
        PolicyError: Names both places.
    """
    by_module = {one.module: one for one in found}
    claims = [claim for source in sources for claim in _claims(source, by_module)]
    for path, file, _ in claims:
        if refused := taken(path, file):
            raise refused
    _check_overlaps(claims)
    _check_masks(sources, found)
    _check_uses(found, sources, {path for path, _, _ in claims})


def _claims(source: PolicySource, by_module: Mapping[str, Discovered]) -> Iterator[tuple[Path, str, str]]:
    """What a source lays below `data`: each path, the file that does it, and the source."""
    for module in source.modules:
        yield parts_of(by_module[module.name].package), module.name, source.place
    for path in _leaves(source.data):
        yield path, _data_file(source, path), source.place
    for root in source.roots:
        yield tuple(part for part in root.split("/") if part), source.place, source.place


def _leaves(data: Mapping[str, Any], above: Path = ()) -> Iterator[Path]:
    for key, value in data.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, (*above, key))
        else:
            yield (*above, key)


def _data_file(source: PolicySource, path: Path) -> str:
    """The data file that a path of data comes from: the one that is laid the nearest above it."""
    ends = (path[:length] for length in range(len(path), -1, -1))
    return next((source.data_files[end] for end in ends if end in source.data_files), source.place)


def _check_overlaps(claims: Sequence[tuple[Path, str, str]]) -> None:
    """Two sources may not claim one path, nor one a path below what an archive's manifest claims."""
    owners: dict[Path, tuple[str, str]] = {}
    for path, file, place in claims:
        before = owners.setdefault(path, (file, place))
        if before[1] != place:
            raise _overlap(path, file, before[0])
    whole = {path: (file, place) for path, file, place in claims if file == place}
    for path, file, place in claims:
        for length in range(len(path)):
            above = whole.get(path[:length])
            if above is not None and above[1] != place:
                raise _overlap(path, file, above[0])


def _overlap(path: Path, file: str, other: str) -> PolicyError:
    hint = "name each package and each piece of data in one source"
    return PolicyError(f"data.{'.'.join(path)} is claimed here and by {other}", hint=hint, file=file)


def _check_masks(sources: Sequence[PolicySource], found: Sequence[Discovered]) -> None:
    """Refuse data at a rule's own path: the embedded engine would answer the data, and never ask the rule."""
    for one in found:
        for name in one.names:
            path = (*parts_of(one.package), name)
            for source in sources:
                if _reaches(source.data, path):
                    message = f"the data at data.{'.'.join(path)} stands in for a rule of {one.module}"
                    hint = "give the data another name"
                    raise PolicyError(message, hint=hint, file=_data_file(source, path))


LIBRARY = {(RESERVED, "lib"), (RESERVED, "risk")}
"""What of ours they may import; see `bundle.library`."""


def _check_uses(found: Sequence[Discovered], sources: Sequence[PolicySource], claimed: set[Path]) -> None:
    """Refuse a reference to data that nobody gives: it is undefined, and a rule that rests on it never fires."""
    given = _Given(claimed | LIBRARY, found, sources)
    for one in found:
        for path, line in one.uses:
            if given.has(path):
                continue
            hint = "put it in a data.json or data.yaml beside the policies, or write the name of a rule"
            if path[0] == "conftest":
                hint = "conftest's own data is not there; a rule in changegate's form sees the subject"
            message = f"there is no data.{'.'.join(path)}, so what rests on it would never fire"
            raise MissingDataError(message, hint=hint, file=one.module, line=line)


class MissingDataError(PolicyError):
    """A reference to data that nobody gives: nothing is wrong with the policy, and the gate cannot decide by it."""


def _library() -> Iterator[tuple[Path, set[str]]]:
    """The rules and functions of ours that may be imported, by package."""
    from changegate.rego.bundle import parts_of_library

    for module in parts_of_library():
        package = re.search(r"^package (\S+)$", module.text, re.MULTILINE)
        names = re.findall(r"^(?:default )?([a-z]\w*)(?=[ (\[])", module.text, re.MULTILINE)
        yield tuple(package[1].split(".")) if package else (), set(names) - {"package", "import", "else"}


class _Given:
    """What stands below `data`: rules by package, and data."""

    def __init__(self, claimed: set[Path], found: Sequence[Discovered], sources: Sequence[PolicySource]) -> None:
        self._claimed = claimed
        self._data = [source.data for source in sources]
        self._rules: dict[Path, set[str]] = {}
        if any(path[:1] == (RESERVED,) for one in found for path, _ in one.uses):
            self._rules.update(_library())
        for one in found:
            self._rules.setdefault(parts_of(one.package), set()).update(one.names)

    def has(self, path: Path) -> bool:
        """Whether there may be something at a path: above what is claimed, at or below a rule, or in the data.

        Of a package that has rules, a name that is none of them is nothing, whoever claims what is around it.
        """
        if any(claim[: len(path)] == path for claim in self._claimed):
            return True
        if any(_reaches(data, path) for data in self._data):
            return True
        packages = [path[:length] for length in range(1, len(path)) if path[:length] in self._rules]
        if packages:
            return any(path[len(one)] in self._rules[one] for one in packages)
        return any(path[: len(claim)] == claim for claim in self._claimed)


def _reaches(data: Any, path: Path) -> bool:
    """Whether data has a value at a path, or something above it that is no mapping."""
    for key in path:
        if not isinstance(data, dict):
            return True
        if key not in data:
            return False
        data = data[key]
    return True


def look_up(sources: Sequence[PolicySource], name: str) -> tuple[Any, str] | None:
    """What a dotted name of data is, and in which file."""
    path = tuple(name.split(".")[1:])
    for source in sources:
        value: Any = source.data
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        if value is not None:
            return value, _data_file(source, path)
    return None


def merged(sources: Sequence[PolicySource]) -> dict[str, Any]:
    """All data of all sources, which claim nothing twice."""
    whole: dict[str, Any] = {}
    for source in sources:
        _lay(whole, source.data)
    return whole


def _lay(below: dict[str, Any], above: Mapping[str, Any]) -> None:
    for key, value in above.items():
        if isinstance(value, dict) and isinstance(below.get(key), dict):
            _lay(below[key], value)
        else:
            below[key] = _copied(value)


def _copied(value: Any) -> Any:
    return {key: _copied(one) for key, one in value.items()} if isinstance(value, dict) else plain_numbers(value)
