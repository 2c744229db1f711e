"""Runs `changegate check` in this process and says how long each stage took. run.py calls it."""

from __future__ import annotations

import importlib
import sys
import time
from typing import Any

STARTED = time.perf_counter()

STAGES = {
    "base and head": ("changegate.workspace.resolve", "resolve"),
    "settings, teams, waivers, rules": ("changegate.judging.rules", "Rules.of_base"),
    "change set": ("changegate.judging.prepare", "survey"),
    "a process for the policies": ("changegate.rego.engines.forked", "EmbeddedHost.__init__"),
    "evidence and facts": ("changegate.evidence", "section_of"),
    "input checked": ("changegate.judging.judge", "validate"),
    "decision, with the wait for the policies": ("changegate.rego.engines.forked", "Forked.query"),
    "settled": ("changegate.judging.judge", "settle"),
    "findings located": ("changegate.judging.findings", "Finder.findings"),
    "rollout plan": ("changegate.rollout", "planned"),
    "reports": ("changegate.report.write", "emit_reports"),
}
"""Stage -> the function that does it. What is imported inside of it is in its time."""


def main() -> None:
    """Time the stages of one run, and print them."""
    from changegate.cli.group import group

    spent: dict[str, float] = {"start-up and imports": time.perf_counter() - STARTED}
    begun = time.perf_counter()
    for label, (module, name) in STAGES.items():
        _wrap(importlib.import_module(module), name, label, spent)
    spent["start-up and imports"] += time.perf_counter() - begun
    begun = time.perf_counter()
    try:
        group.main(sys.argv[1:], standalone_mode=False)
    finally:
        whole = time.perf_counter() - begun
        spent["the rest"] = whole - sum(spent[label] for label in STAGES if label in spent)
        rows = "\n".join(f"{seconds * 1000:7.1f} ms  {label}" for label, seconds in spent.items())
        sys.stderr.write(f"{rows}\n")


def _wrap(module: Any, name: str, label: str, spent: dict[str, float]) -> None:
    owner, _, last = name.rpartition(".")
    holder = getattr(module, owner) if owner else module
    original = getattr(holder, last)

    def timed(*arguments: Any, **named: Any) -> Any:
        begun = time.perf_counter()
        try:
            return original(*arguments, **named)
        finally:
            spent[label] = spent.get(label, 0.0) + time.perf_counter() - begun

    setattr(holder, last, staticmethod(timed) if isinstance(vars(holder).get(last), classmethod) else timed)


if __name__ == "__main__":
    main()
