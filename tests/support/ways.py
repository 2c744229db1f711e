"""Ways to cheat and to fail by accident, as rows of data, and how one is tried on a real repository.

`tests/e2e/ways/ways.yaml` holds the rows; `docs/ways.md` shows them: `python -m support.ways` writes its tables.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from changegate import fixtures
from changegate.evidence.plans import plan_digest
from support.hosted import Hosted

if TYPE_CHECKING:
    from support.command import Run

TABLE = Path(__file__).parents[1] / "e2e" / "ways" / "ways.yaml"
FOLDER = "models/fraud-detector"
GROUPS: list[dict[str, Any]] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
WAYS: list[dict[str, Any]] = [way for group in GROUPS for way in group["ways"]]
PLAN = {
    "modifications": ["More traffic"],
    "acceptance": ["As before"],
    "impactAssessment": f"{FOLDER}/MODEL_CARD.md",
    "limits": {"fields": ["spec.cost"]},
}
_SHOWN = {"awaiting-approval": "waits for approval"}


def _full(value: Any) -> Any:
    """A row with short words written out."""
    if isinstance(value, dict):
        return {_full(key): _full(below) for key, below in value.items()}
    if isinstance(value, list):
        return [_full(one) for one in value]
    if isinstance(value, str):
        text = FOLDER + value[1:] if value.startswith("F/") else value
        return text.replace("sha256:PLAN", plan_digest(PLAN))
    return value


def _words(raw: dict[str, Any]) -> dict[str, Any]:
    """What a row changes, in the words of `case.yaml`."""
    edits = {
        path: [{"find": find, "replace": new} for find, new in pairs] for path, pairs in raw.get("edit", {}).items()
    }
    return {**raw, "edit": edits}


def apply(root: Path, raw: dict[str, Any]) -> None:
    """Make the change in the working tree."""
    row = _words(_full(raw))
    fixtures.apply_change(root, row)
    for path, (block, instead) in row.get("cut", {}).items():
        _cut(root / path, block, instead)
    for path in row.get("utf16", ()):
        (root / path).write_bytes((root / path).read_text().encode("utf-16"))
    for path, size in row.get("pad", {}).items():
        (root / path).write_text((root / path).read_text() + "# " + "x" * size + "\n")


def _cut(path: Path, block: str, instead: str) -> None:
    """Put something in the place of a block of `spec`."""
    lines = path.read_text().splitlines(keepends=True)
    first = lines.index(f"  {block}:\n")
    last = next(number for number in range(first + 1, len(lines)) if not lines[number].startswith("   "))
    path.write_text("".join([*lines[:first], instead, *lines[last:]]))


class Tried:
    """A way that was tried."""

    def __init__(self, folder: Path, raw: dict[str, Any]) -> None:
        """Lay the repository out, with the base that the row wants."""
        self.raw = raw
        self.hosted = Hosted(folder)
        if "base" in raw:
            apply(self.hosted.path, raw["base"])
            self.hosted.repo.commit({}, "the base")
            self.hosted.protect()
        if "target" in raw:
            self.hosted.repo.tracking(raw["target"], "main")

    def judged(self) -> Run:
        """Propose the change, and judge it as the protected workflow does."""
        raw, hosted = self.raw, self.hosted
        hosted.repo.branch("topic")
        approved = self._commit(raw)
        head = self._commit(raw["then"]) if "then" in raw else approved
        env = {**hosted.event(head, target=raw.get("target", "main")), **raw.get("env", {})}
        return hosted.run(*self._approvals(head, approved), *raw.get("options", ()), env=env)

    def _commit(self, raw: dict[str, Any]) -> str:
        apply(self.hosted.path, raw)
        login = raw.get("as", fixtures.AUTHOR)
        email = raw.get("email", f"1+{login}@users.noreply.github.com")
        said = {"NAME": login, "EMAIL": email}
        hands = {f"GIT_{who}_{what}": text for who in ("AUTHOR", "COMMITTER") for what, text in said.items()}
        self.hosted.repo.git("add", "--all")
        self.hosted.repo.git("commit", "--quiet", "--message", raw.get("message", "a change"), env=hands)
        return self.hosted.repo.id("HEAD")

    def _approvals(self, head: str, approved: str) -> list[str | Path]:
        raw, by = self.raw, self.raw.get("by", fixtures.APPROVERS)
        if by == "none":
            return []
        path = self.hosted.approvals(approved, tuple(by), reviewedHead=head, **raw.get("file", {}))
        if "reviews" in raw:
            file = json.loads(path.read_text())
            file["reviews"] += [{"commit": head, **one} for one in raw["reviews"]]
            path.write_text(json.dumps(file))
        if "inside" in raw:
            path = path.rename(self.hosted.path / raw["inside"])
        return ["--approvals", path]


def answer_of(raw: dict[str, Any]) -> dict[str, str]:
    """What a row says is answered: `verdict`, and where a rule answers `rule`, `file` and the beginning of its line."""
    found: dict[str, str] = _full(raw["answer"])
    return found


def tables() -> str:
    """The tables of the page, as they have to stand there."""
    return "\n".join(part for group in GROUPS for part in (f"## {group['group']}\n", *_table(group["ways"]), ""))


def _table(ways: list[dict[str, Any]]) -> list[str]:
    lines = ["| what somebody does | the gate | because | where |", "|---|---|---|---|"]
    for way in ways:
        told = answer_of(way)
        because = f"`{told['rule']}`" if "rule" in told else told["says"]
        where = " ".join(f"`{told[key]}`" for key in ("file", "line") if key in told).replace("|", "\\|")
        lines.append(f"| {way['way']} | {_SHOWN.get(told['verdict'], told['verdict'])} | {because} | {where} |")
    return lines


if __name__ == "__main__":
    print(tables())
