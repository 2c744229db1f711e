"""The summary of real changes: what a reviewer is told of a release that got worse, and of one that is new."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate import fixtures
from support.command import judge

if TYPE_CHECKING:
    from pathlib import Path

    from support.hosted import Hosted


def test_the_release_that_should_have_been_stopped(tmp_path: Path) -> None:
    laid_out = fixtures.lay_out(tmp_path / "repository", fixtures.case("fraud-overnight-update"))
    run = judge(laid_out, "-o", f"markdown={tmp_path / 'summary.md'}")
    text = (tmp_path / "summary.md").read_text()
    assert run.code == 1
    assert "**This cannot merge.**" in text
    assert "1. The author: `evaluation/regressed` (2 places): Keep the previous release and find out why." in text
    above, _, details = text.partition("in detail\n")
    for row in (
        "| precision | 0.842 | 0.778 | **▼ worse by 7.6 %** |",
        "| recall | 0.871 | 0.884 | ▲ better by 1.49 % |",  # what got better is told, too
        "| latency-p95 (P95) | 88 ms | 88 ms; the objective allows 300 ms | = the same |",
        "| size of model | 45.98 MiB | 45.98 MiB | = the same |",
        "Traffic moves: 5 % for 5m → 25 % for 5m → 50 % for 5m → 100 %.",
        "Risk is **high**: it affects users and over 1% of revenue;",
        "| `fraud-detector 2.4.1` | `owner` | ✓ 2 of 2 | `ana`, `bo`, `chidi` |  |",
    ):
        assert row in above
    assert details.count("<details>") == 2
    assert "That is worse by 7.6 %; this tier allows 2 %." in details
    assert details.count("Artifact `model` is another one") == 1


def test_a_model_that_is_new_is_described(hosted: Hosted) -> None:
    text = (hosted.path / "models/fraud-detector/manifest.yaml").read_text()
    new = text.replace("name: fraud-detector\n", "name: fraud-detector\n  environment: staging\n", 1)
    head = hosted.propose({"models/fraud-detector/staging.yaml": new})
    hosted.judge(head, "-o", f"markdown={hosted.folder / 'summary.md'}")
    summary = (hosted.folder / "summary.md").read_text()
    told = summary.partition("### `fraud-detector (staging) 2.4.0`\n")[2].partition("\n### ")[0]
    assert "\nnew, high risk, in `models/fraud-detector/staging.yaml`" in told
    assert "- artifact model: model, safetensors, 45.98 MiB, sha256:" in told
    assert "What changed" not in summary


def test_a_new_manifest_that_cannot_be_read_is_no_update(hosted: Hosted) -> None:
    broken = "apiVersion: changegate.dev/v1\nkind: ModelRelease\n"
    shared = "kind: ConfigMap\napiVersion: v1\n"
    hosted.repo.commit({"models/shared.yaml": shared}, "before")
    hosted.protect()
    run = hosted.judge(hosted.propose({"models/new.yaml": broken, "models/shared.yaml": f"{shared}---\n{broken}"}))
    assert run.code == 1
    for file in ("models/new.yaml", "models/shared.yaml"):
        assert f"{file}  (new)" in run.out
    assert "update" not in run.out


def test_a_known_manifest_that_cannot_be_read_is_an_update(hosted: Hosted) -> None:
    changed = (hosted.path / "models/fraud-detector/manifest.yaml").read_text() + "odd: 1\n"
    assert "(update" in hosted.judge(hosted.propose({"models/fraud-detector/manifest.yaml": changed})).out
