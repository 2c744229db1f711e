"""Every Rego test on both engines: a rule that holds on one of them only is no rule."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from changegate.resources import REGO

_PACKAGE = re.compile(r"^package ([a-z0-9_.]+)$", re.MULTILINE)
_TEST = re.compile(r"^(test_[a-z0-9_]+)\b", re.MULTILINE)

FILES = sorted(path.relative_to(REGO).as_posix() for path in REGO.rglob("*_test.rego"))


@cache
def engine() -> Any:
    """The embedded engine with every policy and every test: the tests of one package may use another's rules."""
    import regorus

    made = regorus.Engine()
    for path in sorted(REGO.rglob("*.rego")):
        made.add_policy(path.relative_to(REGO).as_posix(), path.read_text("utf-8"))
    return made


@pytest.mark.parametrize("file", FILES)
def test_on_the_embedded_engine(file: str) -> None:
    text = (REGO / file).read_text("utf-8")
    package = _PACKAGE.search(text)
    assert package is not None
    tests = sorted(set(_TEST.findall(text)))
    assert tests, "the file holds no tests"
    answers = {test: _answer(f"data.{package[1]}.{test}") for test in tests}
    assert {test: answer for test, answer in answers.items() if answer is not True} == {}


def _answer(rule: str) -> Any:
    try:
        return engine().eval_rule(rule)
    except Exception as error:  # noqa: BLE001  (the engine raises its own bare exceptions)
        engine.cache_clear()  # an error leaves behind what a `with` put in place
        return str(error).partition("Stack backtrace")[0].strip()


def opa() -> str | None:
    """An `opa` on the PATH, else the one that `.ci/run` builds."""
    cached = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "changegate-tools"
    built = (str(path) for path in sorted(cached.glob("*/opa")) if os.access(path, os.X_OK))
    return shutil.which("opa") or next(built, None)


def test_on_opa() -> None:
    binary = opa()
    if binary is None:
        pytest.skip("there is no `opa` on the PATH: `.ci/run` builds one, where Go is installed")
    done = subprocess.run(
        [binary, "test", "--format", "json", str(REGO)], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.stdout, done.stderr
    results = json.loads(done.stdout)
    wrong = [f"{one['package']}.{one['name']}" for one in results if {"fail", "error", "skip"} & one.keys()]
    assert (wrong, done.returncode) == ([], 0)
    assert len(results) == sum(len(set(_TEST.findall((REGO / file).read_text("utf-8")))) for file in FILES)
