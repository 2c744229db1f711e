"""Evidence that is neither JSON nor YAML as a whole: CSV, XML, JSON Lines, a card's front matter, a file of MLflow.

Each becomes a plain value, and beside it the line on which every part of it stands. What has one of these forms is told
by the file's name, and of a card and an MLflow file by how it begins.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

from changegate.evidence.unsound import Unsound
from changegate.manifest.bounds import MAXIMUM_BYTES
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from changegate.evidence.metrics import Path

MOST_ROWS = 20_000
"""A table or a list of records with more of them is not read."""
_DEEPEST = 32
_POINT = re.compile(r"[0-9]{9,16} [^ ]+( [0-9]+)?( [^ ]*)*")


class Lined(NamedTuple):
    """What a text says, as a plain value, and on which lines."""

    value: Any
    lines: Mapping[Path, int]
    """1-based, by path into the value; a path that is not there has the line of what holds it."""


def read_text(data: bytes, path: str) -> Lined | None:
    """Read a file in one of these forms.

    Args:
        data: Its bytes.
        path: Its path; the name says which form it has.

    Returns:
        None where it is to be read as JSON or YAML.

    Raises:
        Unsound: It has such a form by its name, and cannot be read.
    """
    form = _form_of(data, path)
    if form is None:
        return None
    if len(data) > MAXIMUM_BYTES:
        raise Unsound(f"the file has {len(data)} bytes; {MAXIMUM_BYTES} are read")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise Unsound("the file is not valid UTF-8", line=data[: fault.start].count(b"\n") + 1) from fault
    from changegate.manifest.yaml import hidden_faults

    hidden = hidden_faults(text, data, path)
    if hidden:
        raise Unsound(hidden[0].message, line=hidden[0].line)
    return form(text, path)


def _form_of(data: bytes, path: str) -> Callable[[str, str], Lined] | None:
    name = path.rpartition("/")[2].lower()
    end = name.rpartition(".")[2]
    if end in _FORMS:
        return _FORMS[end]
    first = data[:200].partition(b"\n")[0].decode("utf-8", "replace")
    return _metric_file if "/metrics/" in f"/{path}" and _POINT.fullmatch(first.rstrip("\r")) else None


def _table(text: str, _path: str) -> Lined:
    """A CSV file as `{"columns": [...], "rows": [[...]]}`; every cell is text."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    lines: dict[Path, int] = {(): 1}
    try:
        for row in reader:
            if row:
                lines["rows", len(rows) - 1] = reader.line_num
                rows.append(row)
            if len(rows) > MOST_ROWS:
                raise Unsound(f"the table has over {MOST_ROWS} rows", line=reader.line_num)
    except csv.Error as fault:
        raise Unsound(f"it is no CSV: {fault}", line=reader.line_num) from fault
    if not rows:
        raise Unsound("the table is empty")
    for index, row in enumerate(rows[1:]):
        if len(row) != len(rows[0]):
            reason = f"the row has {len(row)} cells, and the table {len(rows[0])} columns"
            raise Unsound(reason, line=lines["rows", index])
    return Lined({"columns": rows[0], "rows": rows[1:]}, lines)


def _metric_file(text: str, path: str) -> Lined:
    """A file of MLflow's store, `<time> <value> <step>` a line, as `{"mlflowMetric": name, "points": [[...]]}`."""
    points = [line.split() for line in text.splitlines() if line.strip()]
    name = f"/{path}".rpartition("/metrics/")[2]
    return Lined({"mlflowMetric": name, "points": points}, {("points", i): i + 1 for i in range(len(points))})


def _front_matter(text: str, path: str) -> Lined:
    """The YAML between the first two lines of three dashes."""
    from changegate.manifest import parse

    head, dashes, _ = text.replace("\r\n", "\n").partition("\n---\n")
    if not text.startswith("---") or not dashes:
        raise Unsound("the card has no front matter: it begins and ends with a line of three dashes")
    read = parse(head.encode(), f"{path}.yaml")
    if read.faults or len(read.documents) != 1:
        fault = read.faults[0] if read.faults else None
        raise Unsound(fault.message if fault else "the front matter is no single document", line=fault and fault.line)
    document = read.documents[0]
    return Lined(document.value, {one: document.locate(one).line for one in _paths(document.value)})


def _paths(value: Any, path: Path = ()) -> list[Path]:
    within = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, one in within for found in _paths(one, (*path, key)))]


def _json_lines(text: str, path: str) -> Lined:
    """A JSON value a line, as `{"lines": [...]}`."""
    from changegate.manifest import parse

    found: list[Any] = []
    lines: dict[Path, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        if len(found) >= MOST_ROWS:
            raise Unsound(f"the file has over {MOST_ROWS} lines", line=number)
        read = parse(line.encode(), f"{path}.json", constants=True)
        if read.faults or len(read.documents) != 1:
            raise Unsound(read.faults[0].message if read.faults else "the line is no JSON", line=number)
        lines["lines", len(found)] = number
        found.append(read.documents[0].value)
    return Lined({"lines": found}, lines)


class _Elements:
    """An XML file as `{"tag", "attributes", "text", "within"}`, built from events, so that each has its line."""

    def __init__(self) -> None:
        from xml.parsers import expat

        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.root: dict[str, Any] = {"within": []}
        self.open: list[tuple[dict[str, Any], Path]] = [(self.root, ())]
        self.lines: dict[Path, int] = {}
        self.count = 0

    def _doctype(self, *_: Any) -> None:
        raise Unsound("it declares a document type, which may hold entities", line=self.parser.CurrentLineNumber)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        parent, path = self.open[-1]
        here = (*path, "within", len(parent["within"])) if path or parent is not self.root else ("root",)
        self.count += 1
        if len(self.open) > _DEEPEST or self.count > MOST_ROWS:
            raise Unsound("it has more elements, or deeper ones, than are read", line=self.parser.CurrentLineNumber)
        element = {"tag": tag, "attributes": attributes, "within": []}
        parent["within"].append(element)
        self.lines[here] = self.parser.CurrentLineNumber
        self.open.append((element, here))

    def _end(self, _tag: str) -> None:
        self.open.pop()


def _xml(text: str, _path: str) -> Lined:
    from xml.parsers import expat

    tree = _Elements()
    try:
        tree.parser.Parse(text.encode(), True)
    except expat.ExpatError as fault:
        raise Unsound(f"it is no XML: {expat.ErrorString(fault.code)}", line=fault.lineno) from fault
    return Lined({"root": tree.root["within"][0]}, tree.lines)


_FORMS: dict[str, Callable[[str, str], Lined]] = {
    "csv": _table,
    "xml": _xml,
    "md": _front_matter,
    "jsonl": _json_lines,
    "ndjson": _json_lines,
}
"""How a file's name ends -> how it is read."""


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """The line of a part, or of what holds it."""
    return next((lines[path[:size]] for size in range(len(path), -1, -1) if path[:size] in lines), 1)
