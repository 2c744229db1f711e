"""Sources of own policies: bounds, what each may claim, and data files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from changegate.errors import PolicyError
from changegate.own_policies import folder, merge
from changegate.own_policies.discover import discover
from changegate.own_policies.origin import PolicySource
from changegate.rego.bundle import Module
from support.trees import DictTree

if TYPE_CHECKING:
    from pathlib import Path

ONE = 'package a.b\n\ndeny contains "x" if input.c\n'


def laid_out(top: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(text)
    return top


def source(place: str, text: str, data: dict[str, Any] | None = None, *roots: str) -> PolicySource:
    return PolicySource(place, (Module(f"{place}/p.rego", text),), data or {}, {(): f"{place}/data.json"}, roots)


def checked(*sources: PolicySource) -> None:
    merge.check_conflicts(sources, discover([module for one in sources for module in one.modules]))


def refused(*sources: PolicySource) -> PolicyError:
    with pytest.raises(PolicyError) as caught:
        checked(*sources)
    return caught.value


def test_the_same_is_read_of_a_folder_and_of_a_tree(tmp_path: Path) -> None:
    files = {
        "b.rego": ONE,
        "c_test.rego": ONE,
        "x/y/data.yaml": "one: 1\n",
        "x/data.json": '{"y": {"two": 2}}',
        "README.md": "text",
    }

    class Folder(DictTree):
        def read(self, path: str, limit: int) -> Any:
            found = super().read(path, limit)
            return found._replace(problem="directory") if path == "own" else found

    of_tree = folder.of_tree(Folder({f"own/{name}": text.encode() for name, text in files.items()}), "own")
    of_disk = folder.of_folder(laid_out(tmp_path, files), "own")
    assert of_tree == of_disk
    assert of_disk.modules == (Module("own/b.rego", ONE),)
    assert of_disk.data == {"x": {"y": {"one": 1, "two": 2}}}
    assert of_disk.data_files == {("x",): "own/x/data.json", ("x", "y"): "own/x/y/data.yaml"}


@pytest.mark.parametrize(
    ("files", "words", "place"),
    [
        ({"data.json": "{"}, "", "own/data.json:1"),
        ({"data.yaml": "a: 1\na: 2\n"}, "", "own/data.yaml:2"),
        ({"data.yaml": "a: 1\n---\nb: 1\n"}, "one mapping", "own/data.yaml"),
        ({"data.yaml": "x: {y: 1}\n", "x/data.yaml": "y: 2\n"}, "data.x.y is given twice", "own/x/data.yaml"),
        ({"data.yaml": "x: 1\n", "x/data.yaml": "y: 2\n"}, "data.x is given twice", "own/x/data.yaml"),
        ({"big.rego": "#" * (folder.LARGEST_FILE + 1)}, "more than", "own/big.rego"),
    ],
)
def test_files_that_are_not_read(tmp_path: Path, files: dict[str, str], words: str, place: str) -> None:
    with pytest.raises(PolicyError) as caught:
        folder.of_folder(laid_out(tmp_path, files), "own")
    assert words in caught.value.message
    assert caught.value.place == place


def test_a_policy_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.rego").write_bytes(b"package a\n\n# \xff\n")
    with pytest.raises(PolicyError, match="not UTF-8") as caught:
        folder.of_folder(tmp_path, "own")
    assert caught.value.place == "own/a.rego:3"


def test_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "MOST_FILES", 2)
    with pytest.raises(PolicyError, match="there are 3 files"):
        folder.of_folder(laid_out(tmp_path, {f"{number}.rego": ONE for number in range(3)}), "own")


def test_sources_that_claim_different_things() -> None:
    checked(
        source("one", ONE, {"a": {"limits": {"x": 1}}}),
        source("two", ONE.replace("a.b", "a.c"), {"a": {"words": 1}}),
        source("three", ONE.replace("a.b", "d.e"), {"d": {"e": {"data": 1}}}, "d/e"),
    )


@pytest.mark.parametrize(
    ("one", "two", "path"),
    [
        (source("one", ONE), source("two", ONE), "a.b"),
        (source("one", ONE, {"x": {"y": 1}}), source("two", ONE.replace("a.b", "c"), {"x": {"y": 1}}), "x.y"),
        (source("one", ONE), source("two", ONE.replace("a.b", "c"), {}, "a", "c"), "a.b"),
        (source("one", ONE.replace("a.b", "c"), {}, "a", "c"), source("two", ONE), "a.b"),
        (source("one", ONE), source("two", ONE.replace("a.b", "c"), {}, ""), "a.b"),
        (source("one", ONE.replace("a.b", "c.d"), {}, "c"), source("two", ONE.replace("a.b", "c.e"), {}, "c"), "c"),
        (source("one", ONE.replace("a.b", "c.d"), {}, "c"), source("two", ONE.replace("a.b", "c.e"), {}, "c/e"), "c.e"),
    ],
)
def test_sources_that_claim_the_same(one: PolicySource, two: PolicySource, path: str) -> None:
    error = refused(one, two)
    assert f"data.{path} is claimed here and by " in error.message
    assert {error.file.partition("/")[0], error.message.rpartition(" ")[2].partition("/")[0]} == {"one", "two"}


@pytest.mark.parametrize("data", [{"a": {"b": {"deny": []}}}, {"a": {"b": 1}}, {"a": 1}, {"a": {"b": {"deny": {}}}}])
def test_data_that_stands_in_for_a_rule(data: dict[str, Any]) -> None:
    error = refused(source("one", ONE, data))
    assert "stands in for a rule of one/p.rego" in error.message
    assert error.place == "one/data.json"


@pytest.mark.parametrize("root", ["changegate", "changegate/checks"])
def test_a_root_that_is_ours(root: str) -> None:
    assert "reserved" in refused(source("one", ONE, {}, root)).message


def test_data_that_nobody_gives() -> None:
    text = ONE.replace("input.c", "data.limits.c")
    assert "there is no data.limits.c" in refused(source("one", text)).message
    checked(source("one", text, {"limits": {"c": 1}}))
    imported = ONE.replace("\n\n", "\n\nimport data.limits as l\n\n", 1).replace("input.c", "l.c")
    error = refused(source("one", imported))
    assert error.place == "one/p.rego:5"
