"""Tells tests of one name apart, as `opa test` does: each definition is a test of its own, the second `test_x#01`.

Together they would be one rule, of which a definition that does not hold is hidden by one that does.

Source: `rewriteDuplicateTestNames` in `v1/tester/runner.go` of the Open Policy Agent.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from changegate.author.cases import definitions_of, rule_called

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from changegate.author.cases import RegoTest
    from changegate.author.source import SourceFile
    from changegate.rego.bundle import Bundle, Module

_STRING_OR_COMMENT = re.compile(r'"(?:\\.|[^"\\\n])*"|`[^`]*`|#[^\n]*')


def told_apart(
    bundle: Bundle, parsed: Mapping[str, SourceFile], read: Callable[[tuple[Module, ...]], Iterable[Module]]
) -> Bundle:
    """Give each further test of one name a name of its own, where nothing else in the bundle says that name.

    Args:
        bundle: Policies and tests.
        parsed: The same, parsed.
        read: Lets the engine's own parser read modules that were changed.
    """
    by_name: dict[tuple[str, str], list[RegoTest]] = defaultdict(list)
    for case in definitions_of(parsed):
        by_name[case.package, case.name].append(case)
    lines = {source.file: list(source.lines) for source in parsed.values()}
    for (_, name), cases in by_name.items():
        everywhere = [case for (_, other), found in by_name.items() if other == name for case in found]
        if len(cases) > 1 and _is_said_only_by(name, everywhere, parsed):
            for number, case in enumerate(cases[1:], start=1):
                at = case.line - 1
                lines[case.file][at] = lines[case.file][at].replace(name, rule_called(f"{name}#{number:02}"), 1)
    texts = {file: "\n".join(kept) for file, kept in lines.items()}
    renamed = (one for one in bundle.modules if one.text != texts[one.name])
    changed = tuple(one._replace(text=texts[one.name], tree=b"") for one in renamed)
    if not changed:
        return bundle
    again = {one.name: one for one in read(changed)}
    return bundle._replace(modules=tuple(again.get(one.name, one) for one in bundle.modules))


def _is_said_only_by(name: str, cases: Sequence[RegoTest], parsed: Mapping[str, SourceFile]) -> bool:
    """Whether a name stands where the tests begin and nowhere else, and each of them can be run as a test."""
    begins = re.compile(rf"{name}\b(?![.\[(])")
    if any(case.problem or not begins.match(parsed[case.file].lines[case.line - 1]) for case in cases):
        return False
    said = (_without_comments("\n".join(source.lines)) for source in parsed.values())
    return sum(len(re.findall(rf"\b{name}(?:__definition_\d+)?\b", text)) for text in said) == len(cases)


def _without_comments(text: str) -> str:
    return _STRING_OR_COMMENT.sub(lambda found: "" if found[0].startswith("#") else found[0], text)
