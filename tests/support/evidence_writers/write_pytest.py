"""pytest: tests of a model as JUnit, some of which fail, err or are skipped."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

TESTS = """
import pytest

@pytest.mark.parametrize("amount", [1, 10, 100])
def test_more_money_is_no_less_risk(amount, record_property):
    record_property("amount", amount)

def test_a_name_does_not_matter(record_property):
    record_property("flips", 3)
    assert 3 == 0

@pytest.mark.skip(reason="no data of this country")
def test_another_country():
    pass

@pytest.fixture
def broken():
    raise RuntimeError("no model")

def test_that_cannot_begin(broken):
    pass
"""
out = Path(sys.argv[1])
for name, chosen in (("junit.xml", []), ("junit_all_pass.xml", ["-k", "money"])):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_model.py").write_text(TESTS)
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            f"--junitxml={folder}/{name}",
            *chosen,
        ]
        subprocess.run(command, cwd=folder, check=False, stdout=subprocess.DEVNULL)
        text = Path(folder, name).read_text().replace(folder, "/tmp/tests")
        (out / name).write_text(text + "\n")
