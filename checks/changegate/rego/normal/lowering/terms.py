"""Terms: each kind of node with how it is lowered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.rego.normal.forms import DATA, ArrayTerm, CallTerm, Compr, Const, ObjectTerm, RefTerm, SetTerm, Term
from changegate.rego.normal.lowering.expansion import evaluated
from changegate.rego.normal.lowering.names import Frame
from changegate.rego.normal.lowering.trees import field_of, line_of, number
from changegate.rego.normal.values import FALSE, TRUE
from changegate.rego.syntax.ast import reference

if TYPE_CHECKING:
    from collections.abc import Callable

    from changegate.rego.normal.lowering.lowering import Lowering
    from changegate.rego.syntax.ast import Tree


_BINARY = {
    **{"Ne": "neq", "Lt": "lt", "Le": "lte", "Gt": "gt", "Ge": "gte", "Eq": "equal"},
    **{"Add": "plus", "Sub": "minus", "Mul": "mul", "Div": "div", "Mod": "rem"},
    **{"Union": "or", "Intersection": "and"},
}


def _var(lowering: Lowering, body: Tree) -> Term:
    return lowering.variable(str(body["value"]), int(body["span"]["line"]))


def _number(lowering: Lowering, body: Tree) -> Term:
    span = body["span"]
    text = lowering.module.source[span["start"] : span["end"]].decode("utf-8", "replace")
    return Const(number(text))


def _dotted(lowering: Lowering, body: Tree) -> Term:
    return _reached(lowering, body["refr"], Const(field_of(body)), int(body["span"]["line"]))


def _indexed(lowering: Lowering, body: Tree) -> Term:
    _check_apart(lowering, body)
    return _reached(lowering, body["refr"], lowering.term(body["index"]), int(body["span"]["line"]))


def _check_apart(lowering: Lowering, body: Tree) -> None:
    (inner,) = body["refr"].values()
    end = int(inner["span"]["end"])
    if lowering.module.source[end : end + 1].isspace():
        message = "a space or a line stands between a name and its bracket"
        raise lowering.refused(int(body["span"]["line"]), message, "write the bracket directly behind the name")


def _reached(lowering: Lowering, tree: Tree, part: Term, line: int) -> Term:
    inner = lowering.term(tree)
    if isinstance(inner, RefTerm):
        return RefTerm(inner.head, [*inner.parts, part], line)
    return RefTerm(inner, [part], line)


def _called(lowering: Lowering, body: Tree) -> Term:
    line = int(body["span"]["line"])
    path = reference(body["fcn"]) or ("",)
    if lowering.shadowed(path[0]) is not None:
        raise lowering.refused(line, f"{'.'.join(path)} is called, and is a variable, too", "rename the variable")
    whole = lowering.whole_path(path[0])
    if whole is not None and (whole != (path[0],) or path[0] == "data"):
        name = (*whole, *path[1:])
        if not body["params"] and name not in lowering.names.functions:
            return RefTerm(DATA, [Const(part) for part in name[1:]], line)  # a rule, called without operands
    else:
        name = (".".join(path),)
    return CallTerm(name, [lowering.term(one) for one in body["params"]], line)


def _binary(lowering: Lowering, body: Tree) -> Term:
    line = int(body["span"]["line"])
    return CallTerm((_BINARY[body["op"]],), [lowering.term(body["lhs"]), lowering.term(body["rhs"])], line)


def _member(lowering: Lowering, body: Tree) -> Term:
    line = int(body["span"]["line"])
    parts = [lowering.term(body[one]) for one in ("key", "value", "collection") if body[one] is not None]
    return CallTerm((f"internal.member_{len(parts)}",), parts, line)


def _negative(lowering: Lowering, body: Tree) -> Term:
    line = int(body["span"]["line"])
    raise lowering.no_form(line, "there is no minus before a term", "write `0 - x`")


def _object(lowering: Lowering, body: Tree) -> Term:
    return ObjectTerm([(lowering.term(field[-2]), lowering.term(field[-1])) for field in body["fields"]])


def _comprehension(lowering: Lowering, kind: str, body: Tree) -> Term:
    frame = Frame(lowering.declared(body["query"]["stmts"]))
    lowering.frames.append(frame)
    inner = lowering.statements(body["query"]["stmts"])
    value = body["value"] if kind == "object" else body["term"]
    line = line_of(value)
    before = len(inner)
    key = evaluated(lowering, body["key"], inner, line) if kind == "object" else None
    made = evaluated(lowering, value, inner, line)
    if len(inner) > before:
        lowering.check_body(body["query"]["stmts"])
    lowering.check_used(frame, inner, [made, *([key] if key is not None else [])])
    lowering.frames.pop()
    return Compr(kind, key, made, inner)


TERMS: dict[str, Callable[[Lowering, Any], Term]] = {
    "Array": lambda lowering, body: ArrayTerm([lowering.term(one) for one in body["items"]]),
    "ArrayCompr": lambda lowering, body: _comprehension(lowering, "array", body),
    "ArithExpr": _binary,
    "BinExpr": _binary,
    "Bool": lambda _, body: Const(TRUE if body["value"] else FALSE),
    "BoolExpr": _binary,
    "Call": _called,
    "Membership": _member,
    "Null": lambda _, __: Const(None),
    "Number": _number,
    "Object": _object,
    "ObjectCompr": lambda lowering, body: _comprehension(lowering, "object", body),
    "RawString": lambda _, body: Const(str(body["value"])),
    "RefBrack": _indexed,
    "RefDot": _dotted,
    "Set": lambda lowering, body: SetTerm([lowering.term(one) for one in body["items"]]),
    "SetCompr": lambda lowering, body: _comprehension(lowering, "set", body),
    "String": lambda _, body: Const(str(body["value"])),
    "UnaryExpr": _negative,
    "Var": _var,
}
"""Kind of a node in a term -> how it is lowered. A kind that is not here is refused."""
