"""Who a model is, and how risky, is not its author's choice: on real repositories, the ways past the tier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.hosted import FRAUD, RESEARCH

if TYPE_CHECKING:
    from support.command import Run
    from support.hosted import Hosted

VISION = "models/product-vision/manifest.yaml"
CONFIG = ".changegate/config.yaml"
TRIAL = "models/trial/manifest.yaml"
UNDERSTATED = "risk/tier-understated"
FRAUD_MODEL = "sha256:ebe8df72f805d5adecf54f1052b4bcf500c8a034d3e171d8d9cfa345596e5a10"
FRAUD_URI = "s3://models/fraud-detector/2.4.0/model.safetensors"
FRAUD_BYTES = 48210944


def release(
    name: str = "trial",
    *,
    who: str = "",
    risk: str = "{tier: low, exposure: research}",
    model: str = "",
    more: str = "",
) -> str:
    """A small release that has nothing in common with another, but for what is asked for."""
    model = model or f"{{name: model, role: model, uri: s3://research/{name}/model.onnx}}"
    return (
        "apiVersion: changegate.dev/v1\nkind: ModelRelease\n"
        f"metadata:\n  name: {name}\n  owner: research-ml\n{who}"
        f"spec:\n  version: 0.1.0\n  risk: {risk}\n  artifacts:\n    - {model}\n{more}"
    )


def land(hosted: Hosted, files: dict[str, str | bytes], remove: tuple[str, ...] = ()) -> None:
    hosted.repo.switch("main")
    hosted.repo.commit(files, "landed", remove=remove)
    hosted.protect()


def of(run: Run, name: str, variant: str = "main") -> dict[str, Any]:
    """The subject of a model."""
    subjects = [one for one in run.verdict["subjects"] if one["subject"]["kind"] == "release"]
    wanted = {"name": name, "variant": variant}
    [found] = [one for one in subjects if wanted.items() <= one["subject"]["identity"].items()]
    return found


def held(run: Run, name: str = "trial", variant: str = "main") -> tuple[str, list[str]]:
    """The tier that a model is judged at, and why."""
    risk = of(run, name, variant)["risk"]
    return risk["tier"], risk["reasons"]


def understated(run: Run) -> list[tuple[str, str]]:
    places = [one["location"] for one in run.findings if one["rule"] == UNDERSTATED]
    return [(place["file"], place["source"].strip()) for place in places]


# Whose tier holds


SAME = "fraud-detector has its endpoint too"


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"model": f"{{name: m, role: model, uri: s3://x/y, digest: {FRAUD_MODEL}}}"}, "has an artifact too"),
        ({"model": f"{{name: m, role: adapter, uri: {FRAUD_URI}}}"}, "has an artifact too"),
        ({"model": f"{{name: m, role: tokenizer, uri: s3://x/y, digest: {FRAUD_MODEL}}}"}, "has an artifact too"),
        ({"model": f"{{name: m, role: base-model, uri: s3://x/y, digest: {FRAUD_MODEL}}}"}, "has an artifact too"),
        (
            {
                "model": f"{{name: small, role: model, uri: s3://x/z}}\n    - {{name: m, role: model, uri: s3://x/y, "
                f"digest: {FRAUD_MODEL}}}"
            },
            "has an artifact too",
        ),
        (
            {"model": f"{{name: m, role: model, uri: s3://x, sizeBytes: {FRAUD_BYTES}, digest: sha512:{'a' * 128}}}"},
            "has an artifact of the same size, with a digest of another algorithm too",
        ),
        ({"more": "  serving: {endpoint: fraud}\n"}, "has its endpoint too"),
        ({"more": "  serving: {deploys: [{path: a.yaml, kind: Rollout, name: Fraud}]}\n"}, "has its endpoint too"),
        ({"who": "  environment: production-eu\n", "more": "  serving: {endpoint: fraud}\n"}, "has its endpoint too"),
        ({"more": "  rollout: {tiers: [{name: large, model: fraud-detector}]}\n"}, "has its traffic too"),
    ],
)
def test_a_new_release_that_shares_something_is_held_to_the_tier(
    hosted: Hosted, parts: dict[str, str], reason: str
) -> None:
    run = hosted.judge(hosted.propose({TRIAL: release(**parts)}))
    assert held(run) == ("high", [f"fraud-detector {reason}"])
    assert understated(run) == [(TRIAL, "risk: {tier: low, exposure: research}")]
    [finding] = [one for one in run.findings if one["rule"] == UNDERSTATED]
    assert f"The tier follows from: fraud-detector {reason}" in finding["remediation"]
    assert [one["location"]["file"] for one in finding["related"]] == [FRAUD]


@pytest.mark.parametrize(
    "uri",
    [
        "s3a://models/fraud-detector/2.4.0/model.safetensors",
        "s3://models/fraud-detector/2%2E4.0/%6Dodel.safetensors",
        "https://models.s3.eu-west-1.amazonaws.com/fraud-detector/2.4.0/model.safetensors",
        "https://S3.amazonaws.com:443/models/fraud-detector/2.4.0/model.safetensors",
    ],
)
@pytest.mark.parametrize("is_old", [False, True], ids=["the new one", "the old one"])
def test_an_address_that_is_written_differently_is_the_same_address(hosted: Hosted, uri: str, is_old: bool) -> None:
    if is_old:
        land(hosted, {FRAUD: (hosted.path / FRAUD).read_text().replace(FRAUD_URI, uri)})
    model = f"{{name: m, role: model, uri: {FRAUD_URI if is_old else uri}}}"
    run = hosted.judge(hosted.propose({TRIAL: release(model=model)}))
    assert held(run) == ("high", ["fraud-detector has an artifact too"])


@pytest.mark.parametrize("who", ["  variant: challenger\n", "  environment: staging\n"])
def test_another_variant_or_environment_of_a_name_is_held_to_the_tier(hosted: Hosted, who: str) -> None:
    text = release("credit-score", who=who)
    run = hosted.judge(hosted.propose({TRIAL: text}))
    variant = "challenger" if "variant" in who else "main"
    assert held(run, "credit-score", variant) == ("high", ["credit-score has its name too"])


def test_the_inventory_holds_for_every_variant_and_environment(hosted: Hosted) -> None:
    land(hosted, {}, remove=(FRAUD,))
    text = release("fraud-detector", who="  variant: challenger\n")
    tier, reasons = held(hosted.judge(hosted.propose({TRIAL: text})), "fraud-detector", "challenger")
    assert (tier, "the inventory says so" in reasons) == ("high", True)


def test_an_inventory_entry_may_say_otherwise(hosted: Hosted) -> None:
    text = (hosted.path / CONFIG).read_text() + "  - {name: fraud-detector, environment: staging, tier: low}\n"
    land(hosted, {CONFIG: text})
    model = f"{{name: m, role: model, uri: s3://x/y, digest: {FRAUD_MODEL}}}"
    staged = release("fraud-detector", who="  environment: staging\n", model=model)
    run = hosted.judge(hosted.propose({TRIAL: staged}))
    assert (run.code, run.rules, held(run, "fraud-detector")[0]) == (0, set(), "low")


def test_what_it_serves_is_beyond_what_the_inventory_may_say(hosted: Hosted) -> None:
    text = (hosted.path / CONFIG).read_text() + "  - {name: trial, environment: production, tier: low}\n"
    land(hosted, {CONFIG: text})
    run = hosted.judge(hosted.propose({TRIAL: release(more="  serving: {endpoint: fraud}\n")}))
    assert held(run) == ("high", [SAME])


def test_taking_over_from_what_the_same_change_deletes(hosted: Hosted) -> None:
    run = hosted.judge(hosted.propose({TRIAL: release(more="  serving: {endpoint: fraud}\n")}, remove=(FRAUD,)))
    assert held(run) == ("high", [SAME])


def test_taking_over_from_what_the_same_change_moves_away(hosted: Hosted) -> None:
    moved = hosted.edit(FRAUD, "endpoint: fraud\n", "endpoint: fraud-old\n")
    run = hosted.judge(hosted.propose({FRAUD: moved, TRIAL: release(more="  serving: {endpoint: fraud}\n")}))
    assert held(run) == ("high", [SAME])


def test_a_release_that_was_there_takes_over_an_endpoint_or_an_artifact(hosted: Hosted) -> None:
    land(hosted, {TRIAL: release(), "models/other.yaml": release("other")})
    model = f"{{name: m, role: model, uri: s3://x/y, digest: {FRAUD_MODEL}}}"
    files: dict[str, str | bytes] = {
        TRIAL: release(more="  serving: {endpoint: fraud}\n"),
        "models/other.yaml": release("other", model=model),
    }
    run = hosted.judge(hosted.propose(files))
    assert (held(run), held(run, "other")) == (("high", [SAME]), ("high", ["fraud-detector has an artifact too"]))


def test_models_that_share_an_endpoint_share_its_tier_when_either_changes(hosted: Hosted) -> None:
    land(hosted, {TRIAL: release(more="  serving: {endpoint: fraud, replicas: 1}\n")})
    run = hosted.judge(hosted.propose({TRIAL: release(more="  serving: {endpoint: fraud, replicas: 2}\n")}))
    assert held(run) == ("high", [SAME])


def test_in_a_large_repository_what_changes_decides_whether_it_is_looked_for(hosted: Hosted) -> None:
    many = {f"docs/{number}.md": f"{number}\n" for number in range(2000)}
    land(hosted, {**many, TRIAL: release(more="  serving: {endpoint: fraud, replicas: 1}\n")})
    head = hosted.propose({TRIAL: release(more="  serving: {endpoint: fraud, replicas: 2}\n")})
    assert held(hosted.judge(head))[0] == "low"
    head = hosted.repo.commit(
        {
            TRIAL: release(
                risk="{tier: low, exposure: research, personalData: true}", more="  serving: {endpoint: fraud}\n"
            )
        }
    )
    assert held(hosted.judge(head))[0] == "high"


def test_a_release_that_is_split_into_two(hosted: Hosted) -> None:
    """One half keeps the claims, and the other the endpoint."""
    kept = hosted.edit(FRAUD, "endpoint: fraud\n", "endpoint: fraud-next\n")
    half = release("scores", more="  serving: {endpoint: fraud}\n")
    run = hosted.judge(hosted.propose({FRAUD: f"{kept}---\n{half}"}))
    assert held(run, "scores") == ("high", [SAME])


@pytest.mark.parametrize("endpoint", ["Fraud", "fraud/", "/fraud", "'fraud '"])
def test_an_endpoint_is_written_in_one_way(hosted: Hosted, endpoint: str) -> None:
    run = hosted.judge(hosted.propose({TRIAL: release(more=f"  serving: {{endpoint: {endpoint}}}\n")}))
    assert (run.code, run.rules) == (1, {"manifest/schema"})


# What nobody is held to


SHARED = (
    "{name: base, role: base-model, uri: s3://public/base, digest: sha256:" + "b" * 64 + "}\n"
    "    - {name: words, role: tokenizer, uri: s3://public/words, digest: sha256:" + "c" * 64 + "}\n"
)


def test_a_base_and_a_tokenizer_are_shared_by_many(hosted: Hosted) -> None:
    artifacts = "  artifacts:\n"
    land(hosted, {FRAUD: hosted.edit(FRAUD, artifacts, f"{artifacts}    - {SHARED}")})
    own = "    - {name: model, role: adapter, uri: s3://research/trial/adapter.onnx}"
    run = hosted.judge(hosted.propose({TRIAL: release(model=f"{SHARED}{own}")}))
    assert (run.code, run.rules, held(run)[0]) == (0, set(), "low")


@pytest.mark.parametrize(
    "parts",
    [
        {"more": "  serving: {endpoint: fraud-trial}\n"},
        {"more": "  serving: {endpoint: trial, deploys: [{path: a.yaml, kind: ConfigMap, name: fraud}]}\n"},
        {"model": f"{{name: m, role: model, uri: s3://x, sizeBytes: {FRAUD_BYTES}, digest: sha256:{'a' * 64}}}"},
        {"more": "  dependsOn: [{name: fraud-detector, as: judge}]\n"},
        {"more": "  intendedUse: Is compared with the answers of fraud.\n"},
    ],
)
def test_what_shares_nothing_keeps_its_tier(hosted: Hosted, parts: dict[str, str]) -> None:
    run = hosted.judge(hosted.propose({TRIAL: release(**parts)}))
    assert (held(run)[0], {UNDERSTATED, "lineage/rename-undeclared"} & run.rules) == ("low", set())


def test_a_declared_rename_is_held_to_the_previous_release_alone(hosted: Hosted) -> None:
    renamed = hosted.edit(
        RESEARCH, "name: recommender-research\n", "name: recommender\n  replaces: recommender-research\n"
    )
    run = hosted.judge(hosted.propose({RESEARCH: renamed}))
    assert (run.code, run.rules) == (0, set())


# What others depend on


def depends(*names: str) -> str:
    return f"  dependsOn: [{', '.join(f'{{name: {name}}}' for name in names)}]\n"


def test_what_a_release_depends_on_is_at_least_as_risky(hosted: Hosted) -> None:
    """By way of another, with a circle between them, where only the dependency changes."""
    land(
        hosted,
        {
            TRIAL: release(),
            "models/a.yaml": release("a", more=depends("trial", "b")),
            "models/b.yaml": release("b", more=depends("a")),
            FRAUD: hosted.edit(FRAUD, "  serving:\n", f"{depends('b')}  serving:\n"),
        },
    )
    run = hosted.judge(hosted.propose({TRIAL: release().replace("0.1.0", "0.2.0")}))
    assert held(run) == ("high", ["fraud-detector depends on it, by way of b"])
    assert understated(run) == [(TRIAL, "risk: {tier: low, exposure: research}")]


def less_risky(run: Run) -> list[tuple[str, str, str]]:
    found = [one for one in run.findings if one["rule"] == "dependencies/less-risky"]
    return [(one["location"]["file"], one["location"]["source"].strip(), one["details"]["wanted"]) for one in found]


def test_a_release_that_changes_looks_at_all_that_it_leads_to(hosted: Hosted) -> None:
    land(
        hosted,
        {
            TRIAL: release(),
            "models/a.yaml": release("a", risk="{tier: high, exposure: research}", more=depends("trial")),
        },
    )
    text = hosted.edit(FRAUD, "  serving:\n", "  dependsOn:\n    - {name: a}\n  serving:\n")
    head = hosted.propose({FRAUD: text})
    assert less_risky(hosted.judge(head)) == [(FRAUD, "- {name: a}", "trial")]
    assert [one[0] for one in less_risky(hosted.judge(head, "--all"))] == ["models/a.yaml", FRAUD]
    head = hosted.repo.commit({TRIAL: release(risk="{tier: high, exposure: research}")})
    assert less_risky(hosted.judge(head)) == []


def test_where_both_change_the_lower_one_says_so(hosted: Hosted) -> None:
    text = hosted.edit(FRAUD, "  serving:\n", f"{depends('trial')}  serving:\n")
    run = hosted.judge(hosted.propose({FRAUD: text, TRIAL: release()}))
    assert (less_risky(run), held(run)) == ([], ("high", ["fraud-detector depends on it"]))


# What comes back


CREDIT = "models/credit-score/manifest.yaml"


def retire(hosted: Hosted, *files: str) -> str:
    """Land the deletion of models, and something else after it; answers the last commit that had them."""
    before = hosted.repo.git("rev-parse", "main")
    land(hosted, {}, remove=files)
    land(hosted, {"NEWS.md": "what happened since"})
    return before


def test_what_was_retired_and_comes_back_is_compared_with_its_last_release(hosted: Hosted) -> None:
    text = (hosted.path / CREDIT).read_text()
    last = retire(hosted, CREDIT)
    run = hosted.judge(hosted.propose({TRIAL: release("credit-score")}))
    found = of(run, "credit-score")
    assert found["previous"] == {
        "status": "present", "how": "history", "revision": last, "file": CREDIT, "version": "4.2.0"
    }  # fmt: skip
    assert found["operation"] != "create"
    assert found["risk"]["tier"] == "high"
    assert "risk/tier-lowered" in run.rules
    [finding] = [one for one in run.findings if one["rule"] == "lineage/version-lowered"]
    assert "0.1.0 is lower than 4.2.0" in finding["message"]
    hosted.repo.switch("main")
    hosted.repo.git("branch", "-D", "topic")
    back = hosted.judge(hosted.propose({CREDIT: text}))
    assert (back.code, back.rules) == (0, set())


def test_new_content_under_the_version_that_was_retired(hosted: Hosted) -> None:
    text = (hosted.path / CREDIT).read_text()
    retire(hosted, CREDIT)
    run = hosted.judge(hosted.propose({CREDIT: text.replace("s3://models/credit-score/", "s3://elsewhere/credit/")}))
    digest = next(line.split()[-1] for line in text.splitlines() if "digest: sha256" in line)
    assert "lineage/content-changed-under-version" not in run.rules, "the digest is the same"
    hosted.repo.switch("main")
    hosted.repo.git("branch", "-D", "topic")
    run = hosted.judge(hosted.propose({CREDIT: text.replace(digest, "sha256:" + "d" * 64)}))
    assert "lineage/content-changed-under-version" in run.rules


@pytest.mark.parametrize(
    ("text", "name", "reason"),
    [
        (release("credit-score", who="  variant: next\n"), "credit-score", "credit-score had its name, until "),
        (release(more="  serving: {endpoint: credit}\n"), "trial", "credit-score had its endpoint, until "),
    ],
)
def test_another_identity_takes_over_from_what_an_earlier_change_deleted(
    hosted: Hosted, text: str, name: str, reason: str
) -> None:
    last = retire(hosted, CREDIT)
    run = hosted.judge(hosted.propose({TRIAL: text}))
    tier, reasons = held(run, name, "next" if name != "trial" else "main")
    assert (tier, f"{reason}{last[:12]}" in reasons) == ("high", True)
    [finding] = [one for one in run.findings if one["rule"] == UNDERSTATED]
    [place] = [one["location"] for one in finding["related"] if one["location"]["revision"] == last]
    assert (place["file"], place["source"].strip()) == (CREDIT, "name: credit-score")


def test_one_document_of_several_that_went_is_found(hosted: Hosted) -> None:
    land(hosted, {"models/two.yaml": f"{release('a')}---\n{release('b', risk='{tier: high, exposure: research}')}"})
    retire(hosted)
    land(hosted, {"models/two.yaml": release("a")})
    run = hosted.judge(hosted.propose({TRIAL: release("b")}))
    assert held(run, "b") == ("high", ["the previous release claims it"])


def test_the_report_says_how_far_it_was_looked_back(hosted: Hosted) -> None:
    text = (hosted.path / CONFIG).read_text()
    land(hosted, {CONFIG: f"{text}history: {{maxCommits: 2}}\n"})
    retire(hosted, CREDIT)
    oldest = hosted.repo.git("rev-parse", "main~1")  # the deletion, and what came after it
    run = hosted.judge(hosted.propose({TRIAL: release()}))
    bound = f"nor in the latest 2 commits before it, back to {oldest[:12]}, where the bound is"
    assert bound in of(run, "trial")["previous"]["reason"]
    land(hosted, {"NEWS.md": "one more"})
    hosted.repo.git("branch", "-D", "topic")
    run = hosted.judge(hosted.propose({TRIAL: release("credit-score")}))
    assert of(run, "credit-score")["previous"]["status"] == "absent", "it lies behind the bound"


def test_a_repository_without_a_past_says_so(hosted: Hosted) -> None:
    run = hosted.judge(hosted.propose({TRIAL: release()}))
    assert "nor in all of its history" in of(run, "trial")["previous"]["reason"]


def test_what_only_a_merged_branch_had_never_was_a_release(hosted: Hosted) -> None:
    hosted.repo.branch("side")
    hosted.repo.commit({TRIAL: release(risk="{tier: critical, exposure: research}")}, "in between")
    hosted.repo.commit({"NEWS.md": "and away again"}, "away", remove=(TRIAL,))
    hosted.repo.merge("side", into="main")
    hosted.protect()
    run = hosted.judge(hosted.propose({TRIAL: release()}))
    assert (run.code, held(run)[0]) == (0, "low")


# Claims that fall


SENTIMENT = "models/sentiment-transformer/manifest.yaml"
LOWERED, DROPPED = "risk/claims-lowered", "lineage/dropped"


def judged(hosted: Hosted, head: str, *by: str) -> Run:
    """The verdict on a pull request that some have approved."""
    from changegate import fixtures
    from support.command import check

    given = ["--now", fixtures.NOW, "--approvals", str(hosted.approvals(head, by))]
    return check(*given, cwd=hosted.path, env=hosted.event(head), out=hosted.folder / "verdict.json")


def fell(run: Run) -> list[str]:
    return [one["message"].partition(", and nobody")[0] for one in run.findings if one["rule"] == LOWERED]


@pytest.mark.parametrize(
    ("find", "replace", "said"),
    [
        ("affectsUsers: true", "affectsUsers: false", "affectsUsers falls from true to false"),
        ("exposure: production", "exposure: internal", "exposure falls from production to internal"),
        ("revenueBand: none", "revenueBand: none", ""),
        ("regulated: false", "regulated: true", ""),
    ],
)
def test_a_claim_that_falls_waits_for_who_answers_for_risk(hosted: Hosted, find: str, replace: str, said: str) -> None:
    text = hosted.edit(SENTIMENT, find, f"{replace}  # said anew")
    head = hosted.propose({SENTIMENT: text})
    run = judged(hosted, head, "dara", "eve")
    assert fell(run) == ([f"The claim {said}"] if said else [])
    if said:
        assert run.code == 3
        [found] = [one for one in of(run, "sentiment-transformer")["approvals"] if one["role"] == "model-risk"]
        assert (found["count"], found["approvedBy"]) == (1, [])
        assert judged(hosted, head, "dara", "eve", "gus").code == 0


def test_research_falls_in_all_that_it_need_not_say(hosted: Hosted) -> None:
    text = (hosted.path / SENTIMENT).read_text()
    start, end = text.index("  risk:\n"), text.index("  artifacts:\n")
    head = hosted.propose({SENTIMENT: f"{text[:start]}  risk: {{tier: low, exposure: research}}\n{text[end:]}"})
    found = fell(judged(hosted, head, "dara", "eve"))
    assert {one.split()[2] for one in found} == {"tier", "exposure", "affectsUsers", "personalData"}


def test_several_small_steps_are_seen_as_what_they_come_to(hosted: Hosted) -> None:
    text = (hosted.path / SENTIMENT).read_text()
    high = text.replace("tier: medium", "tier: high").replace("regulated: false", "regulated: true")
    land(hosted, {SENTIMENT: high})
    before = hosted.repo.git("rev-parse", "main")
    land(hosted, {SENTIMENT: text})
    run = judged(hosted, hosted.propose({SENTIMENT: text.replace("personalData: true", "personalData: false")}), "dara")
    assert [one.split()[2] for one in fell(run)] == ["tier", "regulated", "personalData"]
    places = {one["details"]["claim"]: one["related"][0]["location"] for one in run.findings if one["rule"] == LOWERED}
    assert (places["tier"]["revision"], places["tier"]["source"].strip()) == (before, "tier: high")
    assert places["personalData"]["revision"] == "base"


def test_completing_the_claims_lowers_nothing(hosted: Hosted) -> None:
    text = (hosted.path / SENTIMENT).read_text()
    land(hosted, {SENTIMENT: text.replace("    regulated: false\n", "")})
    run = judged(hosted, hosted.propose({SENTIMENT: text}), "dara", "eve")
    assert fell(run) == []


# What is left out


def missed(run: Run) -> list[str]:
    return [one["details"]["what"] for one in run.findings if one["rule"] == DROPPED]


@pytest.mark.parametrize(
    ("find", "replace", "what"),
    [
        (", automatic: true", "", ["the automatic rollback"]),
        ("    - {name: error-rate, objective: 0.999, window: 30d}\n", "", ["the objective error-rate"]),
        ("latency-p95, ", "latency, ", []),
        ("latency-p95, thresholdMs: 300, ", "latency, thresholdMs: 299, ", ["the objective latency-p95"]),
        ("labels: [model_version, deploy_id]", "labels: [model_version]", ["the telemetry label deploy_id"]),
        ("traceIds: true", "traceIds: false", ["trace ids on answers"]),
        ("onCall: language-ml", "escalation: platform", ["the team on call"]),
        ("escalation: platform", "", ["the escalation"]),
    ],
)
def test_what_is_no_longer_declared_waits_for_an_approval(
    hosted: Hosted, find: str, replace: str, what: list[str]
) -> None:
    text = (hosted.path / SENTIMENT).read_text()
    if find not in text or (find.startswith("onCall") and "escalation" in text):
        text = text.replace("    escalation: platform\n", "")
        land(hosted, {SENTIMENT: text})
    head = hosted.propose({SENTIMENT: hosted.edit(SENTIMENT, find, replace)})
    assert missed(judged(hosted, head, "dara", "eve")) == what
    assert missed(judged(hosted, head, "dara", "eve", "gus")) == []


def test_a_contract_goes_together_with_what_named_it(hosted: Hosted) -> None:
    text = (hosted.path / FRAUD).read_text()
    start, end = text.index("    contracts:\n"), text.index("    inputs:\n")
    without = (text[:start] + text[end:]).replace(", contract: transactions", "")
    found = missed(judged(hosted, hosted.propose({FRAUD: without}), "bo", "chidi"))
    assert found
    assert all(one.startswith("the contract of the input ") for one in found)
    hosted.repo.switch("main")
    hosted.repo.git("branch", "-D", "topic")
    line = next(one for one in text.splitlines(keepends=True) if "contract: transactions" in one)
    run = judged(hosted, hosted.propose({FRAUD: text.replace(line, "")}), "bo", "chidi")
    assert missed(run) == [], "an input that is gone needs none"


def test_blocks_of_evidence_that_go(hosted: Hosted) -> None:
    sepsis = "models/sepsis-triage/manifest.yaml"
    text = (hosted.path / sepsis).read_text()
    start, end = text.index("  fairness:\n"), text.index("  features:\n")
    reason = "  fairness: {notApplicable: Nobody is judged by what it says.}\n"
    run = judged(hosted, hosted.propose({sepsis: text[:start] + reason + text[end:]}), "hana", "ines")
    whats = set(missed(run)) if missed(run) else set()
    run = judged(hosted, hosted.repo.git("rev-parse", "HEAD"), "hana", "chidi")
    whats |= set(missed(run))
    assert "the evidence of fairness" in whats
    assert any(one.startswith("the protected attribute ") for one in whats)


def test_a_red_team_and_a_guardrail_are_missed(hosted: Hosted) -> None:
    chat = "models/support-chat/manifest.yaml"
    text = hosted.edit(chat, "  safety:\n", "  safety:\n    guardrails: [prompt-filter]\n")
    land(hosted, {chat: text})
    start, end = text.index("  safety:\n"), text.index("  features:")
    found = missed(judged(hosted, hosted.propose({chat: text[:start] + text[end:]}), "dara", "eve"))
    assert sorted(found) == ["the evidence of a red team", "the guardrail prompt-filter"]


def test_a_return_is_held_to_what_ran(hosted: Hosted) -> None:
    """What a newer release added is not missed when it is rolled back; what ran then and is left out now, is."""
    before = (hosted.path / VISION).read_text()
    newer = before.replace("version: 1.4.0", "version: 1.5.0").replace("to: 1.3.2", "to: 1.4.0")
    newer = newer.replace(
        "    - {name: error-rate,", "    - {name: errors, objective: 0.99, window: 30d}\n    - {name: error-rate,"
    )
    land(hosted, {VISION: newer})
    assert missed(judged(hosted, hosted.propose({VISION: before}), "hana")) == []
    hosted.repo.switch("main")
    hosted.repo.git("branch", "-D", "topic")
    less = before.replace(", automatic: true", "")
    assert missed(judged(hosted, hosted.propose({VISION: less}), "hana")) == ["the automatic rollback"]


def test_the_settings_say_what_has_to_be_approved(hosted: Hosted) -> None:
    text = (
        (hosted.path / CONFIG).read_text().replace("settings:\n", "settings:\n  lineage: {droppedKinds: [signature]}\n")
    )
    land(hosted, {CONFIG: text})
    head = hosted.propose({SENTIMENT: hosted.edit(SENTIMENT, ", automatic: true", "")})
    assert (judged(hosted, head, "dara", "eve").rules, judged(hosted, head, "dara", "eve").code) == (set(), 0)
