"""Makes repositories of any size to measure on: the fixtures' eight models, as many times over as asked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from changegate.fixtures import commit, git
from changegate.resources import FIXTURES

if TYPE_CHECKING:
    from pathlib import Path

MODELS = sorted(path.parent.name for path in (FIXTURES / "gitops-repo" / "models").glob("*/manifest.yaml"))


def make(root: Path, count: int, changed: int) -> None:
    """Make a repository of `count` manifests, and change `changed` of them in the working tree.

    Every model stands there in many variants; they share their evidence, so that all of them hold.
    """
    import shutil

    shutil.copytree(FIXTURES / "gitops-repo", root)
    texts = [(root / "models" / name / "manifest.yaml").read_text() for name in MODELS]
    for name in MODELS:
        (root / "models" / name / "manifest.yaml").unlink()
    for index in range(count):
        path = root / "models" / MODELS[index % len(MODELS)] / f"v{index:05}.yaml"
        text = re.sub(r"^(  name: .*)$", rf"\1\n  variant: v{index:05}", texts[index % len(texts)], count=1, flags=re.M)
        path.write_text(text)
    git(root, "init", "--quiet", "--initial-branch=main")
    commit(root, "Releases in production")
    git(root, "repack", "-a", "-d", "--quiet")
    for path in manifests(root)[:changed]:
        path.write_text(re.sub(r"^(  version: .*?)(\d+)$", _next, path.read_text(), count=1, flags=re.M))
    if changed:
        git(root, "switch", "--quiet", "--create", "change")
        commit(root, "The next versions", author="mira")


def _next(found: re.Match[str]) -> str:
    return f"{found[1]}{int(found[2]) + 1}"


def manifests(root: Path) -> list[Path]:
    """The manifests of a repository, in an order that mixes the models."""
    return sorted((root / "models").glob("*/v*.yaml"), key=lambda path: path.name)


def policies(folder: Path, rules: int) -> None:
    """Write a conftest policy of as many rules as changegate evaluates, each a comparison like one of its own."""
    folder.mkdir(parents=True)
    body = "\n\n".join(_rule(number) for number in range(rules))
    (folder / "policy.rego").write_text(f"package main\n\n{body}\n")


_FORMS = (
    "deny contains msg if {{\n\tsome i, step in input.spec.rollout.steps\n\tstep.weight > {n} + 100\n\t"
    'msg := sprintf("step %d takes %v", [i, step.weight])\n}}',
    'deny contains msg if {{\n\tinput.spec.risk.exposure == "production"\n\tnot input.metadata.owner\n\t'
    'msg := "rule {n}: no owner"\n}}',
    "deny contains msg if {{\n\tsome artifact in input.spec.artifacts\n\tartifact.sizeBytes > {n} + 100000000000\n\t"
    'msg := sprintf("%s is too large", [artifact.name])\n}}',
    "deny contains msg if {{\n\tsome slo in input.spec.slos\n\tslo.objective < 0 - {n}\n\t"
    'msg := sprintf("%s is too low", [slo.name])\n}}',
)


def _rule(number: int) -> str:
    return _FORMS[number % len(_FORMS)].format(n=number)
