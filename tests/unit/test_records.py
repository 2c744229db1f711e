"""Records behave as the named tuples of the standard library do, class by class."""

from __future__ import annotations

import copy
import pickle
import typing
from typing import Any

import pytest

from changegate import records


class Quick(records.NamedTuple):
    """A record."""

    name: str
    """A field."""
    line: int | None = None
    tags: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """A property."""
        return f"{self.name}:{self.line}"

    @classmethod
    def of(cls, text: str) -> Quick:
        """A constructor."""
        return cls(text, 7)


class Usual(typing.NamedTuple):
    name: str
    line: int | None = None
    tags: tuple[str, ...] = ()


class Empty(records.NamedTuple):
    """Nothing in it."""


CALLS: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    (("a",), {}),
    (("a", 1), {"tags": ("x",)}),
    ((), {"name": "a", "line": 2}),
    ((), {}),
    (("a", 1, (), 4), {}),
    (("a",), {"nome": 1}),
    (("a",), {"name": "b"}),
]


def outcome(make: Any) -> Any:
    try:
        return tuple(make())
    except (TypeError, ValueError) as error:
        return type(error)


@pytest.mark.parametrize(("positional", "named"), CALLS)
def test_it_is_made_like_a_named_tuple(positional: tuple[Any, ...], named: dict[str, Any]) -> None:
    assert outcome(lambda: Quick(*positional, **named)) == outcome(lambda: Usual(*positional, **named))


@pytest.mark.parametrize("changed", [{}, {"line": 3}, {"name": "b", "tags": ("t",)}, {"nome": 1}])
def test_it_is_replaced_like_a_named_tuple(changed: dict[str, Any]) -> None:
    quick, usual = Quick("a", 1), Usual("a", 1)
    wanted = outcome(lambda: usual._replace(**changed))
    if wanted is ValueError:
        wanted = TypeError  # as it is from Python 3.13 on
    assert outcome(lambda: quick._replace(**changed)) == wanted


@pytest.mark.parametrize("values", [(), ("a",), ("a", 1, ()), ("a", 1, (), 4)])
def test_it_is_made_of_values_like_a_named_tuple(values: tuple[Any, ...]) -> None:
    assert outcome(lambda: Quick._make(values)) == outcome(lambda: Usual._make(values))


def test_it_is_a_tuple_that_cannot_be_changed() -> None:
    one = Quick.of("a")
    assert (one, hash(one), list(one), one.label) == (("a", 7, ()), hash(("a", 7, ())), ["a", 7, ()], "a:7")
    for name in ("name", "other"):
        with pytest.raises(AttributeError):
            setattr(one, name, "b")
    assert one < Quick("b")


def test_it_says_what_it_is() -> None:
    quick, usual = Quick("a"), Usual("a")
    assert repr(quick) == repr(usual).replace("Usual", "Quick")
    assert (quick._asdict(), Quick._fields, Quick._field_defaults) == (
        usual._asdict(),
        Usual._fields,
        Usual._field_defaults,
    )
    assert (Quick.__match_args__, Quick.__doc__, Quick.__module__) == (Usual.__match_args__, "A record.", __name__)


def test_it_is_sent_through_a_pipe_and_copied() -> None:
    one = Quick("a", 1, ("x",))
    for again in (pickle.loads(pickle.dumps(one)), copy.copy(one), copy.deepcopy(one)):
        assert (again, type(again)) == (one, Quick)


def test_it_is_matched_by_place_and_by_name() -> None:
    match Quick("a", 2):
        case Quick(name, line=2):
            assert name == "a"
        case other:
            pytest.fail(str(other))


def test_it_may_have_no_fields() -> None:
    assert (Empty(), Empty._fields, repr(Empty())) == ((), (), "Empty()")
