"""What an identity is where little is said: one answer for manifests, waivers, the inventory and dependencies."""

from __future__ import annotations

import ast
from pathlib import Path

import changegate
from changegate.names import Identity


def test_what_is_not_said_is_production_and_main() -> None:
    assert Identity.of({"name": "fraud"}) == ("production", "fraud", "main")
    assert Identity.of({"name": "fraud", "variant": "b", "owner": "x"}) == ("production", "fraud", "b")
    assert str(Identity.of({"name": "fraud"})) == "fraud"
    assert str(Identity.of({"name": "fraud", "environment": "staging"})) == "fraud (staging)"


def test_no_other_place_says_it() -> None:
    """A default of its own somewhere would take one release for two."""
    found = [
        f"{path.name}:{node.lineno}"
        for path in Path(changegate.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and [one.value for one in node.args if isinstance(one, ast.Constant)][:1] in (["environment"], ["variant"])
        and len(node.args) > 1
        and isinstance(node.args[1], ast.Constant)
    ]
    assert found == []
