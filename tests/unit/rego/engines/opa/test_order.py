"""What is uploaded, in which order, and which file a line of it is of."""

from __future__ import annotations

from changegate.rego.bundle import Bundle, Module, shipped
from changegate.rego.engines.opa.faults import OpaFault, RefusedError
from changegate.rego.engines.opa.namespaced import Namespaced
from changegate.rego.engines.opa.order import ordered, pieces

ROOT = "changegate_run_x"


def test_our_own_policies_are_uploaded_a_package_at_a_time() -> None:
    made = pieces(shipped(), ROOT)
    assert len(made) == len({piece.package for piece in made}) < 30
    files = {module.name: module.text.split("\n") for module in shipped().modules}
    for piece in made:
        assert piece.text.count(f"\npackage {ROOT}.") + piece.text.startswith("package ") == 1
        for number, row in enumerate(piece.text.split("\n"), 1):
            file, line = piece.place(number)
            text = files[file][line - 1]
            assert row.replace(f"{ROOT}.", "") == text or (not row and text.startswith(("package ", "import ")))


def test_a_fault_is_told_at_the_line_of_its_own_file() -> None:
    modules = tuple(Module(f"{name}.rego", f"package own\n\n{name} := 1\n") for name in "abc")
    moved = Namespaced(Bundle(modules, shipped=True))
    assert len(moved.pieces) == 1
    (line,) = (number for number, row in enumerate(moved.pieces[0].text.split("\n"), 1) if row == "b := 1")
    refused = RefusedError("no", hint="try")
    refused.faults = (OpaFault("rego_type_error", f"wrong, see {moved.id_of(0)}:{line}", moved.id_of(0), line),)
    told = moved.translated(refused)
    assert told.place == "b.rego:3"
    assert "wrong, see b.rego:3" in told.message


def test_files_of_others_stay_apart_each_after_those_whose_rules_it_names() -> None:
    texts = {"a": "a := c", "b": "b := a", "c": "c := input.x"}
    bundle = Bundle(tuple(Module(f"{name}.rego", f"package own\n\n{text}\n") for name, text in texts.items()))
    made = pieces(bundle, ROOT)
    order, circle = ordered(made)
    assert [made[at].file for at in order] == ["c.rego", "a.rego", "b.rego"]
    assert circle == []
