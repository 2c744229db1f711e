"""The builtins `glob.*`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from changegate.rego.normal.builtins.letters import escaped
from changegate.rego.normal.builtins.registry import BuiltinFault, UnsureFault, builtin, text, wrong
from changegate.rego.normal.values import boolean


@builtin("glob.match", 3)
def glob_match(written: Any, delimiters: Any, value: Any) -> Any:
    """Whether a text is as a glob says."""
    form = text(written, 1)
    if delimiters is None:
        separators: tuple[str, ...] = ()
    elif type(delimiters) is tuple:
        if any(type(one) is not str or len(one) != 1 for one in delimiters):
            raise BuiltinFault("operand 2 must be an array of single characters")
        separators = delimiters or (".",)
    else:
        raise wrong(2, delimiters, "array", "null")
    return boolean(_glob(form, separators).fullmatch(text(value, 3)) is not None)


@lru_cache(maxsize=256)
def _glob(form: str, separators: tuple[str, ...]) -> re.Pattern[str]:  # noqa: PLR0912  (a letter each)
    other = f"[^{''.join(escaped(ord(one)) for one in separators)}]" if separators else "(?s:.)"
    made, at, level = [], 0, 0
    while at < len(form):
        letter = form[at]
        at += 1
        if letter == "*":
            stars = re.compile(r"\*+").match(form, at)
            at = stars.end() if stars else at
            made.append("(?s:.*)" if stars else f"{other}*")
        elif letter == "?":
            made.append(other)
        elif letter == "\\":
            if at >= len(form):
                raise UnsureFault("a glob ends with a backslash")
            made.append(re.escape(form[at]))
            at += 1
        elif letter == "[":
            found = re.compile(r"(!?)(?:(\w)-(\w)|(\w+))\]").match(form, at)
            if found is None or (found[2] and found[3] < found[2]):
                raise UnsureFault("a class of a glob is not known here")
            inner = f"{found[2]}-{found[3]}" if found[2] else re.escape(found[4])
            made.append(f"[{'^' if found[1] else ''}{inner}]")
            at = found.end()
        elif letter == "{":
            level += 1
            made.append("(?:")
            if level > 1 or form[at : at + 1] in {"}", ","}:
                raise UnsureFault("the alternatives of a glob are nested, or one is empty")
        elif letter == "}" and level:
            level -= 1
            made.append(")")
        elif letter == "," and level:
            if form[at : at + 1] in {"}", ","}:
                raise UnsureFault("an alternative of a glob is empty")
            made.append("|")
        elif letter in "]}":
            raise UnsureFault("a bracket of a glob was not opened")
        else:
            made.append(re.escape(letter))
    if level:
        raise BuiltinFault("the alternatives of a glob are not closed")
    return re.compile("".join(made))


@builtin("glob.quote_meta", 1)
def quote_meta(value: Any) -> Any:
    """A glob that is just this text."""
    return re.sub(r"[*?\\\[\]{}]", r"\\\g<0>", text(value))
