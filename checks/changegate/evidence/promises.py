"""What a contract promises, whatever format it is written in: the neutral form that every reader of contracts makes.

A term that a format cannot say, or that a file leaves open, is not among the terms: it is not said, which is neither
true nor false.
"""

from __future__ import annotations

import re
from math import isinf
from typing import TYPE_CHECKING, Any

from changegate.evidence.unsound import Unsound
from changegate.evidence.values import denials
from changegate.manifest.units import seconds
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from changegate.names import KeyPath

MOST_FEATURES = 4096
"""A contract of more features is refused."""


class PromisedFeature(NamedTuple):
    """One feature, column, field or tensor."""

    name: str
    terms: Mapping[str, Any]
    """`dtype` always (`evidence.dtypes`); of the others what is said: `nullable`, `optional`, `range` (a bound that is
    open is infinite), `enum`, `shape`, `freshness`, `unit`, `sensitivity`, `purposes`, `deprecated`."""
    path: KeyPath = ()
    """Where it stands in the file."""
    keys: Mapping[str, KeyPath] = {}
    """Where a term stands; one that is not here stands at the feature itself."""
    said: str = ""
    """The type in the words of the file."""
    line: int | None = None
    """Its line, in a file that has lines and no paths."""

    def at(self, term: str = "") -> KeyPath:
        """The path of a term, or of the feature where that is not known."""
        return self.keys.get(term, self.path)


class Promises(NamedTuple):
    """One contract: a table, a view, a record, a model's signature."""

    features: tuple[PromisedFeature, ...]
    names: tuple[str, ...] = ()
    """What it is called in the file, the short name first; none where the format has no names."""
    version: int | str | None = None
    """None where the format or the file does not say one."""
    terms: Mapping[str, Any] = {}
    """What is said of the whole: `entities`, `owner`, `compatibility`, `deprecated`."""
    keys: Mapping[str, KeyPath] = {}
    """Where `name`, `version` and the terms stand."""
    path: KeyPath = ()
    outputs: tuple[PromisedFeature, ...] = ()
    """What a model answers, where the format is one of models."""
    format: str = ""
    """The name of its format (`evidence.readers.CONTRACTS`)."""

    def at(self, key: str = "") -> KeyPath:
        """The path of something that is said of the whole, or of the contract itself."""
        return self.keys.get(key, self.path)


def check_promises(promises: Promises) -> Promises:
    """Refuse a contract that contradicts itself.

    Raises:
        Unsound: There are no features or too many, one stands in it twice, or no value fits what is promised of it.
    """
    _check_count(promises)
    for side in (promises.features, promises.outputs):
        seen: set[str] = set()
        for feature in side:
            if feature.name in seen:
                raise unsound(feature, f"the feature {feature.name} stands in it twice", "name")
            seen.add(feature.name)
            _check_values(feature)
            for denial in denials({**feature.terms, **_finite_range(feature), "name": feature.name}):
                raise unsound(feature, f"of the feature {feature.name}, {denial.why}", denial.key)
    return promises


def _check_values(feature: PromisedFeature) -> None:
    if any(bound != bound for bound in feature.terms.get("range", ())):  # noqa: PLR0124  (NaN is not equal to itself)
        raise unsound(feature, f"of the feature {feature.name}, a bound of the range is no number", "range")
    if not all(isinstance(one, str | int | float) for one in feature.terms.get("enum", ())):
        raise unsound(feature, f"of the feature {feature.name}, a value is neither a text nor a number", "enum")


def _finite_range(feature: PromisedFeature) -> dict[str, Any]:
    """The range with an open end closed at the other one."""
    bounds = feature.terms.get("range")
    if bounds is None:
        return {}
    ends = [one for one in bounds if not isinf(one)]
    return {"range": bounds if len(ends) == 2 else [*ends, *ends] or [0, 0]}


def _check_count(promises: Promises) -> None:
    count = len(promises.features)
    if not count:
        raise Unsound("it promises no feature", promises.at("features"))
    if count > MOST_FEATURES:
        raise Unsound(f"it has {count} features; {MOST_FEATURES} are read", promises.at("features"))


def unsound(feature: PromisedFeature, reason: str, term: str = "") -> Unsound:
    """A fault of one feature, at its place."""
    return Unsound(reason, feature.at(term), line=feature.line)


def mapping(value: Any, path: KeyPath) -> Mapping[str, Any]:
    """A mapping that a file has to hold at a path.

    Raises:
        Unsound: Something else stands there.
    """
    if not isinstance(value, dict):
        raise Unsound(f"{_called(path)} is {_kind(value)}, and has to be a mapping", path)
    return value


def sequence(value: Any, path: KeyPath) -> list[Any]:
    """The same for a list."""
    if not isinstance(value, list):
        raise Unsound(f"{_called(path)} is {_kind(value)}, and has to be a list", path)
    return value


def text(value: Any, path: KeyPath) -> str:
    """The same for a text that is not empty."""
    if not isinstance(value, str) or not value:
        raise Unsound(f"{_called(path)} is {_kind(value)}, and has to be a text", path)
    return value


def items(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Mapping[str, Any]]]:
    """The mappings of a list, each with its path."""
    for index, one in enumerate(sequence(value, path)):
        yield (*path, index), mapping(one, (*path, index))


def _called(path: KeyPath) -> str:
    return f"`{path[-1]}`" if path and isinstance(path[-1], str) else f"item {path[-1]}" if path else "the file"


def _kind(value: Any) -> str:
    if value is None:
        return "missing"
    kinds = {dict: "a mapping", list: "a list", bool: "a boolean", str: "an empty text" if value == "" else "a text"}
    return kinds.get(type(value), "a number")


_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MODES = {"backward", "forward", "full", "none"}
_LONGEST = 40


def stated_terms(free: Any, path: KeyPath) -> tuple[dict[str, Any], dict[str, KeyPath]]:
    """The terms that a format has no words for, and that its free part may say: tags, `meta`, properties of one's own.

    Read are `unit`, `freshness` (a duration), `sensitivity`, `purposes` (a list, or texts between commas),
    `deprecatedUntil` (a day) and `successor`.

    Args:
        free: The free part, which may be anything.
        path: Where it stands.

    Returns:
        The terms, and where each stands.

    Raises:
        Unsound: One of them is no duration or no day.
    """
    given = free if isinstance(free, dict) else {}
    terms: dict[str, Any] = {key: given[key] for key in ("unit", "sensitivity") if _is_short(given.get(key))}
    if isinstance(given.get("freshness"), str):
        if seconds(given["freshness"]) is None:
            raise Unsound(
                f"`freshness` is no duration such as `1h`: {given['freshness'][:_LONGEST]}", (*path, "freshness")
            )
        terms["freshness"] = given["freshness"]
    if "purposes" in given:
        terms["purposes"] = stated_list(given["purposes"])
    if "deprecatedUntil" in given:
        terms["deprecated"] = deprecation(given["deprecatedUntil"], given.get("successor"), (*path, "deprecatedUntil"))
    named = {"deprecated": "deprecatedUntil"}
    return terms, {key: (*path, named.get(key, key)) for key in terms}


def stated_mode(said: Any, path: KeyPath) -> dict[str, str]:
    """The compatibility mode that a contract says it keeps, in small letters with `-`; nothing where it says none.

    Raises:
        Unsound: There is no such mode.
    """
    if said is None:
        return {}
    mode = said.strip().lower().replace("_", "-") if isinstance(said, str) else ""
    if mode.removesuffix("-transitive") not in _MODES or mode == "none-transitive":
        known = "BACKWARD, FORWARD, FULL, each with _TRANSITIVE, and NONE"
        raise Unsound(f"`compatibility` is none of {known}", path)
    return {"compatibility": mode}


def deprecation(on: Any, successor: Any, path: KeyPath) -> dict[str, str]:
    """That something is to go away, from which day on, and what comes in its place; the day may not be known.

    Raises:
        Unsound: What is said is no day.
    """
    found = {"successor": successor} if _is_short(successor) else {}
    if on is None:
        return found
    day = on[:10] if isinstance(on, str) and re.fullmatch(r"\d{4}-\d\d-\d\d(?:[T ].*)?", on, re.ASCII) else ""
    if not _is_day(day):
        raise Unsound(f"{str(on)[:_LONGEST]!r} is no day such as 2027-01-31", path)
    return {"on": day, **found}


def _is_day(said: str) -> bool:
    from datetime import date

    try:
        return bool(_DATE.fullmatch(said)) and date.fromisoformat(said) is not None
    except ValueError:
        return False


def stated_list(said: Any) -> list[str]:
    """Names in a list, or in a text with commas between them."""
    found: Iterable[Any] = said.split(",") if isinstance(said, str) else said if isinstance(said, list) else ()
    return sorted({one.strip() for one in found if isinstance(one, str) and one.strip()})


def _is_short(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST


def written_age(age: int) -> str:
    """Seconds as a duration of ours, with days where there are so many that seconds alone would not be one."""
    days, rest = divmod(age, 86_400)
    return f"{days}d{rest}s" if days and rest else f"{days}d" if days else f"{rest}s"


def whole_version(value: Any) -> int | str | None:
    """A version that a file says: a number from 1 on, or a text; None for everything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if value > 0 else None
    return value if isinstance(value, str) and 0 < len(value) <= _LONGEST * 2 else None
