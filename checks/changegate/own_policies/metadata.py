"""The METADATA above a rule or a package: an OPA annotation block, with changegate's keys below `custom`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from changegate.errors import PolicyError
from changegate.records import NamedTuple
from changegate.rego.syntax.annotation import load_annotation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from changegate.rego.bundle import Module

_START = re.compile(r"#\s*METADATA\s*")
_TEXTS = ("message", "remediation", "subject")
_LISTS = ("settings", "references", "path")


class Block(NamedTuple):
    """One block as it is written."""

    line: int
    """1-based: of `# METADATA`."""
    text: str
    """Its lines without their comment marks: YAML, if it is well-formed."""


class Metadata(NamedTuple):
    """What one block says."""

    line: int
    """1-based: of what it stands above."""
    value: dict[str, Any]
    """The block as YAML; empty where there is none."""

    @property
    def custom(self) -> dict[str, Any]:
        """Its `custom` part."""
        found = self.value.get("custom")
        return found if isinstance(found, dict) else {}

    @property
    def is_of_document(self) -> bool:
        """Whether it speaks for all definitions of a rule."""
        return self.value.get("scope") == "document"


def block_above(lines: Sequence[str], line: int) -> Block | None:
    """Find the block that stands above a line; comments and empty lines may stand between.

    Args:
        lines: Of the file.
        line: 1-based.
    """
    first = line - 1
    while first and (not lines[first - 1].strip() or lines[first - 1].startswith("#")):
        first -= 1
    starts = [number for number in range(first, line - 1) if _START.fullmatch(lines[number])]
    if not starts:
        return None
    start = starts[-1]
    end = next((number for number in range(start + 1, line - 1) if not lines[number].startswith("#")), line - 1)
    return Block(start + 1, "\n".join(row[1:] for row in lines[start + 1 : end]))


def above(module: Module, line: int) -> Metadata:
    """Read the block that stands above a line.

    Raises:
        PolicyError: The block is not YAML, or not a mapping.
    """
    block = block_above(module.text.split("\n"), line)
    return Metadata(line, {} if block is None else _value(block, module))


def _value(block: Block, module: Module) -> dict[str, Any]:
    import yaml

    try:
        value = load_annotation(block.text)
    except (yaml.YAMLError, ValueError):
        hint = "quote texts with `: `, and write no aliases"
        raise PolicyError("the METADATA is not YAML", hint=hint, file=module.name, line=block.line) from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise PolicyError("the METADATA is no mapping", hint="write `title: …`", file=module.name, line=block.line)
    return value


def clean(block: Metadata) -> dict[str, Any]:
    """What a catalogue and reports need of a block, each of its right type; anything else is left out."""
    custom = {key: block.custom[key] for key in _TEXTS if isinstance(block.custom.get(key), str)}
    custom.update({key: list(map(str, block.custom[key])) for key in _LISTS if _is_list(block.custom.get(key))})
    if block.custom.get("severity") in ("error", "warning"):
        custom["severity"] = block.custom["severity"]
    related = block.value.get("related_resources")
    if _is_list(related):
        custom["references"] = [*custom.get("references", ()), *map(_link, related or ())]
    example = block.custom.get("example")
    if isinstance(example, dict):
        custom["example"] = {key: str(example[key]) for key in ("bad", "good") if key in example}
    texts = {key: block.value[key] for key in ("title", "description") if isinstance(block.value.get(key), str)}
    return {**texts, "custom": custom}


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, (str, int, dict)) for one in value)


def _link(one: Any) -> str:
    return str(one.get("ref", "")) if isinstance(one, dict) else str(one)
