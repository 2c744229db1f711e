"""A trusted branch with a long history, and a statement on most of its commits: what an audit walks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from changegate.audit.statement import PREDICATE, STATEMENT
from repositories import BEGUN, git, kept

if TYPE_CHECKING:
    from pathlib import Path

    from repositories import Stream

MODELS = 50
"""So many models change in turns; every tenth commit changes none."""


def history(commits: int) -> Path:
    """A repository of so many commits on main, the oldest first."""

    def fill(stream: Stream) -> None:
        last = 0
        for number in range(commits):
            file = f"docs/{number % 7}.md" if number % 10 == 9 else f"models/m{number % MODELS}/manifest.yaml"
            last = stream.commit("main", [(file, _content(number))], onto=last, hours_ago=commits - number)

    return kept(f"history-{commits}", fill)


def _content(number: int) -> bytes:
    return (
        "apiVersion: changegate.dev/v1\nkind: ModelRelease\n"
        f"metadata: {{name: m{number % MODELS}, owner: payments-ml}}\n"
        f"spec:\n  version: 1.{number}.0\n  risk: {{tier: low, exposure: research}}\n"
        f"  artifacts: [{{name: model, role: model, uri: s3://models/m/{number}.safetensors}}]\n"
    ).encode()


def statements(root: Path) -> Path:
    """A folder with a statement on every commit of main but each hundredth: that one landed without the gate."""
    folder = root.with_name(f"{root.name}-records")
    if not folder.is_dir():
        lines = git(root, "log", "--first-parent", "--format=%T %H %P", "main").splitlines()
        for number, line in enumerate(lines):
            tree, commit, *parents = line.split()
            if number % 100 != 1:
                path = folder / tree[:2] / f"{tree}.intoto.json"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(json.dumps(_statement(tree, commit, "".join(parents[:1]))))
    return folder


def _statement(tree: str, commit: str, base: str) -> dict[str, object]:
    said = {
        "schemaVersion": 1, "verdict": "open", "now": BEGUN, "stage": "merge", "repository": "", "tree": tree,
        "base": base, "head": commit, "reviewedHead": "", "pullRequest": 1, "releases": [],
    }  # fmt: skip
    record = [{"uri": "record.json", "digest": {"sha256": "0" * 64}}]
    return {
        "_type": STATEMENT,
        "subject": [{"name": "repository", "digest": {"gitTree": tree}}],
        "predicateType": PREDICATE,
        "predicate": {"inputAttestations": record, "changegate": said},
    }
