"""A bundle of policies: which of its files is named for a package, and what ships."""

from __future__ import annotations

import pytest

from changegate.rego.bundle import Bundle, Module, shipped
from changegate.resources import REGO


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ((), ""),
        (("a/b.rego",), "a/b.rego"),
        (("a/b.rego", "a/c.rego"), "a/b.rego"),
        (("a/b.rego", "a/own.rego", "a/c.rego"), "a/own.rego"),
        (("a/my_own.rego", "a/b.rego"), "a/my_own.rego"),
    ],
)
def test_the_file_of_a_package_is_the_one_that_is_called_as_it(files: tuple[str, ...], named: str) -> None:
    other = Module("own.rego", "package other\n")
    bundle = Bundle((*(Module(file, "package team.own\n") for file in files), other))
    assert bundle.file_of("team.own") == named


def test_what_ships_is_every_policy_and_no_test() -> None:
    files = sorted(path for path in (REGO / "changegate").rglob("*.rego") if not path.stem.endswith("_test"))
    expected = {path.relative_to(REGO).as_posix(): path.read_text("utf-8") for path in files}
    assert {module.name: module.text for module in shipped().modules} == expected
    assert [module.name for module in shipped().modules] == sorted(expected)
