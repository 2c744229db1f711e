"""Predetermined change plans: an update that was foreseen needs fewer approvals, and nothing else does."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from changegate.evidence.plans import plan_digest
from support.hosted import FRAUD

if TYPE_CHECKING:
    from support.command import Run
    from support.hosted import Hosted

CONFIG = ".changegate/config.yaml"
EVALUATION = "models/fraud-detector/evidence/evaluation.json"
CARD = "models/fraud-detector/MODEL_CARD.md"
FIELDS = ["spec.version", "spec.cost", "spec.rollout.rollback"]
RULE = "approvals/outside-plan"


def plan(fields: list[str] | None = None, level: str = "", **losses: float) -> dict[str, Any]:
    limits = {"fields": fields or FIELDS, "maximumLossRatio": losses, **({"level": level} if level else {})}
    return {"modifications": ["More traffic"], "acceptance": ["As before"], "impactAssessment": CARD, "limits": limits}


def agree(
    hosted: Hosted, stated: dict[str, Any], *, to: dict[str, Any] | None = None, owner: str = "payments-ml"
) -> None:
    """Let the base have a plan, and settings that agree to one."""
    entry = {"model": "fraud-detector", "owner": owner, "digest": plan_digest(to or stated)}
    config = yaml.safe_load((hosted.path / CONFIG).read_text())
    config["settings"]["approvals"]["agreedPlans"] = [entry]
    manifest = (hosted.path / FRAUD).read_text() + yaml.safe_dump({"x": {"changePlan": stated}}, indent=2)[3:]
    hosted.repo.commit({CONFIG: yaml.safe_dump(config), FRAUD: manifest})
    hosted.protect()


def judged(hosted: Hosted, files: dict[str, str | bytes], by: tuple[str, ...] = ("ana",)) -> Run:
    """The gate on a change that one of the owners has approved: two of them have to, without a plan."""
    head = hosted.propose(files)
    return hosted.run("--approvals", hosted.approvals(head, by), env=hosted.event(head))


def cheaper(hosted: Hosted) -> dict[str, str | bytes]:
    return {FRAUD: hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901")}


def left(run: Run) -> list[str]:
    """What left the plan, as the findings say it."""
    return [one["message"] for one in run.findings if one["rule"] == RULE]


def test_an_update_within_its_plan_needs_fewer_approvals(hosted: Hosted) -> None:
    agree(hosted, plan())
    run = judged(hosted, cheaper(hosted))
    assert (run.code, left(run)) == (0, []), run.out


def test_without_a_plan_it_needs_all_of_them(hosted: Hosted) -> None:
    assert judged(hosted, cheaper(hosted)).code == 3


@pytest.mark.parametrize(
    ("find", "replace", "field"),
    [
        ("replicas: 6", "replicas: 7", "spec.serving.replicas"),
        ("labels: {domain: payments}", "labels: {domain: cards}", "metadata.labels.domain"),
        ("intendedUse: ", "intendedUse: Not only ", "spec.intendedUse"),
        ("personalData: true", "personalData: false", "spec.risk.personalData"),
    ],
)
def test_a_field_that_leaves_it_is_told_on_its_line(hosted: Hosted, find: str, replace: str, field: str) -> None:
    agree(hosted, plan())
    run = judged(hosted, {FRAUD: hosted.edit(FRAUD, find, replace)})
    assert run.code in {1, 3}
    assert any(field in message for message in left(run)), run.out


@pytest.mark.parametrize(
    ("level", "find", "replace", "inside"),
    [
        ("", "range: [0, 1]", "range: [0, 2]", False),  # breaking is in no plan that does not say so
        ("breaking", "range: [0, 1]", "range: [0, 2]", True),
        ("compatible", "weeklyBudget: 900", "weeklyBudget: 901", True),
        ("compatible", "{name: latency-p95, thresholdMs: 300", "{name: latency-p95, thresholdMs: 310", False),
    ],
)
def test_the_level_of_a_change_bounds_what_is_in_the_plan(
    hosted: Hosted, level: str, find: str, replace: str, inside: bool
) -> None:
    agree(hosted, plan([*FIELDS, "spec.features", "spec.slos"], level))
    run = judged(hosted, {FRAUD: hosted.edit(FRAUD, find, replace)})
    assert (left(run) == []) is inside
    assert inside or f"and the plan goes as far as {level or 'could-be-breaking'}" in left(run)[0]


def test_what_a_plan_says_of_the_intended_use_counts_for_nothing(hosted: Hosted) -> None:
    agree(hosted, plan([*FIELDS, "spec.intendedUse", "spec.risk", "spec.changePlan"]))
    run = judged(hosted, {FRAUD: hosted.edit(FRAUD, "intendedUse: ", "intendedUse: Not only ")}, ("ana", "femi"))
    assert (run.code, len(left(run))) == (3, 1)


def test_a_plan_that_the_change_widens_counts_for_nothing(hosted: Hosted) -> None:
    """The head's plan is the one that the settings agree to, and the base's is another."""
    wide = plan([*FIELDS, "spec.serving"])
    agree(hosted, plan(), to=wide)
    text = hosted.edit(FRAUD, "replicas: 6", "replicas: 7").replace("- spec.cost", "- spec.cost\n      - spec.serving")
    run = judged(hosted, {FRAUD: text})
    assert (run.code, len(left(run))) == (3, 1)
    assert "is another one than the settings agree to" in left(run)[0]


def test_a_plan_that_the_change_writes_counts_for_nothing(hosted: Hosted) -> None:
    stated = plan()
    entry = {"model": "fraud-detector", "owner": "payments-ml", "digest": plan_digest(stated)}
    config = yaml.safe_load((hosted.path / CONFIG).read_text())
    config["settings"]["approvals"]["agreedPlans"] = [entry]
    hosted.repo.commit({CONFIG: yaml.safe_dump(config)})
    hosted.protect()
    text = hosted.edit(FRAUD, "weeklyBudget: 900", "weeklyBudget: 901")
    run = judged(hosted, {FRAUD: text + yaml.safe_dump({"x": {"changePlan": stated}}, indent=2)[3:]})
    assert (run.code, left(run)) == (3, [])


def test_a_plan_that_this_change_agrees_to_counts_for_nothing(hosted: Hosted) -> None:
    stated = plan()
    agree(hosted, stated, to=plan(["spec.slos"]))
    config = (hosted.path / CONFIG).read_text().replace(plan_digest(plan(["spec.slos"])), plan_digest(stated))
    assert judged(hosted, {**cheaper(hosted), CONFIG: config}, ("ana", "eve")).code == 3


def test_another_teams_plan_is_not_agreed_to(hosted: Hosted) -> None:
    agree(hosted, plan(), owner="language-ml")
    assert judged(hosted, cheaper(hosted)).code == 3


@pytest.mark.parametrize(("loss", "code"), [(0.02, 0), (0.0, 3)])
def test_a_metric_may_fall_as_far_as_the_plan_says(hosted: Hosted, loss: float, code: int) -> None:
    agree(hosted, plan([*FIELDS, "spec.evaluation"], recall=loss))
    text = (hosted.path / EVALUATION).read_text()
    recall = next(
        one["value"] for one in yaml.safe_load(text)["metrics"] if one["name"] == "recall" and "slice" not in one
    )
    fallen = text.replace(f'"value": {recall}', f'"value": {round(recall * 0.99, 6)}', 1)
    before, after = (hashlib.sha256(one.encode()).hexdigest() for one in (text, fallen))
    manifest = (hosted.path / FRAUD).read_text().replace(before, after)
    run = judged(hosted, {EVALUATION: fallen, FRAUD: manifest})
    assert run.code == code, run.out
    assert bool(left(run)) is bool(code)


def test_a_file_that_it_names_is_part_of_the_release(hosted: Hosted) -> None:
    """The manifest stays as it is, and its contract is another."""
    agree(hosted, plan())
    contract = (hosted.path / "contracts/transactions.yaml").read_text()
    run = judged(hosted, {**cheaper(hosted), "contracts/transactions.yaml": contract + "# another\n"})
    assert any("spec.features.contracts.transactions.path" in message for message in left(run)), run.out


def test_everybody_who_has_to_is_still_asked_outside_of_it(hosted: Hosted) -> None:
    agree(hosted, plan())
    run = judged(hosted, {FRAUD: hosted.edit(FRAUD, "replicas: 6", "replicas: 7")}, ("ana", "bo"))
    assert (run.code, len(left(run))) == (0, 1)


# What adds up


def step(hosted: Hosted, recall: float, version: str) -> dict[str, str | bytes]:
    """The next release, with another recall in its report."""
    text = (hosted.path / EVALUATION).read_text()
    report = json.loads(text)
    for metric in report["metrics"]:
        if metric["name"] == "recall" and "slice" not in metric:
            metric.pop("interval", None)
            old, metric["value"] = metric["value"], recall
    assert old != recall
    new = json.dumps(report, indent=2)
    manifest = (hosted.path / FRAUD).read_text()
    digests = (hashlib.sha256(one.encode()).hexdigest() for one in (text, new))
    manifest = manifest.replace(*digests)
    current = next(line.split()[1] for line in manifest.splitlines() if line.startswith("  version: "))
    (back,) = (line for line in manifest.splitlines() if line.startswith("      to: "))
    manifest = manifest.replace(back, f"      to: {current}").replace(f"  version: {current}", f"  version: {version}")
    return {EVALUATION: new, FRAUD: manifest}


def land(hosted: Hosted, files: dict[str, str | bytes]) -> None:
    hosted.repo.git("checkout", "-q", "main")
    hosted.repo.git("branch", "-q", "-D", "topic")
    hosted.repo.commit(files, "landed")
    hosted.protect()


def test_many_small_losses_add_up_from_where_the_plan_was_agreed_to(hosted: Hosted) -> None:
    fields = ["spec.version", "spec.evaluation", "spec.rollout.rollback"]
    agree(hosted, plan(fields, recall=0.02))
    start = next(
        one["value"]
        for one in json.loads((hosted.path / EVALUATION).read_text())["metrics"]
        if one["name"] == "recall" and "slice" not in one
    )
    first = step(hosted, round(start * 0.985, 6), "2.4.1")
    run = judged(hosted, first)
    assert left(run) == [], run.out
    land(hosted, first)
    second = step(hosted, round(start * 0.972, 6), "2.4.2")
    (said,) = left(judged(hosted, second))
    assert "recall is worse than the plan allows, counted from 2.4.0, at which it was agreed to" in said
    land(hosted, step(hosted, round(start * 0.99, 6), "2.4.2"))
    assert left(judged(hosted, step(hosted, round(start * 0.981, 6), "2.4.3"))) == []


def test_a_history_that_is_cut_before_the_plan_began_is_no_plan(hosted: Hosted) -> None:
    agree(hosted, plan())
    land_config = yaml.safe_load((hosted.path / CONFIG).read_text())
    land_config["history"] = {"maxCommits": 1}
    hosted.repo.commit({CONFIG: yaml.safe_dump(land_config)})
    hosted.protect()
    (said,) = left(judged(hosted, cheaper(hosted)))
    assert "cannot be held against the release at which the plan was agreed to" in said
    assert "history.maxCommits" in said
