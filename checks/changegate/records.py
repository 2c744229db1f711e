"""Named tuples whose classes are quick to make: a run defines some eighty of them before it does anything.

`typing.NamedTuple` compiles every annotation, and `collections.namedtuple` makes every method anew, for each class: a
twelfth of a short run. These have the same fields, defaults, methods and behaviour; a type checker sees the originals.
See docs/decisions/0007.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import NamedTuple
else:
    from _collections import _tuplegetter
    from functools import cache
    from types import CodeType, FunctionType

    class _Methods(tuple):
        """What all records share."""

        __slots__ = ()
        _fields: tuple[str, ...] = ()
        _field_defaults: dict[str, Any] = {}  # noqa: RUF012  (the original has it, too)

        @classmethod
        def _make(cls, values: Any) -> Any:
            made = tuple.__new__(cls, values)
            if len(made) != len(cls._fields):
                raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
            return made

        def _asdict(self) -> dict[str, Any]:
            return dict(zip(self._fields, self, strict=True))

        def _replace(self, /, **changed: Any) -> Any:
            made = self._make(map(changed.pop, self._fields, self))
            if changed:
                raise TypeError(f"Got unexpected field names: {list(changed)!r}")
            return made

        def __repr__(self) -> str:
            shown = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
            return f"{type(self).__name__}({shown})"

        def __getnewargs__(self) -> tuple[Any, ...]:
            return tuple(self)

    class _Record(type):
        """Makes the class of a record from its annotations."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            if bases == (_Methods,):
                return super().__new__(cls, name, (), {})
            fields = tuple(body.get("__annotations__", ()))
            defaults = {field: body.pop(field) for field in fields if field in body}
            getters = {field: _tuplegetter(index, None) for index, field in enumerate(fields)}
            new = {"__new__": _constructor(name, fields, defaults), "__match_args__": fields}
            described = {"_fields": fields, "_field_defaults": defaults, "__slots__": ()}
            return type(name, (_Methods,), {**body, **getters, **new, **described})

    def _constructor(name: str, fields: tuple[str, ...], defaults: dict[str, Any]) -> Any:
        code = _code(len(fields)).replace(co_varnames=("_cls", *fields))
        new = FunctionType(code, {"_new": tuple.__new__}, "__new__", tuple(defaults.values()))
        new.__qualname__ = f"{name}.__new__"
        return new

    @cache
    def _code(count: int) -> CodeType:
        """What makes a record of so many fields: compiled once, and given the names of each record's fields."""
        inner = "".join(f"_{index}, " for index in range(count))
        made: CodeType = eval(f"lambda _cls, {inner}: _new(_cls, ({inner}))").__code__  # noqa: S307  (a text of ours)
        return made

    class NamedTuple(_Methods, metaclass=_Record):
        """The base that a record names."""


__all__ = ["NamedTuple"]
