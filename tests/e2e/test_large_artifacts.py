"""An artifact in the working tree that is larger than what is read at once: streamed, and digested once."""

from __future__ import annotations

import hashlib
import json
import os
import pty
import subprocess
from typing import TYPE_CHECKING

from changegate import fixtures
from support.command import COMMAND, check, surroundings

if TYPE_CHECKING:
    from pathlib import Path

RESEARCH = "models/recommender-research/manifest.yaml"
URI = "uri: s3://research/recommender/0.3.0/model.safetensors"
WEIGHTS = "models/recommender-research/model.safetensors"
SIZE = int(os.environ.get("CHANGEGATE_LARGE_BYTES", str(64 * 1024 * 1024)))
"""The same holds for 10 GB, in half a minute: CHANGEGATE_LARGE_BYTES=10737418240."""


def lay_out(root: Path, digest: str) -> Path:
    """A checkout with a sparse artifact that is not committed, and a manifest that names its digest."""
    laid_out = fixtures.lay_out(root, fixtures.Case("large", root, {"title": "large"}))
    header = json.dumps({"w": {"dtype": "U8", "shape": [SIZE], "data_offsets": [0, SIZE]}}).encode()
    with (laid_out.root / WEIGHTS).open("wb") as file:
        file.write(len(header).to_bytes(8, "little") + header)
        file.truncate(file.tell() + SIZE)
    os.utime(laid_out.root / WEIGHTS, (1_700_000_000, 1_700_000_000))
    manifest = laid_out.root / RESEARCH
    stated = f"{URI}\n      path: {WEIGHTS}\n      format: safetensors\n      digest: {digest}"
    manifest.write_text(manifest.read_text().replace(URI, stated))
    return laid_out.root


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def found(root: Path, *more: str) -> set[str]:
    run = check("--base", "main", "--now", fixtures.NOW, *more, cwd=root)
    assert not run.verdict["failures"], run.verdict["failures"]
    return {one["rule"] for one in run.findings if one["effect"] == "blocks"}


def test_it_is_compared_and_its_digest_is_kept_for_the_next_time(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "repository", "sha256:" + "1" * 64)
    assert found(root) == {"artifacts/digest-mismatch"}
    kept = root / ".git" / "changegate" / "digests.json"
    (known,) = json.loads(kept.read_text()).values()
    assert f"sha256:{known['digests']['sha256']}" == digest_of(root / WEIGHTS)
    known["digests"]["sha256"] = "1" * 64
    kept.write_text(json.dumps({WEIGHTS: known}))
    assert found(root) == set()  # it was read from there
    os.utime(root / WEIGHTS, (1_700_000_001, 1_700_000_001))
    assert found(root) == {"artifacts/digest-mismatch"}  # another time, and nothing that was kept is believed


def test_a_pull_request_believes_nothing_that_was_kept(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "repository", "sha256:" + "1" * 64)
    fixtures.commit(root, "Weights in git")
    found(root)
    kept = root / ".git" / "changegate" / "digests.json"
    kept.parent.mkdir(exist_ok=True)
    for path in (WEIGHTS,):
        kept.write_text(json.dumps({path: {"stamp": "", "digests": {"sha256": "1" * 64}}}))
    before = kept.read_bytes()
    more = ("--stage", "pull-request", "--trusted-ref", "refs/heads/main", "--head", "HEAD")
    run = check(*more, "--now", fixtures.NOW, cwd=root)
    assert "artifacts/digest-mismatch" in {one["rule"] for one in run.findings}
    assert kept.read_bytes() == before


def test_a_terminal_is_told_how_far_it_is_and_a_log_is_not(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "repository", "sha256:" + "1" * 64)
    command = [COMMAND, "check", "--base", "main", "--now", fixtures.NOW]
    plain = subprocess.run(command, cwd=root, env=surroundings(), capture_output=True, check=False)
    assert b"digesting" not in plain.stdout + plain.stderr
    (root / ".git" / "changegate" / "digests.json").unlink()
    ours, theirs = pty.openpty()
    env = {**surroundings(), "TERM": "xterm"}
    with subprocess.Popen(command, cwd=root, env=env, stdout=subprocess.DEVNULL, stderr=theirs) as process:
        os.close(theirs)
        told = bytearray()
        while True:
            try:
                part = os.read(ours, 4096)
            except OSError:
                break
            if not part:
                break
            told += part
        process.wait()
    os.close(ours)
    assert b"\x1b[K" in told
