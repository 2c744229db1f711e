"""The syntax tree of policies: nodes, references, the names of rules.

Source of the form: `Engine.get_ast_as_json` of `gordon-to-regorus` 0.13, which parses them. A node is
`{Kind: {span, …}}`. What an `opa` has parsed is brought into the same form by `opa_tree.py`.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from changegate.errors import NoFormError, PolicyError, UnparsedError
from changegate.records import NamedTuple
from changegate.rego.faults import policy_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.rego.bundle import Bundle, Module

Tree = dict[str, Any]


class Node(NamedTuple):
    """One node of a tree."""

    kind: str
    """`Call`, `RefDot`, `Var`, `Every`, …"""
    body: Tree
    depth: int
    """How many array, object and set literals it stands in."""

    @property
    def line(self) -> int:
        """1-based."""
        return int(self.body["span"]["line"])


class ParsedModule(NamedTuple):
    """One module."""

    file: str
    package: tuple[str, ...]
    """Such as `("data", "changegate", "lib")`."""
    imports: dict[str, tuple[str, ...]]
    """Name in this module -> what it stands for."""
    rules: tuple[Node, ...]
    """`Spec` and `Default` nodes."""
    source: bytes
    """The text, to which spans refer."""
    line: int
    """Of the package."""
    statements: tuple[tuple[str, tuple[str, ...], int], ...]
    """The imports one by one: name, what it stands for, line."""


def parse_modules(bundle: Bundle) -> tuple[ParsedModule, ...]:
    """Parse the modules of a bundle, without evaluating any.

    Raises:
        PolicyError: A module does not parse; names its file and line.
    """
    return tuple(parsed_module(module, tree(module)) for module in bundle.modules)


def parsed_module(module: Module, ast: Tree) -> ParsedModule:
    """A module whose tree is at hand."""
    source = module.text.encode("utf-8", "surrogatepass")
    statements = tuple(_import(one) for one in ast["imports"])
    package = ("data", *(reference(ast["package"]["refr"]) or ()))
    rules = tuple(Node(kind, body, 0) for rule in ast["rules"] for kind, body in rule.items())
    imports = {name: path for name, path, _ in statements}
    return ParsedModule(module.name, package, imports, rules, source, int(ast["package"]["span"]["line"]), statements)


def _import(one: Tree) -> tuple[str, tuple[str, ...], int]:
    path = reference(one["refr"]) or ()
    return one.get("as") or (path[-1] if path else ""), path, int(one["span"]["line"])


def tree(module: Module) -> Tree:
    """The whole tree of one module: `package`, `imports`, `rules`.

    Raises:
        UnparsedError: The module does not parse; names its file and line.
        PolicyError: What OPA said of it does not fit it.
    """
    if module.tree:
        from changegate.rego.syntax.opa_tree import adapted

        return adapted(module)
    _check_text(module)
    source, added = module.text.encode("utf-8", "surrogatepass"), []
    while True:
        try:
            whole = _read(module.name, source.decode("utf-8", "surrogatepass"))
            break
        except RecursionError:
            raise NoFormError("an expression is nested too deeply", hint=_SIMPLER, file=module.name) from None
        except Exception as error:  # noqa: BLE001  (the engine raises its own bare exceptions)
            told = policy_error(error, module.name)
            place = _fact(source, told)
            if place is None:
                raise _explained(told, module) from None
            source = source[:place] + _VALUE + source[place:]
            added.append(place)
    if added:
        _move_back(whole, sorted(added))
    _spell(whole, module.text.encode("utf-8", "surrogatepass"))
    return whole


def _read(name: str, text: str) -> Tree:
    import regorus

    engine = regorus.Engine()
    engine.add_policy(name, text)
    whole: Tree = json.loads(engine.get_ast_as_json())[0]["ast"]
    return whole


_VALUE = b" := true"
"""Put behind a fact, `covers("*", _)`, which OPA takes for a function that answers true, and the library not at all."""


def _fact(source: bytes, error: PolicyError) -> int | None:
    """Where the head of a fact ends that the library does not read; nothing where the error is another."""
    if "must have a body or assignment" not in error.message or error.line is None:
        return None
    start = sum(len(row) + 1 for row in source.split(b"\n")[: error.line - 1])
    level = 0
    for token in _BYTES.finditer(source, start):
        level += bool(token["opens"]) - bool(token["closes"])
        if token["closes"] and level == 0:
            return token.end() if token["closes"] == b")" else None
    return None


def _move_back(tree: Any, added: list[int]) -> None:
    """Let spans refer to the text as it is, without what was put behind facts."""
    if isinstance(tree, dict):
        if "start" in tree and "end" in tree:
            for key in ("start", "end"):
                for number, place in reversed(list(enumerate(added))):
                    # NOTE: each place is where it was in a text that has those before it already.
                    del number
                    if tree[key] > place:
                        tree[key] = max(place, tree[key] - len(_VALUE))
        for value in tree.values():
            _move_back(value, added)
    elif isinstance(tree, list):
        for value in tree:
            _move_back(value, added)


CONVERT = (
    "it is the syntax of Rego v0: convert it with `changegate policy convert FILE --write` "
    "(`opa fmt --write --v0-v1 FILE`)"
)


def _explained(error: PolicyError, module: Module) -> UnparsedError:
    """Say what to write, where the fault is a form that the embedded engine has not."""
    rows = module.text.rstrip().split("\n")
    if error.line and error.line > len(rows):
        error.line, error.column = len(rows), len(rows[-1]) or 1  # behind the end of the file there is nothing to show
    row = rows[error.line - 1] if error.line else ""
    about: dict[str, Any] = {"file": error.file, "line": error.line, "column": error.column}
    if "keyword is required" in error.message:
        return UnparsedError(error.message, hint=CONVERT.replace("FILE", module.name), **about)
    forms = (one for one in _NO_FORMS if re.search(one[0], row))
    _, asked, hint = next(forms, ("", "", error.hint))
    kind = NoFormError if hint != error.hint and re.search(asked, module.text) else UnparsedError
    return kind(error.message, hint=hint, **about)


_NO_FORMS = (
    (r'\$["`]', "", 'the embedded engine has no template strings: write `sprintf("… %v …", [value])`'),
    (
        r"\b(and|or)\b",
        r"import\s+(future\.keywords\.(and|or)|rego\.v2)\b",
        "the embedded engine has no `and`, `or`: write two lines, or two rules of one name",
    ),
    (
        r"\bnot\s*\{",
        r"import\s+(future\.keywords\.not|rego\.v2)\b",
        "give what is negated a rule of its own, and write `not that_rule`",
    ),
    (r"\bnot\s+(not|every|some)\b", "(?!)", "give what is negated a rule of its own, and write `not that_rule`"),
)
"""A form that the parser has not, what a module says of which OPA has it, and what to write instead."""


LONGEST_LINE = 1023
"""In the engine's columns: a byte is one, a tab four. It reads no longer line, except a comment."""
DEEPEST_BRACKETS = 12
"""How deep brackets of all kinds may stand in one another: for each further literal the parser needs twice the time."""
_SIMPLER = "give the inner part a name of its own, in a rule or a variable"
_TOKEN = re.compile(r'"(?:\\.|[^"\\\n])*"|`[^`]*`|#[^\n]*|(?P<opens>[\[{(])|(?P<closes>[\]})])')


_BYTES = re.compile(_TOKEN.pattern.encode())


def _check_text(module: Module) -> None:
    """Refuse what the engine does not read, or reads for ever, before it is given it."""
    for number, line in enumerate(module.text.split("\n"), 1):
        if "\0" in line:
            # NOTE: the engine takes it for the end of the text, and drops every rule that follows without a word.
            raise UnparsedError("the policy holds a null character", hint="remove it", file=module.name, line=number)
        width = len(line.encode("utf-8", "surrogatepass")) + 3 * line.count("\t")
        if width > LONGEST_LINE:
            message = f"the line is {width} columns wide, and the engine reads {LONGEST_LINE}"
            raise NoFormError(message, hint="break the line", file=module.name, line=number)
    level = 0
    for token in _TOKEN.finditer(module.text):
        level += bool(token["opens"]) - bool(token["closes"])
        if level > DEEPEST_BRACKETS:
            message = f"brackets are nested deeper than {DEEPEST_BRACKETS}"
            line_number = module.text.count("\n", 0, token.start()) + 1
            raise NoFormError(message, hint=_SIMPLER, file=module.name, line=line_number)


def _spell(ast: Tree, source: bytes) -> None:
    """Put the texts of names where the engine gives their places only: `import … as x`, `some x`, `every k, v`."""

    def text(span: Any) -> Any:
        return source[span["start"] : span["end"]].decode("utf-8", "replace") if isinstance(span, dict) else span

    for one in ast["imports"]:
        one["as"] = text(one.get("as"))
    if b"some" not in source and b"every" not in source:
        return
    for node in walk(ast["rules"]):
        if node.kind == "SomeVars":
            node.body["vars"] = [text(span) for span in node.body["vars"]]
        elif node.kind == "Every":
            node.body.update({part: text(node.body[part]) for part in ("key", "value")})


def _text(name: Any) -> str:
    return str(name[1]) if isinstance(name, list) else str(name)


_LITERALS = frozenset({"Array", "Object", "Set"})


def walk(tree: Any, depth: int = 0) -> Iterator[Node]:
    """Every node below a tree, in no particular order, by an explicit stack."""
    stack = [(tree, depth)]
    while stack:
        node, level = stack.pop()
        if isinstance(node, list):
            stack.extend((child, level) for child in node)
        elif isinstance(node, dict):
            for kind, body in node.items():
                if kind == "span" or not isinstance(body, (dict, list)):
                    continue
                inner = level
                if kind[:1].isupper() and isinstance(body, dict):
                    inner = level + (kind in _LITERALS and "refr" not in body)  # the head `x contains …` is a Set, too
                    yield Node(kind, body, inner)
                stack.append((body, inner))


def reference(tree: Any) -> tuple[str, ...] | None:
    """A static reference as its parts; what follows the first part that is not static is left out.

    Returns:
        None where the tree is no reference.
    """
    parts: list[str] = []
    while isinstance(tree, dict):
        (kind, body), *_ = tree.items()
        if kind == "Var":
            return (str(body["value"]), *reversed(parts))
        if kind == "RefDot":
            parts.append(_text(body["field"]))
        elif kind == "RefBrack":
            index = body["index"]
            if "String" in index:
                parts.append(str(index["String"]["value"]))
            else:
                parts.clear()
        else:
            return None
        tree = body["refr"]
    return None


def references(tree: Any) -> Iterator[Tree]:
    """Every reference below a tree, each as a whole: of `data.a.b` not also `data.a`."""
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack.extend(node)
        elif isinstance(node, dict):
            if _REFERENCES & node.keys():
                yield node
                node = {"index": list(indexes(node))}
            stack.extend(value for key, value in node.items() if key != "span" and isinstance(value, (dict, list)))


_REFERENCES = frozenset({"Var", "RefDot", "RefBrack"})


def indexes(tree: Any) -> Iterator[Any]:
    """What stands in the brackets of a reference."""
    while isinstance(tree, dict) and not {"Var"} & tree.keys():
        (kind, body), *_ = tree.items()
        if kind == "RefBrack":
            yield body["index"]
        if kind not in _REFERENCES:
            yield tree
            return
        tree = body["refr"]


def name_of(rule: Node) -> str:
    """The name of a rule or function: the first part of its head."""
    head = rule.body.get("head", {"Default": rule.body})
    (body,) = head.values()
    return (reference(body["refr"]) or ("",))[0]


def dotted(path: tuple[str, ...]) -> str:
    """Write the parts of a reference: `a.b["c-d"]`."""
    first, *rest = path or ("",)
    return first + "".join(f".{part}" if re.fullmatch(_PLAIN, part) else f'["{part}"]' for part in rest)


def parts_of(written: str) -> tuple[str, ...]:
    """The parts of what `dotted` writes."""
    return tuple(plain or quoted for plain, quoted in re.findall(rf'\.?({_PLAIN})|\["([^"]*)"\]', written))


_PLAIN = r"[A-Za-z_][A-Za-z0-9_]*"
