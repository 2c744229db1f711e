"""What the schema validator imports, and that a stand-in for it is left to nobody else."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

AFTER = "import sys; from changegate.manifest.schema import compiled; "


def said(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_date_of_its_build_imports_nothing() -> None:
    code = (
        AFTER
        + "ok = compiled('manifest').is_valid({}); print(ok, 'email.utils' in sys.modules, 'socket' in sys.modules)"
    )
    assert said(code) == "False False False"


@pytest.mark.parametrize("before", ["", "import email.utils; ", "import jsonschema_rs; "])
def test_afterwards_the_real_module_is_there(before: str) -> None:
    code = before + AFTER + "compiled('manifest'); from email.utils import parsedate_to_datetime as read; "
    assert said(code + "print(read('Thu, 12 Nov 2026 07:50:16 +0000').year)") == "2026"


def test_a_stand_in_that_is_asked_for_more_gives_what_the_real_module_has(tmp_path: Path) -> None:
    (tmp_path / "jsonschema_rs.py").write_text("from email.utils import formataddr\n")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from changegate.manifest.schema import _validators; "
        "print(_validators().formataddr(('Ana', 'ana@acme.example')), sys.modules['email.utils'].__file__[-14:])"
    )
    assert said(code) == "Ana <ana@acme.example> email/utils.py"
