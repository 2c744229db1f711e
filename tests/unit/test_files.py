"""Where reports may be written, and where handed-in files may come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from changegate.errors import ReportError, UsageError
from changegate.files import outside, writable, write_file

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path / "checkout"
    (made / ".git").mkdir(parents=True)
    return made


def test_a_report_is_written_with_its_folders(root: Path, tmp_path: Path) -> None:
    for target in (root / "out/deep/report.json", tmp_path / "elsewhere/report.json"):
        write_file(target, root, b"one")
        write_file(target, root, b"two")
        assert target.read_bytes() == b"two"
        assert [path.name for path in target.parent.iterdir()] == ["report.json"]


def test_a_path_relative_to_where_the_user_is(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pathlib import Path

    monkeypatch.chdir(root)
    write_file(Path("report.xml"), root, b"x")
    assert (root / "report.xml").read_bytes() == b"x"


@pytest.mark.parametrize(
    "name", ["link.json", "folder/report.json", ".git/config", ".GIT/hooks/x", "dir", "inner/report.json"]
)
def test_no_report_follows_a_link_or_reaches_git(root: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "victim").mkdir()
    (tmp_path / "victim/file").write_bytes(b"precious")
    (root / "link.json").symlink_to(tmp_path / "victim/file")
    (root / "folder").symlink_to(tmp_path / "victim")
    (root / "inner").symlink_to("dir")
    (root / "dir").mkdir()
    with pytest.raises(ReportError) as caught:
        write_file(root / name, root, b"x")
    assert caught.value.hint
    assert (tmp_path / "victim/file").read_bytes() == b"precious"
    assert len(list((tmp_path / "victim").iterdir())) == 1
    assert not list((root / ".git").iterdir())


def test_a_link_from_outside_into_the_checkout_is_no_way_round(root: Path, tmp_path: Path) -> None:
    (tmp_path / "door").symlink_to(root)
    with pytest.raises(ReportError, match="into the checkout through a link"):
        writable(tmp_path / "door/report.json", root)


def test_a_checkout_that_is_itself_reached_through_a_link(root: Path, tmp_path: Path) -> None:
    (tmp_path / "alias").symlink_to(root)
    write_file(tmp_path / "alias/report.json", tmp_path / "alias", b"x")
    assert (root / "report.json").read_bytes() == b"x"


def test_a_failed_write_leaves_the_old_report(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_file(root / "report.json", root, b"old")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(ReportError, match="No space left"):
        write_file(root / "report.json", root, b"new")
    assert (root / "report.json").read_bytes() == b"old"
    assert sorted(path.name for path in root.iterdir()) == [".git", "report.json"]


def test_handed_in_files_lie_outside_the_checkout(root: Path, tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    (root / "approvals.json").write_text("{}")
    (tmp_path / "link.json").symlink_to(root / "approvals.json")
    assert outside(tmp_path / "evidence", root) == tmp_path / "evidence"
    for path in (root / "approvals.json", root, tmp_path, tmp_path / "link.json", root / "../checkout/approvals.json"):
        with pytest.raises(UsageError, match="is not outside the checkout") as caught:
            outside(path, root)
        assert "RUNNER_TEMP" in caught.value.hint
    with pytest.raises(UsageError, match="does not exist"):
        outside(tmp_path / "none", root)
