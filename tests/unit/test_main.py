"""Where the command cannot run, it says so at once."""

from __future__ import annotations

import os

import pytest

from changegate.__main__ import run


def test_without_forks_it_says_what_does_not_work(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delattr(os, "fork")
    with pytest.raises(SystemExit) as ended:
        run()
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "does not run on Windows" in said.err
    assert said.err.count("\n") == 2
