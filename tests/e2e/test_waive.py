"""`changegate waive` writes a waiver that counts, keeps everything else of the file, and refuses any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from changegate import fixtures
from support.command import Run, changegate
from support.hosted import FRAUD, Hosted

if TYPE_CHECKING:
    from pathlib import Path

WAIVERS, CONFIG = ".changegate/waivers.yaml", ".changegate/config.yaml"
RULE = "rollout/bake-too-short"
SHORT = ("{weight: 50, bake: 1h}", "{weight: 50, bake: 1m}")
REASON = "The desk needs it: before the holidays."
HEAD = "# ours\napiVersion: changegate.dev/v1\nkind: Waivers\n"


@pytest.fixture
def hosted(tmp_path: Path) -> Hosted:
    return Hosted(tmp_path)


def waive(
    hosted: Hosted, rule: str = RULE, model: str = "fraud-detector", *more: str, until: str = "2026-12-31"
) -> Run:
    words = ("waive", rule, model, "--reason", REASON, "--until", until, "--now", fixtures.NOW, *more)
    by = () if "--approved-by" in more else ("--approved-by", "mira")
    return changegate(*words, *by, cwd=hosted.path, env=environment(hosted))


def environment(hosted: Hosted) -> dict[str, str]:
    return {key: value for key, value in hosted.repo.environ.items() if not key.startswith("GIT_")}


def text(hosted: Hosted) -> str:
    return (hosted.path / WAIVERS).read_bytes().decode()


def adopt(hosted: Hosted, files: dict[str, str | bytes]) -> None:
    hosted.repo.commit(files, "adopted")
    hosted.protect()


def test_what_it_writes_is_what_the_gate_lets_count(hosted: Hosted) -> None:
    adopt(hosted, {FRAUD: hosted.edit(FRAUD, *SHORT)})
    run = waive(hosted)
    assert run.code == 0, run.err
    assert f"{WAIVERS}: {RULE} for fraud-detector is waived until 2026-12-31 by mira: {REASON}" in run.out
    assert "it holds for 59 more days; the release is of tier high" in run.out
    assert "has to be approved by 1 of platform" in run.out
    adopt(hosted, {})
    release = hosted.edit(FRAUD, "version: 2.4.0", "version: 2.4.1").replace("to: 2.3.1", "to: 2.4.0")
    judged = hosted.judge(hosted.propose({FRAUD: release}))
    assert (judged.code, [one["effect"] for one in judged.findings if one["rule"] == RULE]) == (0, ["waived"])


def test_it_says_where_there_is_nothing_to_lift(hosted: Hosted) -> None:
    assert "there is nothing that it would lift" in waive(hosted).out


def test_a_second_time_nothing_is_written(hosted: Hosted) -> None:
    waive(hosted)
    before = text(hosted)
    run = waive(hosted)
    assert (run.code, text(hosted)) == (0, before)
    assert "it is there already" in run.out


def test_a_later_end_changes_the_entry_and_nothing_else(hosted: Hosted) -> None:
    one = "  - rule: rollout/bake-too-short  # the desk\n    model: fraud-detector\n    approvedBy: mira\n"
    file = f"{HEAD}waivers:\n{one}    expires: 2026-11-20  # soon\n    # a thought\n    reason: it was agreed to\n"
    adopt(hosted, {WAIVERS: file})
    run = waive(hosted)
    assert run.code == 0, run.err
    assert "; it was waived until 2026-11-20 by mira: it was agreed to" in run.out
    assert text(hosted) == file.replace("2026-11-20", "2026-12-31").replace("it was agreed to", f'"{REASON}"')


@pytest.mark.parametrize(
    "file",
    [
        "", "# nothing yet\n", "---\n", f"{HEAD}waivers: []\n", f"{HEAD}waivers: [] # none\n",
        f"{HEAD}waivers: [\n  # none\n]\n".replace("\n", "\r\n"),
        f"{HEAD}waivers:\n- {{rule: cost/missing, model: a, reason: it was said, approvedBy: m, expires: 2026-11-30}}",
        '{"apiVersion": "changegate.dev/v1", "kind": "Waivers", "waivers": []}',
    ],
    ids=["empty", "comment", "start", "none", "none, and why", "over lines", "no end of line", "JSON"],
)  # fmt: skip
def test_odd_files_keep_what_they_hold(hosted: Hosted, file: str) -> None:
    hosted.repo.write({WAIVERS: file})
    run = waive(hosted)
    assert run.code == 0, run.err
    written = text(hosted)
    assert all(line in written for line in file.split("\n") if line.strip().startswith("#"))
    assert yaml.safe_load(written)["waivers"][-1]["rule"] == RULE
    assert ("\r\n" in file) is ("\r\n" in written)
    assert waive(hosted).out.startswith(f"{WAIVERS}: it is there already")


def test_an_identity_beyond_the_usual_is_written_out(hosted: Hosted) -> None:
    release = hosted.edit(FRAUD, "  name: fraud-detector\n", "  name: fraud-detector\n  environment: staging\n")
    adopt(hosted, {"models/staging/manifest.yaml": release})
    run = waive(hosted, RULE, "fraud-detector", "--environment", "staging")
    assert run.code == 0, run.err
    (entry,) = yaml.safe_load(text(hosted))["waivers"]
    assert entry["environment"] == "staging"
    assert "variant" not in entry


REFUSED = {
    "no such rule": (("rollout/bake-to-short",), "there is no rule 'rollout/bake-to-short'", "rollout/bake-too-short"),
    "no such model": ((RULE, "fraud-detecter"), "there is no model fraud-detecter", "Did you mean fraud-detector?"),
    "no such variant": ((RULE, "fraud-detector", "--variant", "b"), "there is no model fraud-detector (b)", "model"),
    "unwaivable": (("artifacts/digest-mismatch",), "the settings let nobody waive this rule", "control.unwaivable"),
    "a whole check": (("approvals/missing",), "the settings let nobody waive this rule", "control.unwaivable"),
    "of the change": (("control/invalid",), "is about the change as a whole", "mend what it says"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_would_not_count_is_refused_with_what_to_do(hosted: Hosted, what: str) -> None:
    words, says, hint = REFUSED[what]
    run = waive(hosted, *words)
    assert run.code == 2
    assert says in run.err
    assert hint in run.err
    assert not (hosted.path / WAIVERS).exists()


@pytest.mark.parametrize(
    ("until", "says", "hint"),
    [
        ("2027-06-01", "it lasts longer than a waiver may for a release of tier high", "end on 2027-01-30 or before"),
        ("2026-10-31", "2026-10-31 is over", "a day to come"),
        ("2026-02-30", "'2026-02-30' is no day", "--until 2026-12-31"),
        ("soon", "'soon' is no day", "--until 2026-12-31"),
    ],
)
def test_an_end_that_would_not_count_is_refused(hosted: Hosted, until: str, says: str, hint: str) -> None:
    run = waive(hosted, until=until)
    assert (run.code, says in run.err, hint in run.err) == (2, True, True), run.err
    if "end on" in hint:
        assert waive(hosted, until="2027-01-30").code == 0


def test_settings_of_the_base_decide_and_not_those_beside_it(hosted: Hosted) -> None:
    known = yaml.safe_load((hosted.path / CONFIG).read_text())
    known["settings"]["control"] = {"unwaivable": [RULE]}
    adopt(hosted, {CONFIG: yaml.safe_dump(known)})
    known["settings"]["control"] = {"unwaivable": []}
    (hosted.path / CONFIG).write_text(yaml.safe_dump(known))
    assert waive(hosted).code == 2


def test_a_short_reason_and_nobody_are_refused(hosted: Hosted) -> None:
    words = ("waive", RULE, "fraud-detector", "--until", "2026-12-31", "--now", fixtures.NOW)
    run = changegate(*words, "--reason", "so", cwd=hosted.path, env=environment(hosted))
    assert (run.code, "say in 10 to 1000 characters" in run.err) == (2, True)
    run = changegate(*words, "--reason", REASON, cwd=hosted.path, env=environment(hosted))
    assert (run.code, "add --approved-by NAME" in run.err) == (2, True)


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (f"{HEAD}waivers:\n", "waivers"),
        (f"{HEAD}waivers: [\n", "waivers.yaml:"),
        (f"{HEAD}waivers: []\nwaiver: []\n", "waiver"),
        (b"\xff\xfe", "UTF"),
    ],
)
def test_a_broken_file_is_told_and_left_alone(hosted: Hosted, file: str | bytes, says: str) -> None:
    hosted.repo.write({WAIVERS: file})
    before = (hosted.path / WAIVERS).read_bytes()
    run = waive(hosted)
    assert (run.code, says in run.err) == (2, True), run.err
    assert (hosted.path / WAIVERS).read_bytes() == before


def test_nothing_is_written_through_a_link(hosted: Hosted) -> None:
    target = hosted.folder / "elsewhere.yaml"
    target.write_text(f"{HEAD}waivers: []\n")
    (hosted.path / WAIVERS).symlink_to(target)
    run = waive(hosted)
    assert run.code == 2
    assert target.read_text() == f"{HEAD}waivers: []\n"


def test_outside_a_repository_it_says_so(tmp_path: Path) -> None:
    words = ("waive", RULE, "m", "--reason", REASON, "--until", "2026-12-31")
    assert changegate(*words, cwd=tmp_path).code == 2
