"""`check -o plan=DIR` on real changes, and `plan --check` on what was written: as workflows and people use them."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from changegate import fixtures
from changegate.resources import SCHEMAS
from support import crds
from support.command import changegate, check
from support.hosted import FRAUD, RESEARCH

if TYPE_CHECKING:
    from pathlib import Path

    from support.command import Run
    from support.hosted import Hosted

INDEX = Draft202012Validator(json.loads((SCHEMAS / "plan-index.schema.json").read_text()))
VISION, CHAT = "models/product-vision/manifest.yaml", "models/support-chat/manifest.yaml"
CREDIT = "models/credit-score/manifest.yaml"


def faster(hosted: Hosted, file: str) -> str:
    """A manifest with a comment more: it is in the change, and holds."""
    return hosted.edit(file, "spec:\n", "spec: # looked at\n")


def planned(hosted: Hosted, head: str, *more: str | Path, folder: Path | None = None, approved: bool = True) -> Run:
    where = folder or hosted.folder / "plan"
    return hosted.run("-o", f"plan={where}", *more, env=hosted.event(head), approved=head if approved else "")


def index(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / "index.json").read_text("ascii"))
    INDEX.validate(document)
    for release in document["releases"]:
        for file in release["files"]:
            data = (folder / file["path"]).read_bytes()
            assert file["digest"] == "sha256:" + hashlib.sha256(data).hexdigest()
    return document


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_open_gate_lets_its_plan_be_applied(hosted: Hosted) -> None:
    run = planned(hosted, hosted.propose({FRAUD: faster(hosted, FRAUD)}))
    assert (run.code, run.verdict["verdict"]) == (0, "open"), run.out
    folder = hosted.folder / "plan"
    said = index(folder)
    assert said["mayBeApplied"] is True
    assert said["context"]["head"] == run.verdict["context"]["head"]
    (release,) = said["releases"]
    assert (release["folder"], release["target"], release["notRendered"]) == ("fraud-detector", "argo-rollouts", None)
    assert release["notExpressed"] == run.verdict["subjects"][0]["rendering"]["losses"]
    assert set(files(folder)) == {"index.json", *(one["path"] for one in release["files"])}
    manifests = [one for file in release["documents"] for one in yaml.safe_load_all((folder / file).read_text())]
    assert {one["kind"] for one in manifests} == {"Rollout", "AnalysisTemplate"}
    if "CHANGEGATE_CONFORMANCE_DIR" in os.environ:
        for manifest in manifests:
            crds.validate(manifest)
    alone = changegate("plan", FRAUD, "-o", hosted.folder / "alone", cwd=hosted.path)
    assert alone.code == 0
    assert files(folder / "fraud-detector") == files(hosted.folder / "alone")


@pytest.mark.parametrize(("gate", "code"), [("closed", 1), ("awaiting-approval", 3), ("undecided", 2)])
def test_a_gate_that_is_not_open_writes_the_plan_and_forbids_it(hosted: Hosted, gate: str, code: int) -> None:
    text = faster(hosted, FRAUD)
    head = hosted.propose({FRAUD: text if gate != "closed" else text.replace("bake: 30m", "bake: 1m")})
    more = {"closed": (), "awaiting-approval": (), "undecided": ("--trusted-ref", "refs/heads/elsewhere")}[gate]
    if gate == "awaiting-approval":
        hosted.approvals(head, by=())
        given = ["--now", fixtures.NOW, "--approvals", hosted.approvals(head, by=())]
        run = check(*given, "-o", f"plan={hosted.folder / 'plan'}", cwd=hosted.path, env=hosted.event(head),
                    out=hosted.folder / "v.json")  # fmt: skip
    else:
        run = planned(hosted, head, *more)
    assert (run.code, run.verdict["verdict"]) == (code, gate), run.out
    said = index(hosted.folder / "plan")
    assert (said["verdict"], said["mayBeApplied"]) == (gate, False)
    assert "not to be applied" in said["why"]
    for release in said["releases"]:
        for file in release["documents"]:
            first = (hosted.folder / "plan" / file).read_text().splitlines()[0]
            assert first == f"# changegate: NOT TO BE APPLIED ({gate})"
    assert len(said["releases"]) == (0 if gate == "undecided" else 1)


def test_a_verdict_of_a_laptop_is_only_advice(hosted: Hosted) -> None:
    hosted.propose({FRAUD: faster(hosted, FRAUD)})
    run = changegate("check", "--base", "main", "--now", fixtures.NOW, "-o", "plan=../plan", cwd=hosted.path)
    assert run.code == 0
    said = index(hosted.folder / "plan")
    assert said["mayBeApplied"] is False
    assert "only advice" in said["why"]


def test_a_release_that_cannot_be_rendered_does_not_cost_the_others_theirs(hosted: Hosted) -> None:
    """One for a controller without a renderer, one for none, one without a plan, one broken, one gone."""
    changed = {file: faster(hosted, file) for file in (FRAUD, RESEARCH, VISION, CHAT)}
    changed["models/sepsis-triage/manifest.yaml"] = "apiVersion: changegate.dev/v1\nkind: ModelRelease\n"
    voice = hosted.edit("models/voice-command/manifest.yaml", "target: none", "target: argo-rollouts")
    changed["models/voice-command/manifest.yaml"] = voice
    planned(hosted, hosted.propose(dict(changed), remove=(CREDIT,)))
    said = {one["label"]: one for one in index(hosted.folder / "plan")["releases"]}
    reasons = {label: one["notRendered"]["reason"] for label, one in said.items() if one["notRendered"]}
    assert said["fraud-detector"]["documents"]
    assert "fraud-detector" not in reasons
    assert reasons["product-vision"] == "there is no renderer for lambda"
    assert said["product-vision"]["notRendered"]["hint"] == "these targets can be rendered: argo-rollouts"
    assert "names no controller" in reasons["support-chat"]
    assert "there is no rollout plan" in reasons["recommender-research"]
    assert "devices are not pods" in reasons["voice-command"]
    assert reasons["models/sepsis-triage/manifest.yaml"] == "the manifest is not valid"
    assert "retired" in reasons["credit-score"]
    for label in ("product-vision", "support-chat", "voice-command"):
        assert [file["path"] for file in said[label]["files"]] == [f"{label}/plan.json"]
    assert said["recommender-research"]["folder"] is None


def test_all_plans_only_what_the_change_touches(hosted: Hosted) -> None:
    run = planned(hosted, hosted.propose({FRAUD: faster(hosted, FRAUD)}), "--all")
    assert len(run.verdict["subjects"]) > 5
    assert [one["label"] for one in index(hosted.folder / "plan")["releases"]] == ["fraud-detector"]


def test_the_same_change_gives_the_same_bytes_wherever_it_is_written(hosted: Hosted) -> None:
    head = hosted.propose({file: faster(hosted, file) for file in (FRAUD, VISION, CHAT)})
    for name in ("one", "two/deeper", "one"):
        planned(hosted, head, folder=hosted.folder / name)
    assert files(hosted.folder / "one") == files(hosted.folder / "two" / "deeper")


def test_other_environments_and_variants_have_folders_of_their_own(hosted: Hosted) -> None:
    text = (hosted.path / FRAUD).read_text()
    shadowed = text.replace("name: fraud-detector\n", "name: fraud-detector\n  environment: staging\n", 1)
    planned(hosted, hosted.propose({FRAUD: faster(hosted, FRAUD), "models/staging.yaml": shadowed}))
    folders = [one["folder"] for one in index(hosted.folder / "plan")["releases"]]
    assert sorted(folders) == ["fraud-detector", "fraud-detector@staging@main"]


def test_two_manifests_of_one_identity_have_no_plan(hosted: Hosted) -> None:
    planned(hosted, hosted.propose({FRAUD: faster(hosted, FRAUD), "models/twin.yaml": faster(hosted, FRAUD)}))
    said = index(hosted.folder / "plan")
    assert [one["notRendered"]["reason"] for one in said["releases"]] == [
        "2 manifests say that they are fraud-detector"
    ] * 2
    assert set(files(hosted.folder / "plan")) == {"index.json"}


@pytest.mark.parametrize("planted", ["the folder", "a release", "a document", "the index"])
@pytest.mark.parametrize("inside", [True, False])
def test_no_link_is_followed(hosted: Hosted, planted: str, *, inside: bool) -> None:
    """Wherever somebody has put a link: what it leads to stays as it was, and the run is exit code 2."""
    folder = (hosted.path if inside else hosted.folder) / "plan"
    victim = hosted.folder / "victim"
    victim.mkdir()
    (victim / "rollout.yaml").write_text("kept\n")
    (victim / "index.json").write_text("kept\n")
    link = {
        "the folder": folder,
        "a release": folder / "fraud-detector",
        "a document": folder / "fraud-detector" / "rollout.yaml",
        "the index": folder / "index.json",
    }[planted]
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(victim / link.name if link.suffix else victim)
    run = planned(hosted, hosted.propose({FRAUD: faster(hosted, FRAUD)}), folder=folder)
    assert run.code == 2
    assert "link" in run.err or "folder of its own" in run.err, run.err
    assert files(victim) == {"rollout.yaml": b"kept\n", "index.json": b"kept\n"}
    if planted != "the index" and (folder / "index.json").is_file() and not folder.is_symlink():
        assert json.loads((folder / "index.json").read_text())["mayBeApplied"] is False


def test_a_document_that_is_not_of_the_plan_is_refused(hosted: Hosted) -> None:
    """A pull request that brings its own document into the folder would have it applied with the plan."""
    extra = {"rollouts/fraud-detector/backdoor.yaml": "kind: ClusterRoleBinding\n"}
    head = hosted.propose({FRAUD: faster(hosted, FRAUD), **extra})
    run = planned(hosted, head, folder=hosted.path / "rollouts")
    assert run.code == 2
    assert "backdoor.yaml is not of the plan, and would be applied with it" in run.err
    assert not (hosted.path / "rollouts" / "index.json").exists()


@pytest.mark.parametrize(
    ("outputs", "said"),
    [
        (["plan"], "names no folder"),
        (["plan=-"], "names no folder"),
        (["plan="], "names no folder"),
        (["plan=../p", "json=../p/index.json"], "would be written into the folder of the plan"),
        (["plan=../p", "plan=../p"], "two reports would be written to"),
    ],
)
def test_what_is_no_folder_is_a_wrong_usage(hosted: Hosted, outputs: list[str], said: str) -> None:
    given = [word for output in outputs for word in ("-o", output)]
    run = changegate("check", *given, cwd=hosted.path)
    assert run.code == 2
    assert said in run.err
    assert "try: " in run.err


def test_a_file_in_the_way_costs_no_other_report_its_turn(hosted: Hosted) -> None:
    (hosted.folder / "plan").write_text("kept\n")
    run = planned(hosted, hosted.propose({FRAUD: faster(hosted, FRAUD)}))
    assert (run.code, run.verdict["verdict"]) == (2, "open")
    assert (hosted.folder / "plan").read_text() == "kept\n"


# plan --check


def rendered(hosted: Hosted, *more: str | Path) -> Run:
    return changegate("plan", FRAUD, "-o", "rollouts/fraud-detector", *more, cwd=hosted.path)


def test_committed_files_are_compared_with_what_would_be_rendered(hosted: Hosted) -> None:
    assert rendered(hosted).code == 0
    before = files(hosted.path / "rollouts")
    run = rendered(hosted, "--check")
    assert (run.code, run.out) == (0, f"rollouts/fraud-detector holds the plan of {FRAUD}\n")
    rollout = hosted.path / "rollouts" / "fraud-detector" / "rollout.yaml"
    rollout.write_text(rollout.read_text().replace("duration: '1800s'", "duration: '60s'", 1))
    (rollout.parent / "plan.json").unlink()
    run = rendered(hosted, "--check")
    assert run.code == 1
    assert "rollouts/fraud-detector/plan.json is missing" in run.out
    assert "is not as it would be rendered: `duration: '60s'` stands there, it would be `duration: '1800s'`" in run.out
    assert run.out.endswith(f"\n  fix: changegate plan {FRAUD} -o rollouts/fraud-detector\n")
    mended = changegate(*run.out.rpartition("fix: changegate ")[2].split(), cwd=hosted.path)
    assert mended.code == 0
    assert files(hosted.path / "rollouts") == before
    assert rendered(hosted, "--check").code == 0


def test_a_checkout_with_other_line_ends_holds_the_same_plan(hosted: Hosted) -> None:
    rendered(hosted)
    for path in (hosted.path / "rollouts" / "fraud-detector").iterdir():
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert rendered(hosted, "--check").code == 0


def test_what_else_lies_there_is_told(hosted: Hosted) -> None:
    rendered(hosted)
    folder = hosted.path / "rollouts" / "fraud-detector"
    (folder / "more.yaml").write_text("kind: Secret\n")
    (folder / "rollout.yaml").unlink()
    (folder / "rollout.yaml").symlink_to("more.yaml")
    run = rendered(hosted, "--check")
    assert run.code == 1
    assert "more.yaml is not of the plan: remove it" in run.out
    assert "rollout.yaml is no regular file: remove it" in run.out
    shutil.rmtree(folder)
    assert rendered(hosted, "--check").out.count("is missing") == 4


def test_a_comparison_needs_a_folder(hosted: Hosted) -> None:
    run = changegate("plan", FRAUD, "--check", cwd=hosted.path)
    assert run.code == 2
    assert "add `-o DIR`" in run.err


def test_a_plan_follows_what_the_settings_say_of_its_model(hosted: Hosted) -> None:
    """As the gate does: what one writes, the other finds unchanged."""
    config = ".changegate/config.yaml"
    ruled = (hosted.path / config).read_text() + (
        "overrides:\n  - models: [fraud-detector]\n    reason: it has another router\n"
        "    settings: {rollout: {trafficRouter: nginx}}\n"
    )
    hosted.repo.commit({config: ruled}, "another router")
    hosted.protect()
    planned(hosted, hosted.propose({FRAUD: faster(hosted, FRAUD)}), folder=hosted.folder / "plan")
    assert "stableIngress" in (hosted.folder / "plan" / "fraud-detector" / "rollout.yaml").read_text()
    run = changegate("plan", FRAUD, "-o", hosted.folder / "plan" / "fraud-detector", "--check", cwd=hosted.path)
    assert run.code == 0, run.out
