"""`time.now_ns()` on an OPA: the recorded time of the run stands in its place, so that no policy reads a clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.rego.syntax.ast import reference, references, tree, walk
from changegate.rego.syntax.refusals.program import line_of, refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from changegate.errors import PolicyError
    from changegate.rego.bundle import Bundle, Module
    from changegate.rego.syntax.ast import ParsedModule

_CLOCK = ("time", "now_ns")


def with_the_time(bundle: Bundle) -> Bundle:
    """A bundle in which each call of the clock is the time of the run; lines stay what they are."""
    if bundle.now is None or bundle.shipped:
        return bundle
    now = str(bundle.now).encode()
    return bundle._replace(modules=tuple(_written(module, now) for module in bundle.modules))


def _written(module: Module, now: bytes) -> Module:
    if "now_ns" not in module.text:
        return module
    text = module.text.encode("utf-8", "surrogatepass")
    spans = [node.body["span"] for node in walk(tree(module)["rules"]) if _is_clock(node.kind, node.body)]
    for span in sorted(spans, key=lambda one: int(one["start"]), reverse=True):
        lines = b"\n" * text[span["start"] : span["end"]].count(b"\n")
        text = text[: span["start"]] + now + lines + text[span["end"] :]
    return module._replace(text=text.decode("utf-8", "surrogatepass"))


def _is_clock(kind: str, body: dict[str, object]) -> bool:
    return kind == "Call" and reference(body["fcn"]) == _CLOCK and not body["params"]


def clocks(bundle: Bundle, modules: Sequence[ParsedModule]) -> Iterator[PolicyError]:
    """Refuse what would read an OPA's clock: a call where there is no recorded time, and `with time.now_ns as …`."""
    for module in modules:
        calls = [node.body for rule in module.rules for node in walk(rule.body) if _is_clock(node.kind, node.body)]
        called = {id(body["fcn"]) for body in calls} if bundle.now is not None else set()
        for found in references([rule.body for rule in module.rules]):
            if reference(found) == _CLOCK and id(found) not in called:
                hint = "let the embedded engine evaluate it, or give the time in the input"
                yield refused(module, line_of(found), "an OPA would read its clock for time.now_ns", hint)
