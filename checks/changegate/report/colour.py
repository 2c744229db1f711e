"""Colour for the console report, with rich: imported only for a terminal that shows colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from changegate.report.console import Line

STYLES = {
    "error": "bold red",
    "approval": "bold magenta",
    "warning": "bold yellow",
    "ok": "bold green",
    "heading": "bold underline",
    "strong": "bold",
    "frame": "blue",
    "dim": "dim",
}
"""Style of the layout -> rich's style. Sixteen colours only: they follow the reader's own theme."""


def paint(lines: Iterable[Line]) -> str:
    """Write the layout with colour codes.

    Text is added span by span: no markup, emoji code or link that a manifest holds is ever interpreted.
    """
    from io import StringIO

    from rich.console import Console
    from rich.text import Text

    out = StringIO()
    # NOTE: rich reads FORCE_COLOR, NO_COLOR and COLUMNS; the caller has decided all that before.
    console = Console(file=out, force_terminal=True, color_system="standard", no_color=False, width=1000, _environ={})
    for line in lines:
        text = Text(end="")
        for part, style in line:
            text.append(part, style=STYLES.get(style, ""))
        text.rstrip()
        console.print(text, soft_wrap=True, markup=False, emoji=False, highlight=False, end="\n")
    return out.getvalue()
