"""The gallery in the docs shows what the reports say now."""

from __future__ import annotations

from support.gallery import PAGE, SITUATIONS, page


def test_the_gallery_is_the_one_that_is_made() -> None:
    """Make it again with `python -m support.gallery` in `tests/`, and read the diff as the person it is for."""
    assert page() == PAGE.read_text("utf-8")


def test_the_gallery_has_every_situation() -> None:
    text = PAGE.read_text("utf-8")
    assert len(SITUATIONS) == 8
    for case, said in SITUATIONS.items():
        assert f"The pull request `{case}`" in text
        assert f"## {said.rstrip('.')}\n" in text
