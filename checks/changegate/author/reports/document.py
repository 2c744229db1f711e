"""An input document as JSON text: what the JSON report holds, for a person and for `opa eval --input`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from changegate.escape import json_text
from changegate.report.parts import plain

if TYPE_CHECKING:
    from collections.abc import Mapping


def text(document: Mapping[str, Any]) -> str:
    """Write it with sorted keys, ASCII only: the same document has the same bytes."""
    return json_text(json.dumps(plain(document), indent=2, sort_keys=True, allow_nan=False)) + "\n"
