"""What stands beside a change, in files that it does not touch and at tags: found however it is spelled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from changegate import fixtures, gate
from changegate.request import request_of
from changegate.workspace.git import Git
from support.hosted import RESEARCH

if TYPE_CHECKING:
    from changegate.verdict import SubjectVerdict, Verdict
    from support.hosted import Hosted

NAME = "name: recommender-research\n"
SPELLED = {
    "plain": NAME,
    "quotes": "name: 'recommender-research'\n",
    "escapes": 'name: "recommender\\x2dresearch"\n',
    "an escaped line break": 'name: "recommender-\\\n    research"\n',
    "an escaped key": '"n\\u0061me": recommender-research\n',
    "a line of its own": "name:\n    recommender-research\n",
    "a block": "name: |-\n    recommender-research\n",
    "an alias": "labels: {a: &it recommender-research}\n  name: *it\n",
    "below a text that ends further left": 'labels: {a: "\nspec:\n  "}\n  name: recommender-research\n',
    "said in full": f"environment: production\n  variant: main\n  {NAME}",
}
OTHER = "models/elsewhere/other.yaml"
CONFIG = ".changegate/config.yaml"


def not_looked_for_in_the_history(hosted: Hosted) -> None:
    """What the branch had goes before what is tagged; a search that is off leaves the tags."""
    hosted.repo.commit({CONFIG: (hosted.path / CONFIG).read_text() + "history: {maxCommits: 0}\n"}, "tags alone")


def spelled(hosted: Hosted, how: str) -> str:
    return hosted.edit(RESEARCH, NAME, SPELLED[how])


def local(hosted: Hosted, **more: Any) -> Verdict:
    return gate.check(request_of(hosted.path, base="main", now=fixtures.NOW, **more), hosted.repo.environ)


def releases(verdict: Verdict) -> dict[str, SubjectVerdict]:
    assert not verdict.failures, verdict.failures
    return {one.subject.file: one for one in verdict.subjects if one.subject.kind.value == "release"}


@pytest.mark.parametrize("how", SPELLED)
def test_an_identity_in_a_file_that_is_not_touched_is_no_new_one(hosted: Hosted, how: str) -> None:
    text = (hosted.path / RESEARCH).read_text()
    hosted.repo.commit({RESEARCH: spelled(hosted, how)})
    hosted.repo.write({OTHER: text})
    verdict = local(hosted)
    assert "manifest/duplicate-identity" in {one.rule for one in verdict.findings}
    (found,) = releases(verdict).values()
    assert found.previous.items() >= {"how": "identity", "file": RESEARCH}.items()


@pytest.mark.parametrize("how", SPELLED)
def test_a_name_that_is_given_up_and_still_there_is_seen(hosted: Hosted, how: str) -> None:
    text = hosted.edit(RESEARCH, NAME, "name: recommender\n  replaces: recommender-research\n")
    hosted.repo.commit({RESEARCH: spelled(hosted, how)})
    hosted.repo.write({OTHER: text})
    verdict = local(hosted)
    assert "lineage/replaces-unfounded" in {one.rule for one in verdict.findings}
    assert releases(verdict)[OTHER].previous.items() >= {"how": "replaces", "file": RESEARCH}.items()


@pytest.mark.parametrize("how", SPELLED)
def test_a_release_at_a_tag_is_found_however_it_is_spelled(hosted: Hosted, how: str) -> None:
    text = (hosted.path / RESEARCH).read_text()
    not_looked_for_in_the_history(hosted)
    hosted.repo.commit({RESEARCH: spelled(hosted, how)})
    tagged = hosted.repo.id("HEAD")
    hosted.repo.tag("release/1")
    hosted.repo.commit(remove=(RESEARCH,))
    hosted.repo.write({OTHER: text})
    assert releases(local(hosted))[OTHER].previous.items() >= {"how": "tag", "revision": tagged}.items()


@pytest.mark.parametrize("touched", [False, True])
def test_what_lies_outside_of_the_globs_now_was_a_release_at_its_tag(hosted: Hosted, touched: bool) -> None:
    """The base has the very file, at a place where no release is looked for."""
    text = (hosted.path / RESEARCH).read_text()
    not_looked_for_in_the_history(hosted)
    hosted.repo.tag("release/1")
    hosted.repo.git("mv", RESEARCH, "kept.yaml")
    hosted.repo.commit()
    hosted.repo.write({OTHER: text, **({"kept.yaml": "x: y\n"} if touched else {})})
    assert releases(local(hosted))[OTHER].previous.items() >= {"how": "tag", "file": RESEARCH}.items()


def test_the_newest_tag_counts_and_other_places_at_it_do_not(hosted: Hosted) -> None:
    text = (hosted.path / RESEARCH).read_text()
    for number, version in enumerate(("0.4.0", "0.6.0", "0.5.0")):
        hosted.repo.commit({RESEARCH: text.replace("0.3.0", version)})
        hosted.repo.tag(f"release/{number}")
    hosted.repo.commit({"kept.yaml": text.replace("0.3.0", "0.9.0")}, remove=(RESEARCH,))
    hosted.repo.tag("release/z")
    hosted.repo.commit(remove=("kept.yaml",))
    hosted.repo.write({OTHER: text})
    assert releases(local(hosted))[OTHER].previous["version"] == "0.5.0"


def test_several_new_releases_each_find_their_own_at_tags(hosted: Hosted) -> None:
    text = (hosted.path / RESEARCH).read_text()
    named = {f"models/{name}.yaml": text.replace(NAME, f"name: {name}\n") for name in ("aa", "bb", "cc")}
    for number, (file, one) in enumerate(named.items()):
        hosted.repo.commit({file: one})
        hosted.repo.tag(f"release/{number}")
        hosted.repo.commit(remove=(file,))
    hosted.repo.write(named)
    commits = {file: hosted.repo.id(f"release/{number}") for number, file in enumerate(named)}
    assert {file: one.previous["revision"] for file, one in releases(local(hosted)).items()} == commits


def test_more_tags_take_no_more_of_git(hosted: Hosted, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[str] = []
    run = Git.run

    def counted(git: Git, *arguments: str, **named: Any) -> Any:
        commands.append(arguments[0])
        return run(git, *arguments, **named)

    monkeypatch.setattr(Git, "run", counted)
    counts = []
    for number in range(12):
        hosted.repo.commit({"x": str(number)})
        hosted.repo.tag(f"release/{number}")
        hosted.repo.write({OTHER: hosted.edit(RESEARCH, NAME, "name: novel\n")})
        commands.clear()
        assert releases(local(hosted))[OTHER].previous["status"] == "absent"
        counts.append(sorted(commands))
        hosted.repo.remove(OTHER)
    assert counts[1] == counts[-1]


def test_many_releases_that_name_what_changed_are_judged_as_one_is(hosted: Hosted) -> None:
    """So many that they are judged on all cores."""
    text = (hosted.path / RESEARCH).read_text().replace("spec:\n", "spec:\n  modelCard: shared.md\n", 1)
    many = {f"models/many/{number:03}.yaml": text.replace(NAME, f"name: m{number:03}\n") for number in range(70)}
    hosted.repo.commit({"shared.md": "one\n", **many})
    hosted.repo.write({"shared.md": "two\n"})
    found = releases(local(hosted, keep_input=True))
    assert list(found) == list(many)
    hosted.repo.commit(remove=tuple(many)[1:])
    hosted.repo.write({"shared.md": "three\n"})
    ((file, alone),) = releases(local(hosted, keep_input=True)).items()
    among = found[file]
    assert (among.settled, among.findings, among.why) == (alone.settled, alone.findings, alone.why)


@pytest.mark.parametrize("more", [{}, {"all": True}])
def test_what_depends_on_a_name_that_is_given_up_is_told_once(hosted: Hosted, more: dict[str, Any]) -> None:
    """It names a file of the change, too, so that it is in the change itself, and among all that were asked for."""
    text = hosted.edit(RESEARCH, NAME, "name: user\n").replace(
        "spec:\n", "spec:\n  modelCard: shared.md\n  dependsOn: [{name: recommender-research}]\n", 1
    )
    hosted.repo.commit({"models/user.yaml": text, "shared.md": "one\n"})
    renamed = hosted.edit(RESEARCH, NAME, "name: recommender\n  replaces: recommender-research\n")
    hosted.repo.write({RESEARCH: renamed, "shared.md": "two\n"})
    verdict = local(hosted, keep_input=True, **more)
    (change,) = (one.input for one in verdict.subjects if one.subject.kind.value == "change-set")
    assert change is not None
    assert [one["dependant"] for one in change["facts"]["dependencies"]["missing"]] == ["user"]


@pytest.mark.parametrize("key", ["dependsOn", '"depends\\u004fn"'])
def test_what_depends_on_a_release_that_goes_is_found_however_it_is_spelled(hosted: Hosted, key: str) -> None:
    text = hosted.edit(RESEARCH, NAME, "name: user\n")
    needs = f"spec:\n  {key}:\n    - name: recommender-research\n"
    hosted.repo.commit({"models/user.yaml": text.replace("spec:\n", needs, 1)})
    hosted.repo.remove(RESEARCH)
    verdict = local(hosted, keep_input=True)
    (gone,) = (one.input for one in verdict.subjects if one.subject.kind.value == "retirement")
    assert gone is not None
    assert [one["identity"] for one in gone["facts"]["retirement"]["dependants"]] == ["user"]
