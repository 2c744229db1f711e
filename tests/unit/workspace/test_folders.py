"""Open folders: what is kept open is what was opened, and nothing outside the repository is reached through it."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

import pytest

from changegate.workspace.folders import Folders, NestedError
from changegate.workspace.git import Git
from changegate.workspace.worktree import WorkingTree

if TYPE_CHECKING:
    from pathlib import Path

    from support.repos import Repo


def held() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208  (it counts itself in both places)


def name_in(folder: int) -> list[str]:
    return sorted(os.listdir(folder))


def test_a_folder_that_is_replaced_by_a_link_leads_nowhere_else(repo: Repo, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "fraud.yaml").write_text("secret")
    (outside / "new.yaml").write_text("secret")
    tree = WorkingTree(Git.open(repo.path, repo.environ), repo.path)
    before = tree.read("models/fraud.yaml", 999).data
    assert before
    (repo.path / "models").rename(tmp_path / "moved")
    (repo.path / "models").symlink_to(outside)
    assert tree.read("models/fraud.yaml", 999).data == before
    assert tree.read("models/new.yaml", 999).data is None
    fresh = WorkingTree(Git.open(repo.path, repo.environ), repo.path).read("models/fraud.yaml", 999)
    assert (fresh.problem, fresh.data) == ("link", None)


def test_a_link_above_a_folder_that_is_open_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "link").symlink_to("a")
    folders = Folders(os.fsencode(tmp_path))
    folders.open([b"a", b"b"])
    with pytest.raises(OSError, match="irectory"):
        folders.open([b"link", b"b"])


def test_few_stay_open_and_all_are_closed(tmp_path: Path) -> None:
    for number in range(200):
        (tmp_path / f"{number}/deeper").mkdir(parents=True)
        (tmp_path / f"{number}/deeper/{number}").touch()
    gc.collect()
    before = held()
    folders = Folders(os.fsencode(tmp_path))
    for _ in range(2):
        for number in range(200):
            assert name_in(folders.open([b"%d" % number, b"deeper"])) == [str(number)]
    assert held() <= before + 50
    del folders
    gc.collect()
    assert held() == before


def test_a_path_of_more_segments_than_stay_open(tmp_path: Path) -> None:
    parts = [b"d"] * 400
    here = os.open(tmp_path, os.O_RDONLY)
    for part in parts:
        os.mkdir(part, dir_fd=here)
        below = os.open(part, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(os.open(b"last", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    os.close(here)
    folders = Folders(os.fsencode(tmp_path))
    for _ in range(2):
        assert name_in(folders.open(parts)) == ["last"]
        assert name_in(folders.open(parts[:5])) == ["d"]
    with pytest.raises(FileNotFoundError):
        folders.open([*parts, b"e"])


def test_another_repository_is_one_however_often_it_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "sub/.git").mkdir(parents=True)
    (tmp_path / "sub/inner").mkdir()
    folders = Folders(os.fsencode(tmp_path))
    for path in ([b"sub"], [b"sub", b"inner"]) * 2:
        with pytest.raises(NestedError):
            folders.open(path)
