"""Where the files that ship beside the code are: policies, schemas, fixtures.

A wheel carries them under `_data/`; an editable install reads the checkout's own, so that an edit is seen at once.
"""

from __future__ import annotations

from pathlib import Path

DOCS = "https://github.com/changegate/changegate/blob/main/docs"
"""Where the documentation is read by whoever has no checkout of it: a message names a page by its address."""

_PACKAGE = Path(__file__).parent
_ROOT = _PACKAGE / "_data" if (_PACKAGE / "_data").is_dir() else _PACKAGE.parents[1]

REGO = _ROOT / "rego"
"""The shipped policies, `changegate/` being their root package."""

SCHEMAS = _ROOT / "schemas"
"""The JSON Schemas of every file a user writes and every JSON we emit."""

FIXTURES = _ROOT / "fixtures"
"""The repository and the pull requests that `changegate demo` and the tests lay out."""
