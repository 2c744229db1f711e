"""Reads the YAML of METADATA: small and plain, whoever wrote it."""

from __future__ import annotations

from typing import Any

DEEPEST = 20
"""Levels; the library that reads YAML overflows its stack on very many."""


def load_annotation(text: str) -> Any:
    """Read one block, without the marks of comments in front of its lines.

    Raises:
        yaml.YAMLError: It is no YAML, is nested deeper than `DEEPEST`, or has an alias: a few lines of aliases stand
            for a value that nobody can write out.
        ValueError: It has a date that is none.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    level = 0
    for event in yaml.parse(text, loader):
        level += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if level > DEEPEST or isinstance(event, yaml.AliasEvent):
            raise yaml.YAMLError("METADATA is nested deeply, or has an alias")
    return yaml.load(text, loader)  # noqa: S506  (one of the two safe loaders)
