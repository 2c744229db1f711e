"""The cases that `bounds.py` gives to the gate: much of what is faulty, huge, or tied to everything else."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import bounds_reports as reports
from bounds_case import FRAUD, SMALL, TOP, WHOLE, Case, in_fraud, named
from changegate.fixtures import APPROVERS, NOW
from changegate.fixtures import approvals as approvals_file

if TYPE_CHECKING:
    from collections.abc import Callable


def faulty_files(size: int) -> Case:
    """As many manifests, each with three faults."""
    text = (
        SMALL.replace("  owner:", "  odd: 1\n  owner:")
        .replace("version: 0.3.0", "version: 3")
        .replace("tier: low", "tier: x")
    )
    return Case(
        {f"models/{number}.yaml": named(text, f"m{number}") for number in range(size)}, options=("-o", "json={0}/json")
    )


def faulty_documents(size: int) -> Case:
    """The same in files of 200 documents."""
    text = SMALL.replace("  owner:", "  odd: 1\n  owner:")
    files: dict[str, bytes] = {}
    for start in range(0, size, 200):
        some = [named(text, f"m{number}") for number in range(start, min(size, start + 200))]
        files[f"models/{start}.yaml"] = b"---\n".join(some)
    return Case(files)


def unreadable_files(size: int) -> Case:
    """As many files that are no YAML, and say that they are ours."""
    return Case({f"models/{number}.yaml": b"apiVersion: changegate.dev/v1\nkind: [\n" for number in range(size)})


def model_cards(size: int) -> Case:
    """As many manifests, each with a model card of its own."""
    card = (TOP / "models/fraud-detector/MODEL_CARD.md").read_bytes()
    files: dict[str, bytes] = {}
    for number in range(size):
        text = SMALL + f"  modelCard: models/m{number}/MODEL_CARD.md\n"
        files[f"models/m{number}/manifest.yaml"] = named(text, f"m{number}")
        files[f"models/m{number}/MODEL_CARD.md"] = card + b"Of m%d.\n" % number
    return Case(files)


def model_cards_all(size: int) -> Case:
    """The same where nothing of it changed, and every manifest is asked for."""
    return Case({"README.md": b"x\n"}, base=model_cards(size).head, options=("--all",))


def every_report(size: int) -> Case:
    """Many findings in every report."""
    text = WHOLE.replace("bake: 30m", "bake: 1s").replace("    escalation: platform\n", "")
    files = {f"models/{number}.yaml": named(text, f"m{number}", "fraud-detector") for number in range(size)}
    return Case(
        files,
        options=tuple(
            part
            for name in ("json", "junit", "markdown", "github", "console")
            for part in ("-o", name + "={0}/" + name)
        ),
    )


def huge_manifest(size: int) -> Case:
    """A manifest of so many MB."""
    return Case({FRAUD: WHOLE.encode() + b"# " + b"x" * (size * 1_000_000) + b"\n"}, refused="1048576")


def huge_unread(size: int) -> Case:
    """The same in lines that mean something."""
    line = b"    k0000000000: a\n"
    return Case(
        {
            FRAUD: WHOLE.replace("  annotations: {argocd", "  #").encode()
            + b"---\na:\n"
            + line * (size * 1_000_000 // len(line))
        },
        refused="1048576",
    )


def labels(size: int) -> Case:
    """So many labels."""
    return in_fraud(
        "labels: {domain: payments}", "labels:\n" + "".join(f"    k{number}: a\n" for number in range(size))
    )


def unknown_keys(size: int) -> Case:
    """So many keys that the schema does not know."""
    return in_fraud(
        "  owner: payments-ml\n", "  owner: payments-ml\n" + "".join(f"  k{number}: a\n" for number in range(size))
    )


def repeated_keys(size: int) -> Case:
    """One key so many times."""
    return in_fraud("  owner: payments-ml\n", "  owner: payments-ml\n" * size)


def artifacts(size: int) -> Case:
    """So many artifacts."""
    some = "".join(f"    - {{name: a{number}, role: tokenizer, uri: s3://a/{number}}}\n" for number in range(size))
    return in_fraud("  serving:\n", some + "  serving:\n")


def steps(size: int) -> Case:
    """So many steps of a rollout, each with a fault."""
    return in_fraud("      - {weight: 50, bake: 1h}\n", "      - {weight: 50, bake: 1s}\n" * size)


def objectives(size: int) -> Case:
    """So many objectives."""
    return in_fraud(
        "  slos:\n",
        "  slos:\n" + "".join(f"    - {{name: s{number}, objective: 0.9, window: 30d}}\n" for number in range(size)),
    )


def features(size: int) -> Case:
    """So many features, and a contract of as many that all changed."""
    path = "contracts/transactions.yaml"
    contract = (TOP / path).read_text()
    more = "".join(f"  - {{name: f{number}, dtype: float32, nullable: true}}\n" for number in range(size))
    inputs = "".join(
        f"      - {{name: f{number}, dtype: float64, contract: transactions, nullable: false}}\n"
        for number in range(size)
    )
    text = WHOLE.replace("    outputs:\n", inputs + "    outputs:\n", 1).encode()
    return Case(
        {path: (contract + more).encode(), FRAUD: text},
        base={path: (contract + more.replace("float32", "float64")).encode()},
    )


def long_text(size: int) -> Case:
    """A value of so many characters that the messages quote."""
    return in_fraud("runbook: models/fraud-detector/RUNBOOK.md", f"runbook: {'x' * size}.md")


def long_line(size: int) -> Case:
    """A whole manifest on one line, with a fault at its end."""
    text = json.dumps(
        {
            "apiVersion": "changegate.dev/v1",
            "kind": "ModelRelease",
            "metadata": {"name": "a", "labels": {"a": "x" * size}},
            "spec": {f"k{number}": 1 for number in range(90)},
        }
    )
    return Case({FRAUD: text.encode()})


def waivers(size: int) -> Case:
    """So many waivers."""
    said = "rule: rollout/bake-too-short, reason: it is measured next month, approvedBy: ana, expires: 2026-12-01"
    some = "".join(f"  - {{model: m{number}, {said}}}\n" for number in range(size))
    text = f"apiVersion: changegate.dev/v1\nkind: Waivers\nwaivers:\n{some}"
    changed = {
        f"models/{number}.yaml": named(WHOLE.replace("bake: 30m", "bake: 1s"), f"m{number}", "fraud-detector")
        for number in range(200)
    }
    return Case(changed, base={".changegate/waivers.yaml": text.encode()})


def chain(size: int) -> Case:
    """Releases that depend on one another in a row."""
    return Case(
        {
            f"models/{number}.yaml": named(
                SMALL + f"  dependsOn: [{{name: m{number + 1}, version: 0.3.0, as: member}}]\n", f"m{number}"
            )
            for number in range(size)
        }
    )


def star(size: int) -> Case:
    """Releases that all depend on one, which changes, too."""
    files = {
        f"models/{number}.yaml": named(SMALL + "  dependsOn: [{name: hub, version: 0.3.0, as: member}]\n", f"m{number}")
        for number in range(size)
    }
    return Case({**files, "models/hub.yaml": named(SMALL, "hub")})


def sun(size: int) -> Case:
    """One release that depends on all others."""
    needs = "".join(f"    - {{name: m{number}, version: 0.3.0, as: member}}\n" for number in range(size))
    files = {f"models/{number}.yaml": named(SMALL, f"m{number}") for number in range(size)}
    return Case({**files, "models/hub.yaml": named(SMALL + "  dependsOn:\n" + needs, "hub")})


def same_artifact(size: int) -> Case:
    """New releases that all name one artifact."""
    return Case({f"models/{number}.yaml": named(SMALL, f"m{number}") for number in range(size)})


def same_identity(size: int) -> Case:
    """As many releases of one identity."""
    return Case({f"models/{number}.yaml": named(SMALL, "same") for number in range(size)})


def same_name(size: int) -> Case:
    """As many files of one name in folders of their own, which nobody names."""
    return Case({f"data/{number}/evaluation.json": b"{}\n" for number in range(size)})


def renamed(size: int) -> Case:
    """As many releases that all say they were one other."""
    text = SMALL.replace("  owner:", "  replaces: recommender-research\n  owner:")
    return Case({f"models/{number}.yaml": named(text, f"m{number}") for number in range(size)})


def moved(size: int) -> Case:
    """As many releases, all under a new name and in another file."""
    before = {f"models/{number}.yaml": named(SMALL, f"m{number}") for number in range(size)}
    return Case(
        {path.replace("models/", "models/new/"): text.replace(b"name: m", b"name: n") for path, text in before.items()}
        | dict.fromkeys(before, b"# gone\n"),
        base=before,
    )


def returned(size: int) -> Case:
    """As many releases that come back under other names, after all of them were gone."""
    before = {f"models/{number}.yaml": named(SMALL, f"m{number}") for number in range(size)}
    after = {
        path.replace("models/", "models/new/"): text.replace(b"name: m", b"name: n") for path, text in before.items()
    }
    return Case(after, base=dict.fromkeys(before, b"# gone\n"), earlier=before)


def reviews(size: int) -> Case:
    """An approvals file of so many reviews."""
    some = [
        {"user": f"{APPROVERS[number % 10]}{number // 10 or ''}", "state": "APPROVED", "commit": "", "submittedAt": NOW}
        for number in range(size)
    ]
    return Case({FRAUD: WHOLE.replace("bake: 30m", "bake: 31m").encode()}, approvals=approvals_file("", some))


def code_owners(size: int) -> Case:
    """A CODEOWNERS of so many lines."""
    return Case(
        {"CODEOWNERS": b"".join(b"/models/**/m%d*/**/x @acme/a%d\n" % (number, number) for number in range(size))}
    )


def globs(size: int) -> Case:
    """So many globs, over as many files."""
    config = (TOP / ".changegate/config.yaml").read_text()
    some = ", ".join(f"'m{number}/**/*.yaml'" for number in range(size))
    text = config.replace("include: [", f"include: [{some}, ")
    return Case(
        {f"m{number}/a.yaml": b"a: 1\n" for number in range(size)}, base={".changegate/config.yaml": text.encode()}
    )


def prose(size: int) -> Case:
    """A model card of so many KB of what patterns stumble over."""
    path = "models/fraud-detector/MODEL_CARD.md"
    return Case({path: (b"#" * 500 + b" " * 500 + b"<!--" * 100 + b"[" * 100 + b"\n") * (size * 1000 // 1500)})


def deep(size: int) -> Case:
    """So many brackets."""
    return Case({FRAUD: b"apiVersion: changegate.dev/v1\nkind: ModelRelease\nmetadata: " + b"[" * size})


def aliases(size: int) -> Case:
    """Aliases of aliases, in so many lines."""
    lines = [
        "apiVersion: changegate.dev/v1",
        "kind: ModelRelease",
        "a0: &a0 [x, x]",
        *(f"a{number}: &a{number} [*a{number - 1}, *a{number - 1}]" for number in range(1, size)),
    ]
    return Case({FRAUD: "\n".join(lines).encode()})


def control_files(size: int) -> Case:
    """So many files of CI that changed."""
    return Case({f".github/workflows/w{number}.yml": b"on: push\n" for number in range(size)})


def retired(size: int) -> Case:
    """As many releases that are retired, and one that depended on each."""
    before = {f"models/{number}.yaml": named(SMALL, f"m{number}") for number in range(size)}
    needs = "".join(f"    - {{name: m{number}, version: 0.3.0, as: member}}\n" for number in range(min(size, 64)))
    hub = {"models/hub.yaml": named(SMALL + "  dependsOn:\n" + needs, "hub")}
    return Case(dict.fromkeys(before, b"# gone\n"), base={**before, **hub})


def named_files(size: int) -> Case:
    """As many releases that did not change, each of which names a file that did."""
    cards = model_cards(size).head
    return Case({path: data + b"More.\n" for path, data in cards.items() if path.endswith(".md")}, base=cards)


def configured(more: str, size: int) -> Case:
    """So many releases under a configuration."""
    config = (TOP / ".changegate/config.yaml").read_text()
    files = {f"models/{number}.yaml": named(SMALL, f"m{number}") for number in range(size)}
    return Case(files, base={".changegate/config.yaml": (config + more).encode()})


def inventory(size: int) -> Case:
    """An inventory of so many models, of which a tenth are in the change."""
    return configured("".join(f"  - {{name: m{number}, tier: low}}\n" for number in range(size)), size // 10 + 1)


def overrides(size: int) -> Case:
    """So many overrides, and 200 releases."""
    said = "severity: warning, reason: it is measured next month"
    some = "".join(f"  - {{rules: [cost/missing], models: [m{number}], {said}}}\n" for number in range(size))
    return configured(f"overrides:\n{some}", 200)


def members(size: int) -> Case:
    """So many members in every team, each of whom approved."""
    teams = (TOP / ".changegate/teams.yaml").read_text()
    some = ", ".join(f"{APPROVERS[number % 10]}{number // 10 or ''}" for number in range(size))
    text = re.sub(r"members: \[.*\]", f"members: [{some}]", teams)
    return reviews(size)._replace(base={".changegate/teams.yaml": text.encode()})


CASES: dict[str, tuple[Callable[[int], Case], int]] = {
    "faulty-files": (faulty_files, 10_000),
    "faulty-documents": (faulty_documents, 10_000),
    "unreadable-files": (unreadable_files, 10_000),
    "model-cards": (model_cards, 3_000),
    "model-cards-all": (model_cards_all, 3_000),
    "every-report": (every_report, 1_000),
    "manifest-mb": (huge_manifest, 130),
    "manifest-mb-read": (huge_unread, 130),
    "report-mb": (reports.huge, 64),
    "report-metrics": (reports.metrics, 8_000),
    "report-groups": (reports.groups, 1_000_000),
    "report-groups-read": (reports.groups, 100_000),
    "report-attributes": (reports.attributes, 10_000),
    "labels": (labels, 60_000),
    "unknown-keys": (unknown_keys, 60_000),
    "repeated-keys": (repeated_keys, 40_000),
    "artifacts": (artifacts, 10_000),
    "steps": (steps, 20_000),
    "objectives": (objectives, 10_000),
    "features": (features, 2_000),
    "long-text": (long_text, 1_000_000),
    "long-line": (long_line, 1_000_000),
    "waivers": (waivers, 1_000),
    "waivers-refused": (waivers, 5_000),
    "chain": (chain, 3_000),
    "star": (star, 3_000),
    "sun": (sun, 3_000),
    "same-artifact": (same_artifact, 3_000),
    "same-identity": (same_identity, 3_000),
    "same-name": (same_name, 20_000),
    "renamed": (renamed, 3_000),
    "moved": (moved, 3_000),
    "returned": (returned, 3_000),
    "reviews": (reviews, 6_000),
    "control-files": (control_files, 5_000),
    "retired": (retired, 3_000),
    "named-files": (named_files, 3_000),
    "inventory": (inventory, 5_000),
    "overrides": (overrides, 500),
    "members": (members, 1_000),
    "reviews-refused": (reviews, 100_000),
    "code-owners": (code_owners, 20_000),
    "globs": (globs, 1_000),
    "prose-kb": (prose, 1_000),
    "deep": (deep, 500_000),
    "aliases": (aliases, 2_000),
}
"""Name -> what makes the case of a size, and the size."""
