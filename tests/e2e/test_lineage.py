"""What a release follows on, on real repositories: false rollbacks, undeclared renames, hidden manifests."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from changegate import fixtures
from support.command import check
from support.hosted import FRAUD, RESEARCH

if TYPE_CHECKING:
    from support.command import Run
    from support.hosted import Hosted

VISION = "models/product-vision/manifest.yaml"
CHAT = "models/support-chat/manifest.yaml"
SENTIMENT = "models/sentiment-transformer/manifest.yaml"
PROMPT = "models/support-chat/prompt.md"
CHANGED = "lineage/content-changed-under-version"
LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"a" * 64 + b"\nsize 1\n"


def judge(hosted: Hosted, head: str, by: tuple[str, ...] = fixtures.APPROVERS) -> Run:
    given: list[str] = ["--now", fixtures.NOW, "--approvals", str(hosted.approvals(head, by))]
    return check(*given, cwd=hosted.path, env=hosted.event(head), out=hosted.folder / "verdict.json")


def land(hosted: Hosted, files: dict[str, str | bytes]) -> None:
    hosted.repo.commit(files, "landed")
    hosted.protect()


def operations(run: Run) -> dict[str, str]:
    releases = [one for one in run.verdict["subjects"] if one["subject"]["kind"] == "release"]
    return {one["subject"]["identity"]["name"]: one["operation"] for one in releases}


def edited(hosted: Hosted, file: str, *edits: tuple[str, str]) -> str:
    text = (hosted.path / file).read_text()
    for find, replace in edits:
        assert text.count(find) == 1, find
        text = text.replace(find, replace)
    return text


# Rollbacks


def newer(hosted: Hosted) -> str:
    """Land a newer release of the vision model; answers the manifest that ran before it."""
    before = (hosted.path / VISION).read_text()
    land(hosted, {VISION: edited(hosted, VISION, ("version: 1.4.0", "version: 1.5.0"), ("to: 1.3.2", "to: 1.4.0"))})
    return before


def test_a_return_to_what_ran_is_a_rollback(hosted: Hosted) -> None:
    before = newer(hosted)
    run = hosted.judge(hosted.propose({VISION: before}))
    assert (run.code, run.rules, operations(run)["product-vision"]) == (0, set(), "rollback")


def test_a_rollback_is_shown_with_what_it_is_not_asked(hosted: Hosted) -> None:
    before = newer(hosted)
    page = hosted.folder / "page.md"
    head = hosted.propose({VISION: before})
    given = [
        "--now",
        fixtures.NOW,
        "--approvals",
        str(hosted.approvals(head, fixtures.APPROVERS)),
        "-o",
        f"markdown={page}",
    ]
    check(*given, cwd=hosted.path, env=hosted.event(head), out=hosted.folder / "verdict.json")
    assert "It is a rollback: it goes back to a release that ran on this branch before." in page.read_text()
    assert "So these rules ask nothing of it: " in page.read_text()
    assert "rollout/rollback-target-not-previous" in page.read_text()


def test_a_return_is_seen_through_a_move_of_the_file(hosted: Hosted) -> None:
    before = newer(hosted)
    hosted.repo.git("mv", VISION, "models/vision.yaml")
    land(hosted, {})
    run = hosted.judge(hosted.propose({"models/vision.yaml": before}))
    assert (run.code, run.rules, operations(run)["product-vision"]) == (0, set(), "rollback")


@pytest.mark.parametrize(
    ("find", "replace"),
    [
        ("s3://models/product-vision/1.4.0/", "s3://elsewhere/product-vision/1.4.0/"),
        ("  serving:\n", "  dependsOn: [{name: support-chat, as: judge}]\n  serving:\n"),
        ("intendedUse: ", "intendedUse: Not only this. "),
    ],
)
def test_a_lower_version_with_new_content_is_no_rollback(hosted: Hosted, find: str, replace: str) -> None:
    before = newer(hosted)
    assert before.count(find) == 1
    run = hosted.judge(hosted.propose({VISION: before.replace(find, replace)}))
    assert run.code == 1
    assert "lineage/version-lowered" in run.rules
    assert operations(run)["product-vision"] == "update"


def test_what_only_a_merged_branch_held_never_ran(hosted: Hosted) -> None:
    """Content that a branch had in between, and that its merge does not have, is nothing to return to."""
    hosted.repo.branch("side")
    never = edited(hosted, VISION, ("version: 1.4.0", "version: 1.3.9"))
    hosted.repo.commit({VISION: never}, "in between")
    hosted.repo.commit({VISION: never.replace("version: 1.3.9", "version: 1.5.0")}, "and away again")
    hosted.repo.merge("side", into="main")
    hosted.protect()
    run = hosted.judge(hosted.propose({VISION: never}))
    assert run.code == 1
    assert "lineage/version-lowered" in run.rules


# One version, one content


OLD, NEW = (
    f"sha256:{digest}" for digest in ("15a990b1bc135ba62743530f81a40e107891ab0b2b96e6165a9dc1a7e3750375", "b" * 64)
)
POINTER = "models/product-vision/artifacts/model.onnx"
NEW_WEIGHTS = "version https://git-lfs.github.com/spec/v1\noid " + NEW + "\nsize 44040192\n"


def changed(run: Run) -> list[tuple[str, str]]:
    """The file and the line of every part that is another one."""
    places = [one["location"] for one in run.findings if one["rule"] == CHANGED]
    return [(place["file"], place["source"].strip()) for place in places]


def test_new_weights_under_the_old_version(hosted: Hosted) -> None:
    run = hosted.judge(hosted.propose({VISION: edited(hosted, VISION, (OLD, NEW)), POINTER: NEW_WEIGHTS}))
    assert (run.code, changed(run)) == (1, [(VISION, f"digest: {NEW}")])
    [finding] = [one for one in run.findings if one["rule"] == CHANGED]
    assert "artifact model has another digest, and the version is still 1.4.0" in finding["message"]
    shown = finding["remediation"].partition("`git show ")[2].partition("`")[0]
    assert hosted.repo.git("show", shown) == hosted.repo.git("show", f"main:{VISION}")


def test_new_weights_under_a_new_version(hosted: Hosted) -> None:
    edits = (OLD, NEW), ("version: 1.4.0", "version: 1.5.0"), ("to: 1.3.2", "to: 1.4.0")
    run = hosted.judge(hosted.propose({VISION: edited(hosted, VISION, *edits), POINTER: NEW_WEIGHTS}))
    assert CHANGED not in run.rules


def test_a_research_model_may_change_as_it_likes(hosted: Hosted) -> None:
    edit = ("s3://research/recommender/0.3.0/", "s3://research/recommender/trial/")
    run = hosted.judge(hosted.propose({RESEARCH: edited(hosted, RESEARCH, edit)}))
    assert (run.code, run.rules) == (0, set())


def test_another_snapshot_behind_an_api(hosted: Hosted) -> None:
    edit = ("snapshot: large-2026-08-01", "snapshot: large-2026-09-01")
    run = hosted.judge(hosted.propose({CHAT: edited(hosted, CHAT, edit)}))
    line = "hosted: {provider: acme-llm, model: large, snapshot: large-2026-09-01}"
    assert (run.code, run.rules, changed(run)) == (1, {CHANGED}, [(CHAT, line)])


def test_what_runs_the_model_is_not_what_the_release_is(hosted: Hosted) -> None:
    """A serving image with a patch, a correction of what was said about the model: no new version for these."""
    edits = (
        ("serving@sha256:d79341e3", "serving@sha256:00000000"),
        ("confidence, dtype: float32, range: [0, 1]", "confidence, dtype: float32, range: [0, 0.99]"),
        ("runId: 7f3a14c1", "runId: 7f3a14c2"),
    )
    run = hosted.judge(hosted.propose({VISION: edited(hosted, VISION, *edits)}))
    assert (run.code, run.rules) == (0, set())


def test_another_member_under_the_old_version(hosted: Hosted) -> None:
    needs = "  dependsOn:\n    - {name: sentiment-transformer, version: 3.1.0, as: member}\n  serving:\n"
    land(hosted, {VISION: edited(hosted, VISION, ("  serving:\n", needs))})
    risen = {
        SENTIMENT: edited(hosted, SENTIMENT, ("version: 3.1.0", "version: 3.2.0"), ("to: 3.0.2", "to: 3.1.0")),
        VISION: edited(hosted, VISION, ("version: 3.1.0", "version: 3.2.0")),
    }
    run = hosted.judge(hosted.propose(dict(risen)))
    assert (run.code, run.rules) == (1, {CHANGED})
    assert changed(run) == [(VISION, "- {name: sentiment-transformer, version: 3.2.0, as: member}")]


def test_a_digest_in_capitals_is_no_digest(hosted: Hosted) -> None:
    capitals = f"sha256:{OLD.partition(':')[2].upper()}"
    run = hosted.judge(hosted.propose({VISION: edited(hosted, VISION, (OLD, capitals))}))
    assert (run.code, run.rules) == (1, {"manifest/schema"})


@pytest.mark.parametrize(("digest", "code", "places"), [(OLD, 0, []), (NEW, 1, ["- name: weights", "artifacts:"])])
def test_an_artifact_under_another_name_is_known_by_its_digest(
    hosted: Hosted, digest: str, code: int, places: list[str]
) -> None:
    text = edited(hosted, VISION, ("- name: model\n", "- name: weights\n"), (OLD, digest))
    files: dict[str, str | bytes] = {VISION: text} if digest == OLD else {VISION: text, POINTER: NEW_WEIGHTS}
    run = hosted.judge(hosted.propose(files))
    assert (run.code, sorted(changed(run))) == (code, [(VISION, place) for place in places])


def test_the_manifest_moves_and_changes_at_once(hosted: Hosted) -> None:
    text = edited(hosted, VISION, (OLD, NEW))
    run = hosted.judge(hosted.propose({"models/v.yaml": text, POINTER: NEW_WEIGHTS}, remove=(VISION,)))
    assert (run.code, changed(run)) == (1, [("models/v.yaml", f"digest: {NEW}")])


def test_taking_the_digest_away_shows_nothing_to_be_the_same(hosted: Hosted) -> None:
    """What binds it is gone: the address alone may hold anything tomorrow, and the file here is another one."""
    without = f"\n      digest: {OLD}"
    path = f"\n      path: {POINTER}"
    head = hosted.propose({VISION: edited(hosted, VISION, (without, ""), (path, ""))})
    run = hosted.judge(head)
    assert (run.code, changed(run)) == (1, [(VISION, "- name: model")])
    hosted.repo.switch("main")
    hosted.repo.git("branch", "-D", "topic")
    run = hosted.judge(hosted.propose({VISION: edited(hosted, VISION, (without, "")), POINTER: NEW_WEIGHTS}))
    assert (run.code, changed(run)) == (1, [(VISION, "- name: model")])


@pytest.mark.parametrize("same", [True, False])
def test_a_digest_of_another_algorithm_needs_the_file_to_be_the_one_before(hosted: Hosted, same: bool) -> None:
    old = (hosted.path / PROMPT).read_bytes()
    new = old if same else old.replace(b"orders", b"claims")
    edit = f"sha256:{hashlib.sha256(old).hexdigest()}", f"sha512:{hashlib.sha512(new).hexdigest()}"
    run = hosted.judge(hosted.propose({CHAT: edited(hosted, CHAT, edit), PROMPT: new}))
    assert (run.code, run.rules) == ((0, set()) if same else (1, {CHANGED}))


def test_splitting_a_release_leaves_it_without_what_went(hosted: Hosted) -> None:
    """The prompt goes into a release of its own in the same file; the one that is left is another one than before."""
    whole = (hosted.path / CHAT).read_text()
    start = whole.index("    - name: prompt\n")
    end = whole.index("  serving:\n")
    research = (hosted.path / RESEARCH).read_text()
    alone = research[: research.index("    - name: model\n")] + whole[start:end]
    alone = alone.replace("name: recommender-research\n", "name: chat-prompt\n")
    run = hosted.judge(hosted.propose({CHAT: f"{whole[:start]}{whole[end:]}---\n{alone}"}))
    assert (run.code, changed(run)) == (1, [(CHAT, "artifacts:")])


def test_the_same_release_twice_is_compared_twice(hosted: Hosted) -> None:
    text = (hosted.path / VISION).read_text()
    both = f"{text}---\n{text.replace(OLD, NEW)}"
    run = hosted.judge(hosted.propose({VISION: both}))
    assert {"manifest/duplicate-identity", CHANGED} <= run.rules
    assert changed(run) == [(VISION, f"digest: {NEW}")]


def test_a_release_that_went_and_comes_back_is_held_against_its_tag(hosted: Hosted) -> None:
    text = edited(hosted, VISION, (OLD, NEW))
    hosted.repo.tag("release/1")
    hosted.repo.commit({}, "retired", remove=(VISION,))
    hosted.protect()
    run = hosted.judge(hosted.propose({VISION: text, POINTER: NEW_WEIGHTS}))
    assert (run.code, changed(run)) == (1, [(VISION, f"digest: {NEW}")])


def test_a_new_name_has_versions_of_its_own(hosted: Hosted) -> None:
    edits = ("name: product-vision\n", "name: vision\n  replaces: product-vision\n"), (OLD, NEW)
    run = hosted.judge(hosted.propose({VISION: edited(hosted, VISION, *edits), POINTER: NEW_WEIGHTS}))
    assert CHANGED not in run.rules


# Renames


def test_a_new_name_in_the_same_file_is_not_a_way_past_the_comparison(hosted: Hosted) -> None:
    text = edited(hosted, VISION, ("name: product-vision\n", "name: vision\n"))
    run = judge(hosted, hosted.propose({VISION: text}), ("hana",))
    assert "lineage/rename-undeclared" in run.rules
    [finding] = [one for one in run.findings if one["rule"] == "lineage/rename-undeclared"]
    assert finding["location"]["source"].strip() == "name: vision"
    assert "its file" in finding["message"]


def test_a_manifest_that_could_not_be_read_does_not_become_a_new_one(hosted: Hosted) -> None:
    text = (hosted.path / VISION).read_text()
    land(hosted, {VISION: text.replace("  owner: vision-ml\n", "")})
    run = judge(hosted, hosted.propose({VISION: text.replace("name: product-vision\n", "name: vision\n")}), ("hana",))
    assert "lineage/rename-undeclared" in run.rules


def test_a_declared_rename_is_compared_and_asked_nothing(hosted: Hosted) -> None:
    text = edited(
        hosted, RESEARCH, ("name: recommender-research\n", "name: recommender\n  replaces: recommender-research\n")
    )
    run = hosted.judge(hosted.propose({RESEARCH: text}))
    assert (run.code, run.rules, operations(run)["recommender"]) == (0, set(), "rename")


@pytest.mark.parametrize("key", ["environment: staging", "variant: challenger"])
def test_another_environment_or_variant_is_not_a_way_past_the_comparison(hosted: Hosted, key: str) -> None:
    text = edited(hosted, VISION, ("name: product-vision\n", f"name: product-vision\n  {key}\n"))
    run = judge(hosted, hosted.propose({VISION: text}), ("hana",))
    assert "lineage/rename-undeclared" in run.rules


def test_a_copy_that_leaves_the_digest_out_still_has_the_artifact(hosted: Hosted) -> None:
    uri = "s3://models/product-vision/1.4.0/model.onnx"
    copy = edited(
        hosted,
        RESEARCH,
        ("name: recommender-research", "name: trial"),
        ("s3://research/recommender/0.3.0/model.safetensors", uri),
    )
    assert uri in (hosted.path / VISION).read_text()
    run = judge(hosted, hosted.propose({"models/trial.yaml": copy}), ("hana",))
    assert run.code == 1
    assert {"lineage/rename-undeclared", "risk/tier-understated"} <= run.rules


def test_a_new_file_with_a_low_tier_still_looks_like_what_goes(hosted: Hosted) -> None:
    text = edited(
        hosted,
        RESEARCH,
        ("name: recommender-research", "name: cards"),
        ("  artifacts:\n", "  serving: {endpoint: fraud}\n  artifacts:\n"),
    )
    run = judge(hosted, hosted.propose({"models/cards.yaml": text}, remove=(FRAUD,)), ("hana",))
    assert "lineage/rename-undeclared" in run.rules


def test_replacing_another_does_not_cover_what_it_looks_like(hosted: Hosted) -> None:
    """Compared with the research model, the fraud model's successor would be no worse than nothing."""
    text = edited(hosted, FRAUD, ("name: fraud-detector\n", "name: cards\n  replaces: recommender-research\n"))
    run = judge(hosted, hosted.propose({FRAUD: text}, remove=(RESEARCH,)), ("hana",))
    assert "lineage/rename-undeclared" in run.rules


@pytest.mark.parametrize(
    ("files", "problem"),
    [(("one",), "the base has no such release"), (("one", "two"), "another release says so too")],
)
def test_what_is_replaced_has_to_be_there_and_has_one_successor(
    hosted: Hosted, files: tuple[str, ...], problem: str
) -> None:
    old = "recommender-research" if len(files) > 1 else "never-was"
    texts = {
        f"models/{name}.yaml": edited(
            hosted, RESEARCH, ("name: recommender-research\n", f"name: {name}\n  replaces: {old}\n")
        )
        for name in files
    }
    run = hosted.judge(hosted.propose(dict(texts), remove=(RESEARCH,)))
    found = [one for one in run.findings if one["rule"] == "lineage/replaces-unfounded"]
    assert [problem in one["message"] for one in found] == [True] * len(files)


def test_a_rename_that_landed_is_asked_for_nothing_more(hosted: Hosted) -> None:
    text = edited(
        hosted, RESEARCH, ("name: recommender-research\n", "name: recommender\n  replaces: recommender-research\n")
    )
    land(hosted, {RESEARCH: text})
    run = hosted.judge(hosted.propose({RESEARCH: text.replace("version: 0.3.0", "version: 0.4.0")}))
    assert (run.code, run.rules) == (0, set())


# Dependencies


def test_all_finds_what_a_risen_version_left_behind(hosted: Hosted) -> None:
    needs = "  dependsOn: [{name: recommender-research, version: 0.3.0, as: judge}]\n  serving:\n"
    land(hosted, {VISION: edited(hosted, VISION, ("  serving:\n", needs))})
    head = hosted.propose({RESEARCH: edited(hosted, RESEARCH, ("version: 0.3.0", "version: 0.4.0"))})
    run = hosted.judge(head, "--all")
    assert "dependencies/version-mismatch" in run.rules
    [finding] = [one for one in run.findings if one["rule"] == "dependencies/version-mismatch"]
    assert (finding["location"]["file"], finding["details"]["found"]) == (VISION, ["0.4.0"])


def test_a_retirement_is_told_once(hosted: Hosted) -> None:
    needs = "  dependsOn: [{name: recommender-research, as: judge}]\n  serving:\n"
    next_one = ("version: 1.4.0", "version: 1.5.0"), ("to: 1.3.2", "to: 1.4.0")
    head = hosted.propose({VISION: edited(hosted, VISION, *next_one, ("  serving:\n", needs))}, remove=(RESEARCH,))
    assert hosted.judge(head).rules == {"retirement/still-depended-on"}


@pytest.mark.parametrize("members", [1, 3])
def test_a_circle_is_found_however_long_it_is(hosted: Hosted, members: int) -> None:
    files: dict[str, str | bytes] = {
        f"models/m{one}.yaml": edited(
            hosted,
            RESEARCH,
            ("name: recommender-research", f"name: m{one}"),
            ("  artifacts:\n", f"  dependsOn: [{{name: m{(one + 1) % members}}}]\n  artifacts:\n"),
        )
        for one in range(members)
    }
    run = hosted.judge(hosted.propose(files))
    assert [(one["rule"], one["location"]["file"]) for one in run.findings] == [
        ("dependencies/cycle", "models/m0.yaml")
    ]


# What hides


HIDDEN = {"manifest/hidden"}


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("models/x/manifest.yaml", "../fraud-detector/manifest.yaml"),
        ("models/x/manifest.yaml", "../../stash/manifest.yaml"),
        ("models/x/manifest.yaml", "../../stash/plain.txt"),
        ("models/x/manifest.yaml", "../gone.yaml"),
        ("models/x/manifest.yaml", "../../../outside.yaml"),
        ("models/x/manifest.yaml", "manifest.yaml"),
        ("models/x", "../stash"),
        ("models/x", "../empty"),
        ("models/x.yaml", "../bridge/plain.yaml"),
        ("models/x", "/somewhere"),
    ],
)
def test_a_link_to_a_manifest_that_the_gate_would_not_see(hosted: Hosted, name: str, target: str) -> None:
    land(hosted, {"stash/manifest.yaml": (hosted.path / RESEARCH).read_text(), "stash/plain.txt": "", "empty/a": ""})
    land(hosted, {"models/plain/plain.yaml": "a: 1\n"})
    hosted.repo.link("bridge", "models/plain")
    land(hosted, {})
    hosted.repo.branch("topic")
    hosted.repo.link(name, target)
    run = hosted.judge(hosted.repo.commit({}, "a link"))
    assert (run.code, run.rules) == (1, HIDDEN)
    assert [one["location"]["file"] for one in run.findings] == [name]


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("models/x.yaml", "plain.yaml"),
        ("models/latest", "fraud-detector"),
        ("docs/readme.md", "../../nowhere"),
        ("vendor/x.yaml", "../models/fraud-detector/manifest.yaml"),
    ],
)
def test_other_links_are_let_be(hosted: Hosted, name: str, target: str) -> None:
    land(hosted, {"models/plain.yaml": "a: 1\n"})
    hosted.repo.branch("topic")
    hosted.repo.link(name, target)
    run = hosted.judge(hosted.repo.commit({}, "a link"))
    assert run.code == 0, run.out


def test_all_looks_at_the_links_that_are_there_already(hosted: Hosted) -> None:
    hosted.repo.link("models/x.yaml", "fraud-detector/manifest.yaml")
    land(hosted, {})
    head = hosted.propose({"notes.txt": "nothing"})
    assert hosted.judge(head).rules == set()
    assert hosted.judge(head, "--all").rules == HIDDEN


@pytest.mark.parametrize(("path", "code"), [("models/x", 1), ("models", 1), ("vendor/x", 0)])
def test_a_submodule_where_manifests_are_looked_for(hosted: Hosted, path: str, code: int) -> None:
    hosted.repo.branch("topic")
    if path == "models":
        hosted.repo.git("rm", "-rq", "--cached", "models")
    hosted.repo.git("update-index", "--add", "--cacheinfo", f"160000,{hosted.repo.id('HEAD')},{path}")
    hosted.repo.git("commit", "--quiet", "--message", "a submodule")
    run = hosted.judge(hosted.repo.id("HEAD"))
    assert run.code == code
    assert ("manifest/hidden" in run.rules) == (code == 1)


def test_a_pointer_is_hidden_unless_it_is_a_named_artifact(hosted: Hosted) -> None:
    head = hosted.propose({"models/x/manifest.yaml": LFS, "models/x/notes.txt": LFS})
    run = hosted.judge(head)
    assert (run.code, run.rules) == (1, HIDDEN)
    artifact = "    - name: model\n      path: models/recommender-research/tokenizer.json\n"
    text = edited(hosted, RESEARCH, ("    - name: model\n", artifact))
    hosted.repo.switch("main")
    hosted.repo.git("branch", "-D", "topic")
    run = hosted.judge(hosted.propose({"models/recommender-research/tokenizer.json": LFS, RESEARCH: text}))
    assert "manifest/hidden" not in run.rules
