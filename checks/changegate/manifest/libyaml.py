"""PyYAML, imported without the time that its own reader takes to get ready.

NOTE: PyYAML compiles some twenty regular expressions when it is imported, one of them over all of Unicode. They belong
to its reader in Python, which does not run where libyaml reads; together they take a tenth of a short run. Here each is
compiled when it is first used.
"""

from __future__ import annotations

import re
from typing import Any


class _OnDemand:
    """A regular expression that is compiled when something of it is asked for."""

    def __init__(self, pattern: Any, flags: Any = 0) -> None:
        self._made: Any = None
        self._source = pattern, flags

    def __getattr__(self, name: str) -> Any:
        if self._made is None:
            self._made = _compile(*self._source)
        return getattr(self._made, name)


_compile = re.compile
re.compile = _OnDemand  # type: ignore[assignment]
try:
    import yaml
    from yaml._yaml import CParser
finally:
    re.compile = _compile

__all__ = ["CParser", "yaml"]
