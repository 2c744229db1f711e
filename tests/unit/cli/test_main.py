"""The one way in: however a command ends, there is an exit code and no traceback."""

from __future__ import annotations

from typing import Any

import pytest

from changegate.cli import checking, main
from changegate.errors import UsageError

ENDS = [
    (KeyboardInterrupt(), "\n"),
    (UsageError("it is wrong", hint="mend it"), "changegate: it is wrong\n  try: mend it\n"),
]


@pytest.mark.parametrize(
    "words", [["check", "--all"], ["check", "--all", "--engine", "embedded"]], ids=["plain", "click"]
)
@pytest.mark.parametrize(("error", "said"), ENDS, ids=["interrupt", "usage"])
def test_an_error_is_exit_code_2(
    error: BaseException,
    said: str,
    words: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def check(**_: Any) -> int:
        raise error

    monkeypatch.setattr(checking, "check", check)
    monkeypatch.setattr("changegate.cli.check.check", check)
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert capsys.readouterr() == ("", said)
