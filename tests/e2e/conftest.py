from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.hosted import Hosted

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def hosted(tmp_path: Path) -> Hosted:
    return Hosted(tmp_path)
