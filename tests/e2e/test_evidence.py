"""Evidence that is not in the repository: found by its digest in the folder that CI hands in, or nobody can tell."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from support.hosted import FRAUD

if TYPE_CHECKING:
    from pathlib import Path

    from support.hosted import Hosted

REPORT = "models/fraud-detector/evidence/evaluation.json"


def elsewhere(hosted: Hosted) -> str:
    """A change after which the evaluation report lies in a bucket."""
    return hosted.propose({FRAUD: hosted.edit(FRAUD, f"path: {REPORT}", "uri: s3://evidence/fraud/evaluation.json")})


def test_what_was_not_handed_in_is_unknown_and_blocks(hosted: Hosted) -> None:
    run = hosted.judge(elsewhere(hosted))
    assert run.code == 1
    assert {finding["status"] for finding in run.findings} == {"unknown"}
    assert "evaluation/below-threshold" in run.rules
    assert "--evidence DIR" in run.out


def test_it_is_found_by_digest_whatever_its_name(hosted: Hosted, tmp_path: Path) -> None:
    head = elsewhere(hosted)
    folder = tmp_path / "evidence" / "run-17"
    folder.mkdir(parents=True)
    shutil.copyfile(hosted.path / REPORT, folder / "metrics")
    run = hosted.judge(head, "--evidence", tmp_path / "evidence")
    assert (run.code, run.rules) == (0, set())


def test_another_file_of_that_name_is_not_it(hosted: Hosted, tmp_path: Path) -> None:
    head = elsewhere(hosted)
    folder = tmp_path / "evidence"
    folder.mkdir()
    (folder / "evaluation.json").write_bytes((hosted.path / REPORT).read_bytes().replace(b"0.962", b"0.999"))
    (folder / "link.json").symlink_to(hosted.path / REPORT)
    run = hosted.judge(head, "--evidence", folder)
    assert run.code == 1
    assert {finding["status"] for finding in run.findings} == {"unknown"}
