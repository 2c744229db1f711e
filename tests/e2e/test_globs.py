"""Globs that match too little, on real repositories: the gate does not say of what it left out that it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from changegate import fixtures
from support.command import check
from support.hosted import FRAUD, RESEARCH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from support.command import Run
    from support.hosted import Hosted

CONFIG = ".changegate/config.yaml"
INCLUDE = 'include: ["models/**/*.yaml", "models/**/*.yml", "models/**/*.json"]'
OUTSIDE = "manifest/outside-globs"


def land(
    hosted: Hosted, manifests: str, files: Mapping[str, str | bytes] | None = None, remove: tuple[str, ...] = ()
) -> None:
    """Let the base say which files are manifests."""
    hosted.repo.commit({CONFIG: hosted.edit(CONFIG, INCLUDE, manifests), **(files or {})}, "globs", remove=remove)
    hosted.protect()


def short_bake(hosted: Hosted) -> str:
    return hosted.edit(FRAUD, "{weight: 5, bake: 30m}", "{weight: 5, bake: 1m}")


def on_a_laptop(hosted: Hosted, *more: str) -> Run:
    return check(*more, "--base", "main", "--now", fixtures.NOW, cwd=hosted.path, out=hosted.folder / "verdict.json")


def places(run: Run, rule: str) -> list[tuple[str, int]]:
    found = [one["location"] for one in run.findings if one["rule"] == rule]
    return sorted((place["file"], place["line"]) for place in found)


# What is no glob of ours

FOREIGN = [
    "models/**/*.{yaml,yml}",
    "models/[a-z]*/*.yaml",
    "/models/**/*.yaml",
    "./models/**/*.yaml",
    " models/**/*.yaml",
    "models/**/*.yaml ",
    "models",
    "models/",
    "!models/**/*.yaml",
    "models\\\\**\\\\*.yaml",
]


@pytest.mark.parametrize("glob", FOREIGN)
def test_a_base_whose_globs_are_none_of_ours_decides_nothing(hosted: Hosted, glob: str) -> None:
    land(hosted, f'include: ["{glob}"]')
    run = hosted.judge(hosted.propose({FRAUD: short_bake(hosted)}))
    (failure,) = run.verdict["failures"]
    assert (run.code, failure["kind"], failure["place"]) == (2, "ConfigurationError", f"{CONFIG}:6")
    assert "the glob `" in failure["message"]
    assert failure["hint"].startswith("write ")


@pytest.mark.parametrize("glob", FOREIGN)
def test_a_change_does_not_bring_globs_that_are_none_of_ours(hosted: Hosted, glob: str) -> None:
    run = hosted.judge(hosted.propose({CONFIG: hosted.edit(CONFIG, INCLUDE, f'include: ["{glob}"]')}))
    assert (run.code, places(run, "control/invalid")) == (1, [(CONFIG, 6)])


# Globs that match nothing


@pytest.mark.parametrize("glob", ["model/**/*.yaml", "Models/**/*.yaml", "models/**/*.yamll", "models/*.yaml"])
def test_a_changed_manifest_that_no_glob_matches_is_a_finding(hosted: Hosted, glob: str) -> None:
    land(hosted, f'include: ["{glob}"]')
    run = hosted.judge(hosted.propose({FRAUD: short_bake(hosted)}))
    assert (run.code, places(run, OUTSIDE)) == (1, [(FRAUD, 2)])


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("stash/new.yaml", "{}"),
        ("stash/new.YML", "{}"),
        ("stash/new.json", '{{"apiVersion": "changegate.dev\\/v1", "kind": "ModelRelease"}}'),
        ("stash/new.yaml", "{}\na: ["),
        ("stash/new.yaml", "{{{{ if .on }}}}\n{}{{{{ end }}}}\n"),
        ("stash/new.yaml", "# a comment\n---\na: 1\n---\n{}"),
    ],
)
def test_a_new_manifest_outside_the_globs_is_a_finding(hosted: Hosted, path: str, text: str) -> None:
    release = (hosted.path / RESEARCH).read_text()
    run = hosted.judge(hosted.propose({path: text.format(release)}))
    assert (run.code, run.rules) == (1, {OUTSIDE})
    assert run.findings[0]["location"]["file"] == path


def test_the_remedy_of_a_manifest_outside_the_globs_mends(hosted: Hosted) -> None:
    """Once a glob that matches it has landed, it is judged; once it is excluded, it is let be."""
    new = {"stash/new.yaml": (hosted.path / RESEARCH).read_text()}
    land(hosted, f'{INCLUDE}\n  exclude: ["stash/*.yaml"]')
    excluded = hosted.judge(hosted.propose(new))
    hosted.repo.switch("main")
    config = hosted.edit(CONFIG, f'{INCLUDE}\n  exclude: ["stash/*.yaml"]', f'{INCLUDE[:-1]}, "stash/*.yaml"]')
    hosted.repo.commit({CONFIG: config}, "globs")
    hosted.protect()
    hosted.repo.git("branch", "-D", "topic")
    judged = hosted.judge(hosted.propose(new))
    assert (excluded.code, excluded.verdict["verdict"], excluded.findings) == (0, "open", [])
    assert (judged.code, judged.rules & {OUTSIDE, "manifest/duplicate-identity"}) == (
        1,
        {"manifest/duplicate-identity"},
    )


def test_everything_is_not_open_where_the_globs_leave_everything_out(hosted: Hosted) -> None:
    land(hosted, 'include: ["model/**/*.yaml"]')
    run = on_a_laptop(hosted, "--all")
    (failure,) = run.verdict["failures"]
    assert (run.code, failure["kind"], failure["place"]) == (2, "ConfigurationError", CONFIG)
    assert "every manifest was asked for, and the globs match none: " in failure["message"]
    assert " and 3 more are left out" in failure["message"]


def test_everything_is_not_open_where_a_manifest_is_left_out(hosted: Hosted) -> None:
    land(hosted, INCLUDE, {"stash/new.yaml": (hosted.path / RESEARCH).read_text()})
    run = on_a_laptop(hosted, "--all")
    assert (run.code, places(run, OUTSIDE)) == (1, [("stash/new.yaml", 1)])


def test_everything_is_not_open_where_a_manifest_in_wide_letters_is_left_out(hosted: Hosted) -> None:
    text = (hosted.path / RESEARCH).read_text()
    kinds = ("utf-16", "utf-16-be", "utf-32", "utf-32-le")
    wide: dict[str, str | bytes] = {f"stash/{kind}.yaml": text.encode(kind) for kind in kinds}
    other: dict[str, str | bytes] = {"stash/values.yaml": "replicas: 3\n".encode("utf-16"), "stash/x.json": b"\0\1\2"}
    land(hosted, INCLUDE, wide | other)
    run = on_a_laptop(hosted, "--all")
    assert (run.code, {file for file, _ in places(run, OUTSIDE)}) == (1, set(wide))


def test_everything_is_open_where_every_model_is_retired(hosted: Hosted) -> None:
    """An example that is excluded is none of them."""
    models = tuple(str(path.relative_to(hosted.path)) for path in (hosted.path / "models").glob("*/manifest.yaml"))
    example = {"examples/manifest.yaml": (hosted.path / RESEARCH).read_text()}
    land(hosted, f'{INCLUDE}\n  exclude: ["examples/**"]', example, remove=models)
    run = on_a_laptop(hosted, "--all")
    assert (run.code, run.verdict["verdict"], run.findings) == (0, "open", [])


@pytest.mark.parametrize("path", [FRAUD, "models/fraud-detector", "models", "."])
def test_a_path_with_a_manifest_outside_the_globs_is_refused(hosted: Hosted, path: str) -> None:
    land(hosted, 'include: ["model/**/*.yaml"]')
    run = on_a_laptop(hosted, path)
    (failure,) = run.verdict["failures"]
    assert (run.code, failure["kind"]) == (2, "UsageError")
    assert failure["place"] in {f"{one}:{line}" for one in (FRAUD, *_manifests(hosted)) for line in (1, 2)}
    assert "no glob matches it" in failure["message"]


def _manifests(hosted: Hosted) -> list[str]:
    return [str(path.relative_to(hosted.path)) for path in hosted.path.glob("models/*/manifest.yaml")]


def test_a_path_that_is_excluded_is_not_said_to_hold(hosted: Hosted) -> None:
    land(hosted, f'{INCLUDE}\n  exclude: ["models/fraud-detector/**"]')
    run = on_a_laptop(hosted, FRAUD)
    assert run.code == 0
    assert f"{FRAUD} was not judged: `manifests: {{exclude: …}}` in {CONFIG} names it." in run.verdict["notes"]


# What the verdict says of globs


def test_a_glob_whose_folder_is_not_there_is_told(hosted: Hosted) -> None:
    land(hosted, f'{INCLUDE[:-1]}, "modls/**/*.yaml"]')
    run = hosted.judge(hosted.propose({"README.md": "nothing\n"}))
    assert (run.code, len(run.verdict["notes"])) == (0, 1)
    assert "`modls/**/*.yaml`" in run.verdict["notes"][0]
    assert "there is no folder modls" in run.verdict["notes"][0]


@pytest.mark.parametrize("glob", ["models/**/*.yam", "models/*/modl.yaml", "Models/**/*.yaml", "**/release-*.yaml"])
@pytest.mark.parametrize("local", [True, False])
def test_a_glob_of_the_base_that_matches_nothing_is_a_note(hosted: Hosted, glob: str, local: bool) -> None:
    land(hosted, f'{INCLUDE[:-1]}, "{glob}"]')
    head = hosted.propose({"README.md": "nothing\n"})
    run = on_a_laptop(hosted) if local else hosted.judge(head)
    assert (run.code, run.rules, len(run.verdict["notes"])) == (0, set(), 1)
    assert f"`{glob}` of `manifests: {{include: …}}` in {CONFIG} matches nothing" in run.verdict["notes"][0]


@pytest.mark.parametrize(
    ("glob", "hint"),
    [
        ("model/**/*.yaml", "did you mean `models/**/*.yaml`?"),
        ("models/fraud-detectr/*.yaml", "did you mean `models/fraud-detector/*.yaml`?"),
        ("models/*/modl.yaml", "write one that matches, or bring a file for it"),
        ("edge/**/*.json", "write one that matches, or bring a file for it"),
    ],
)
def test_a_glob_that_matches_nothing_is_a_finding_in_the_change_that_brings_it(
    hosted: Hosted, glob: str, hint: str
) -> None:
    config = hosted.edit(CONFIG, INCLUDE, f"include:\n    - models/**/*.yaml\n    - {glob}")
    run = hosted.judge(hosted.propose({CONFIG: config}))
    assert run.code == 1
    (finding,) = (one for one in run.findings if one["rule"] == "control/invalid")
    line = config.splitlines().index(f"    - {glob}") + 1
    assert (finding["location"]["file"], finding["location"]["line"]) == (CONFIG, line)
    assert "matches nothing" in finding["message"]
    assert hint in finding["remediation"]


def test_a_glob_that_comes_with_its_first_file_is_none(hosted: Hosted) -> None:
    """Nor one that was there before, nor one that differs by its suffix alone from one that matches."""
    land(hosted, f'{INCLUDE[:-1]}, "gone/**/*.yaml"]')
    globs = f'{INCLUDE[:-1]}, "gone/**/*.yaml", "edge/**/*.yaml", "edge/**/*.yml"]'
    release = (hosted.path / RESEARCH).read_text().replace("recommender-research", "on-the-edge")
    config = hosted.edit(CONFIG, f'{INCLUDE[:-1]}, "gone/**/*.yaml"]', globs)
    run = hosted.judge(hosted.propose({CONFIG: config, "edge/a/manifest.yaml": release}))
    assert (run.code, run.rules) == (0, set())
    head = hosted.repo.commit({"edge/a/manifest.yaml": release.replace("spec:", "specs:")})
    run = hosted.judge(head)
    assert (run.code, {"manifest/schema"} <= run.rules) == (1, True)


def test_everything_tells_of_every_glob_that_matches_nothing(hosted: Hosted) -> None:
    """The repository has no `.yml`, which is no mistake beside `.yaml`."""
    land(hosted, f'{INCLUDE[:-1]}, "models/*/modl.yaml"]')
    run = on_a_laptop(hosted, "--all")
    told = [note for note in run.verdict["notes"] if "matches nothing" in note]
    assert len(told) == 1
    assert "`models/*/modl.yaml`" in told[0]


def test_a_change_that_narrows_the_globs_says_what_nobody_will_look_at(hosted: Hosted) -> None:
    run = hosted.judge(hosted.propose({CONFIG: hosted.edit(CONFIG, INCLUDE, 'include: ["models/f*/*.yaml"]')}))
    (note,) = run.verdict["notes"]
    assert "With the globs that this change writes" in note
    assert FRAUD not in note
    assert note.count("manifest.yaml") == 5
    assert " and 2 more are no longer judged" in note


# What stays quiet


@pytest.mark.parametrize("include", [f"{INCLUDE}\n  ", ""])
def test_what_is_no_manifest_stays_quiet(hosted: Hosted, include: str) -> None:
    land(hosted, f"{include}exclude: [examples/**]")
    release = (hosted.path / RESEARCH).read_text()
    head = hosted.propose(
        {
            "docs/how.md": f"```yaml\n{release}```\n",
            "docs/page.yaml": "text: |\n  apiVersion: changegate.dev/v1\n",
            "contracts/more.yaml": "apiVersion: changegate.dev/v1\nkind: FeatureContract\n",
            "apps/values.yaml": "metadata: {labels: {changegate.dev/model: fraud-detector}}\n",
            "examples/manifest.yaml": release,
            "templates/manifest.yaml.j2": release,
        }
    )
    run = hosted.judge(head)
    assert (run.code, run.verdict["verdict"], run.findings, run.verdict["notes"]) == (0, "open", [], [])


def test_a_template_that_only_names_the_api_is_none(hosted: Hosted) -> None:
    template = "{{ if .on }}\nmetadata: {annotations: {changegate.dev/owner: a}}\n"
    run = hosted.judge(hosted.propose({"charts/templates/app.yaml": template}))
    assert (run.code, run.findings) == (0, [])


def test_without_a_configuration_nothing_is_added(hosted: Hosted) -> None:
    hosted.repo.commit({}, "none", remove=(CONFIG,))
    hosted.protect()
    run = hosted.judge(hosted.propose({"stash/new.YML": (hosted.path / RESEARCH).read_text()}))
    assert (run.code, run.findings) == (0, [])
