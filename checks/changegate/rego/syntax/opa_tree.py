"""OPA's own syntax tree of a module, in the form of the tree that `ast.py` reads: what OPA parses, we can read.

Source of OPA's form: `opa parse --format json --json-include locations`, OPA 1.22, `v1/ast/{policy,term}.go`. Locations
are rows and columns, the latter in characters; of what stands in brackets the location is that of the first part
within. So only where something begins is believed, and where it ends is found in the text. A form that is not known
here becomes an `Opaque` node, with all that can be known in it.
"""

from __future__ import annotations

import base64
import json
import re
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from changegate.errors import PolicyError
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from changegate.rego.bundle import Module
    from changegate.rego.syntax.ast import Tree

_COMPARISONS = {
    **{"equal": ("==", "Eq"), "neq": ("!=", "Ne"), "lt": ("<", "Lt")},
    **{"lte": ("<=", "Le"), "gt": (">", "Gt"), "gte": (">=", "Ge")},
}
_ARITHMETIC = {
    **{"plus": ("+", "Add"), "minus": ("-", "Sub"), "mul": ("*", "Mul")},
    **{"div": ("/", "Div"), "rem": ("%", "Mod")},
}
_INFIX = {
    **{name: ("BoolExpr", *told) for name, told in _COMPARISONS.items()},
    **{name: ("ArithExpr", *told) for name, told in _ARITHMETIC.items()},
    **{"or": ("BinExpr", "|", "Union"), "and": ("BinExpr", "&", "Intersection")},
    **{"eq": ("AssignExpr", "=", "Eq"), "assign": ("AssignExpr", ":=", "ColEq")},
}
"""What OPA calls an operator -> the kind of node, how it is written, and what we call it."""
_TOKEN = re.compile(rb'"(?:\\.|[^"\\\n])*"|`[^`]*`|#[^\n]*|(?P<opens>[\[{(])|(?P<closes>[\]})])')
_IF = re.compile(rb"#[^\n]*|(?<![\w.])if(?![\w.])")
_WORD = re.compile(rb'"(?:\\.|[^"\\\n])*"|`[^`]*`|(?P<comment>#[^\n]*)|[^\s"`#]+')
_CLOSING = re.compile(rb'["`]?\s*\]')


def adapted(module: Module) -> Tree:
    """The tree of a module that OPA has parsed: `package`, `imports`, `rules`.

    Raises:
        PolicyError: The tree does not fit the text.
    """
    with _told(module):
        return _Adapter(module.text).module(json.loads(module.tree))


@contextmanager
def _told(module: Module) -> Iterator[None]:
    """Say of a tree that is not as it should be, that it cannot be read."""
    try:
        yield
    except RecursionError:
        hint = "give the inner part a name of its own, in a rule or a variable"
        raise PolicyError("an expression is nested too deeply", hint=hint, file=module.name) from None
    except (_UnlikeTextError, ValueError, LookupError, TypeError, AttributeError, StopIteration) as error:
        message = f"what `opa parse` says of it cannot be read: {error!r:.200}"
        hint = "use an OPA that changegate is tested with (docs/engines.md), or report this as a fault of changegate"
        raise PolicyError(message, hint=hint, file=module.name) from None


def with_braces(module: Module) -> str:
    """The text of a module with braces around the body of each `else … if expression`, the first in place of a blank.

    To all that is in such a body OPA gives the place of the `else`. With braces it does not, and nothing else moves.

    Returns:
        The text, to be parsed once more; the same where there is no such body.

    Raises:
        PolicyError: There is no blank to put a brace in the place of, or the tree does not fit the text.
    """
    text = module.text.encode("utf-8", "surrogatepass")
    with _told(module):
        bodies = sorted(_Adapter(module.text).bare_bodies(json.loads(module.tree)), reverse=True)
    for start, end, line in bodies:
        if text[start : start + 1] not in {b" ", b"\t"}:
            message, hint = "there is no blank before the body of an `else`", "write one behind its `if`"
            raise PolicyError(message, hint=hint, file=module.name, line=line)
        text = text[:start] + b"{" + text[start + 1 : end] + b"}" + text[end:]
    return text.decode("utf-8", "surrogatepass")


class _UnlikeTextError(Exception):
    """A location in the tree at which something else stands."""


class _Place(NamedTuple):
    """Where something begins."""

    line: int
    column: int
    at: int
    """In bytes."""
    text: str
    """As it is written, where OPA says it."""


class _Adapter:
    """Reads the tree of one module."""

    def __init__(self, text: str) -> None:
        self._rows = text.split("\n")
        self._source = text.encode("utf-8", "surrogatepass")

    def module(self, given: Any) -> Tree:
        """The whole tree."""
        package = self._place(given["package"])
        name = self._reference(given["package"]["path"][1:], as_name=True)
        imports = [self._import(one) for one in given.get("imports") or ()]
        rules = self._rules(given.get("rules") or ())
        span = _span(package, _end(name))
        return {"package": {"span": span, "refr": name}, "imports": imports, "rules": rules}

    def _import(self, one: Any) -> Tree:
        path = self._reference(one["path"]["value"])
        return {"span": _span(self._place(one), _end(path)), "refr": path, "as": one.get("alias")}

    # Places

    @cached_property
    def _starts(self) -> list[int]:
        """Where each row begins, in bytes."""
        starts = [0]
        for row in self._rows:
            starts.append(starts[-1] + len(row.encode("utf-8", "surrogatepass")) + 1)
        return starts

    def _place(self, one: Any) -> _Place:
        where = one["location"]
        line, column = int(where["row"]), int(where["col"])
        text = base64.b64decode(where.get("text", "")).decode("utf-8", "replace")
        before = self._rows[line - 1][: max(column - 1, 0)]
        return _Place(line, column, self._starts[line - 1] + len(before.encode("utf-8", "surrogatepass")), text)

    def _word(self, one: Any) -> tuple[_Place, int]:
        """The place of what is one word, and its end; it must stand there.

        Raises:
            _UnlikeTextError: Something else stands there.
        """
        place = self._place(one)
        text = place.text.lstrip("( \t\r\n").rstrip(") \t\r\n")
        written = text.encode()
        if not self._source.startswith(written, place.at):
            raise _UnlikeTextError(f"{text!r} does not stand in line {place.line}, column {place.column}")
        return place, place.at + len(written)

    def _bracket_end(self, at: int) -> int:
        """The end of a bracket that opens at a place."""
        level = 0
        for token in _TOKEN.finditer(self._source, at):
            level += bool(token["opens"]) - bool(token["closes"])
            if token["closes"] and level <= 0:
                return token.end()
        return len(self._source)

    # Rules

    def _rules(self, given: Sequence[Any]) -> list[Tree]:
        found: list[Tree] = []
        for one in given:
            if found and self._place(one).text.startswith(
                "{"
            ):  # a second body of the rule above is one more rule to OPA
                found[-1]["Spec"]["bodies"] += self._bodies(one)
            else:
                found.append(self._rule(one))
        return found

    def _rule(self, one: Any) -> Tree:
        head = one["head"]
        place = self._place(head)
        if one.get("default"):
            name, value = self._reference(head["ref"], as_name=True), self._term(head["value"])
            args = [self._term(arg) for arg in head.get("args") or ()]
            body = {"span": _span(self._place(one), _end(value)), "refr": name, "args": args, "value": value}
            return {"Default": {**body, "op": "ColEq" if head.get("assign") else "Eq"}}
        made = self._head(one, head, place)
        bodies = [*self._bodies(one)]
        ((_, inner),) = made.items()
        end = max([inner["span"]["end"], *(body["span"]["end"] for body in bodies)])
        return {"Spec": {"span": _span(place, end), "head": made, "bodies": bodies}}

    def _head(self, one: Any, head: Any, place: _Place) -> Tree:
        name = self._reference(head["ref"], as_name=True)
        if "key" in head and "value" not in head:
            key = self._term(head["key"])
            return {"Set": {"span": _span(place, _end(key)), "refr": name, "key": key}}
        assign = self._assigned(one, head)
        end = max(_end(name), assign["span"]["end"] if assign else 0)
        if head.get("args"):
            args = [self._term(arg) for arg in head["args"]]
            end = max(end, self._bracket_end(_end(name)))
            return {"Func": {"span": _span(place, end), "refr": name, "args": args, "assign": assign}}
        return {"Compr": {"span": _span(place, end), "refr": name, "assign": assign}}

    def _assigned(self, one: Any, head: Any, *, is_else: bool = False) -> Tree | None:
        """What a head gives; nothing where OPA has put `true` there, unless the rule is nothing but its head."""
        value = head["value"]
        is_written = "location" in value and self._is_written(value)
        if not is_written and (is_else or not _is_generated(one)):
            return None
        if not is_written:
            place = self._place(head)
            span = _span(place, place.at)
            return {"span": span, "op": "ColEq", "value": {"Bool": {"span": span, "value": True}}}
        given = self._term(value)
        place = self._place(head)
        return {"span": _span(place, _end(given)), "op": "ColEq" if head.get("assign") else "Eq", "value": given}

    def _is_written(self, value: Any) -> bool:
        """Whether a value is in the text: OPA gives the `true` that it adds the place of something else."""
        return value["type"] != "boolean" or self._place(value).text.strip("() \t\n") in {"true", "false"}

    def _bodies(self, rule: Any) -> Iterator[Tree]:
        if not _is_generated(rule):
            query = self._query(rule["body"])
            yield {"span": query["span"], "assign": None, "is_else": False, "query": query}
        one = rule.get("else")
        while one:
            place = self._place(one)
            assign = self._assigned(one, one["head"], is_else=True)
            end = assign["span"]["end"] if assign else place.at
            query = {"span": _span(place, end), "stmts": []} if _is_generated(one) else self._query(one["body"])
            yield {
                "span": _span(place, max(end, query["span"]["end"])),
                "assign": assign,
                "is_else": True,
                "query": query,
            }
            one = one.get("else")

    def bare_bodies(self, given: Any) -> Iterator[tuple[int, int, int]]:
        """The place before a body of an `else` without braces, where it ends, and its line."""
        for rule in given.get("rules") or ():
            one = rule.get("else")
            while one:
                place, following = self._place(one), one.get("else")
                end = place.at + len(place.text.encode())
                if following:
                    end = self._last_word(place.at, self._place(following).at)
                if not _is_generated(one) and one["body"][0]["location"] == one["location"]:
                    value = one["head"]["value"]
                    written = "location" in value and self._is_written(value)
                    start = _end(self._term(value)) if written else place.at + len("else")
                    behind = next(word.end() for word in _IF.finditer(self._source, start, end) if word[0] == b"if")
                    words = (word for word in _WORD.finditer(self._source, behind, end) if not word["comment"])
                    yield next(words).start() - 1, end, place.line
                one = following

    def _last_word(self, start: int, end: int) -> int:
        """Where the last word between two places ends; comments are none."""
        last = start
        for word in _WORD.finditer(self._source, start, end):
            last = last if word["comment"] else word.end()
        return last

    # Bodies

    def _query(self, body: Sequence[Any]) -> Tree:
        stated = [self._statement(one) for one in body]
        first = {key: stated[0]["span"][key] for key in ("line", "col", "start")}
        return {"span": {**first, "end": max(one["span"]["end"] for one in stated)}, "stmts": stated}

    def _statement(self, one: Any) -> Tree:
        place = self._place(one)
        literal = self._literal(one, place)
        mods = [self._with(mod) for mod in one.get("with") or ()]
        ((_, body),) = literal.items()
        end = max([body["span"]["end"], *(mod["span"]["end"] for mod in mods)])
        return {"span": _span(place, end), "literal": literal, **({"with_mods": mods} if mods else {})}

    def _with(self, one: Any) -> Tree:
        target, value = self._term(one["target"]), self._term(one["value"])
        return {"span": _span(self._place(one), _end(value)), "refr": target, "as": value}

    def _literal(self, one: Any, place: _Place) -> Tree:
        terms = one["terms"]
        if isinstance(terms, dict) and "symbols" in terms:
            return self._some(terms["symbols"], place)
        if isinstance(terms, dict) and "domain" in terms:
            return self._every(terms, place)
        is_not = isinstance(terms, dict) and terms.get("type") == "not"
        negated = bool(one.get("negated")) or is_not
        if is_not and not terms.get("explicit_body", True):
            (inner,) = terms["body"]
            terms = inner["terms"]
        made = self._called(terms, place) if isinstance(terms, list) else self._term(terms, place)
        kind = "NotExpr" if negated else "Expr"
        return {kind: {"span": _span(place, _end(made)), "expr": made}}

    def _some(self, symbols: Sequence[Any], place: _Place) -> Tree:
        first = symbols[0]
        if first["type"] == "call":
            *names, collection = (self._term(one) for one in first["value"][1:])
            key, value = names if len(names) == 2 else (None, names[0])
            body = {"key": key, "value": value, "collection": collection}
            return {"SomeIn": {"span": _span(place, _end(collection)), **body}}
        names = [self._term(one) for one in symbols]
        return {"SomeVars": {"span": _span(place, _end(names[-1])), "vars": [_name(one) for one in names]}}

    def _every(self, terms: Any, place: _Place) -> Tree:
        key = self._term(terms["key"]) if terms.get("key") else None
        query = self._query(terms["body"])
        body = {"key": key and _name(key), "value": _name(self._term(terms["value"])), "query": query}
        return {"Every": {"span": _span(place, query["span"]["end"]), **body, "domain": self._term(terms["domain"])}}

    # Expressions

    def _term(self, one: Any, place: _Place | None = None) -> Tree:
        kind, value = one.get("type"), one.get("value")
        if kind == "var":
            where, end = self._word(one)
            return {"Var": {"span": _span(where, end), "value": "_" if value.startswith("$") else value}}
        if kind == "ref":
            return self._reference(value)
        if kind == "call":
            return self._called(value, self._place(one))
        if kind in {"string", "number", "boolean", "null"}:
            return self._scalar(kind, value, one)
        if kind in _COLLECTIONS:
            return self._collection(kind, value, self._place(one))
        if "location" in one:
            place = self._place(one)
        assert place is not None  # noqa: S101  (an expression has a place)
        return {"Opaque": {"span": _span(place, place.at + len(place.text.encode())), "parts": [*self._parts(one)]}}

    def _scalar(self, kind: str, value: Any, one: Any) -> Tree:
        if kind != "string":
            place = self._place(one)
            span = _span(place, place.at + len(place.text.strip("()").encode()))
            name = {"number": "Number", "boolean": "Bool", "null": "Null"}[kind]
            return {name: {"span": span, "value": None if kind == "null" else value}}
        place, end = self._word(one)
        if self._source[place.at : place.at + 1] not in {b'"', b"`"}:  # a name behind a dot
            return {"String": {"span": _span(place, end), "value": value}}
        name = "RawString" if self._source.startswith(b"`", place.at) else "String"
        return {name: {"span": {**_span(place, end - 1), "start": place.at + 1}, "value": value}}

    def _collection(self, kind: str, value: Any, place: _Place) -> Tree:
        end = self._bracket_end(place.at)
        name, body = _COLLECTIONS[kind], {"span": _span(place, end)}
        if kind in {"array", "set"}:
            return {name: {**body, "items": _in_order([(self._term(one),) for one in value], kind)}}
        if kind == "object":
            pairs = _in_order([(self._term(key), self._term(one)) for key, one in value], kind)
            return {name: {**body, "fields": [[_spanned(key), key, one] for key, one in pairs]}}
        query = self._query(value["body"])
        if kind == "objectcomprehension":
            terms = {"key": self._term(value["key"]), "value": self._term(value["value"])}
        else:
            terms = {"term": self._term(value["term"])}
        return {name: {**body, **terms, "query": query}}

    def _reference(self, parts: Sequence[Any], *, as_name: bool = False) -> Tree:
        """A reference; its root is a variable, or anything that can be reached into."""
        root = parts[0]
        if as_name and root["type"] == "string":
            root = {**root, "type": "var"}  # the first part of a package
        found = self._term(root)
        start = _spanned(found)
        for part in parts[1:]:
            place = self._place(part)
            if part["type"] == "string" and not place.text.startswith(('"', "`")):
                _, end = self._word(part)
                field = [_span(place, end), part["value"]]
                found = {"RefDot": {"span": {**start, "end": end}, "refr": found, "field": field}}
                continue
            index = self._term(part)
            closing = _CLOSING.match(self._source, _end(index))
            end = closing.end() if closing else _end(index)
            found = {"RefBrack": {"span": {**start, "end": end}, "refr": found, "index": index}}
        return found

    def _called(self, terms: Sequence[Any], place: _Place) -> Tree:
        """A call, or what is written with an operator."""
        function, *given = terms
        name = ".".join(str(part["value"]) for part in function["value"])
        if "location" not in function:  # `-x` is `0 - x`
            inner = self._term(given[-1])
            return {"UnaryExpr": {"span": _span(place, _end(inner)), "expr": inner}}
        written = self._place(function).text
        if name.startswith("internal.member_") and written == "in":
            *keys, collection = (self._term(one) for one in given)
            key, value = keys if len(keys) == 2 else (None, keys[0])
            body = {"key": key, "value": value, "collection": collection}
            return {"Membership": {"span": {**_spanned(key or value), "end": _end(collection)}, **body}}
        kind, sign, operator = _INFIX.get(name, ("", "", ""))
        if kind and written == sign:
            left, right = (self._term(one) for one in given)
            span = {**_spanned(left), "end": _end(right)}
            return {kind: {"span": span, "op": operator, "lhs": left, "rhs": right}}
        called = self._reference(function["value"])
        span = {**_spanned(called), "end": self._bracket_end(_end(called))}
        return {"Call": {"span": span, "fcn": called, "params": [self._term(one) for one in given]}}

    def _parts(self, one: Any) -> Iterator[Tree]:
        """All that is known in a form that is not."""
        for value in one.values() if isinstance(one, dict) else one if isinstance(one, list) else ():
            if not isinstance(value, dict):
                yield from self._parts(value)
            elif "terms" in value:
                yield self._statement(value)
            elif value.get("type") == "string" or "location" not in value:
                yield from self._parts(value)  # a piece of text is no word of the policy
            elif "type" in value:
                yield self._term(value)
            else:
                yield from self._parts(value)


_COLLECTIONS = {
    **{"array": "Array", "set": "Set", "object": "Object", "arraycomprehension": "ArrayCompr"},
    **{"setcomprehension": "SetCompr", "objectcomprehension": "ObjectCompr"},
}


def _in_order(found: list[tuple[Tree, ...]], kind: str) -> list[Any]:
    """The terms of a collection as they are written: OPA sorts what has no order."""
    if kind != "array":
        found.sort(key=lambda one: _spanned(one[0])["start"])
    return found if kind == "object" else [one for (one,) in found]


def _is_generated(rule: Any) -> bool:
    """Whether a rule, or an `else`, has no body: OPA puts `true` there."""
    body: Iterable[Any] = rule.get("body") or ()
    return all(one.get("generated") for one in body)


def _span(place: _Place, end: int) -> dict[str, int]:
    return {"line": place.line, "col": place.column, "start": place.at, "end": end}


def _spanned(tree: Tree) -> dict[str, int]:
    ((_, body),) = tree.items()
    span: dict[str, int] = body["span"]
    return span


def _end(tree: Tree) -> int:
    return _spanned(tree)["end"]


def _name(tree: Tree) -> str:
    return str(tree["Var"]["value"])
