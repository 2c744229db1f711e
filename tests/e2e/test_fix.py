"""`changegate fix` mends what follows from what was found, byte for byte, and leaves to people what is theirs."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest

from changegate import fixtures, gate
from changegate.manifest import parse
from changegate.mend.fixes import FIXES, FORMS
from changegate.mend.fixing import fix
from changegate.policy.catalogue import Catalogue
from changegate.rego.bundle import shipped
from support.command import changegate
from support.hosted import FRAUD, RESEARCH, Hosted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from changegate.verdict import Finding, Verdict

EVALUATION = "models/fraud-detector/evidence/evaluation.json"


def _named() -> list[fixtures.Case]:
    """The fixtures that fire a rule that can be mended, as their remedies are tried (`mend.yaml`)."""
    found = []
    for case in fixtures.cases():
        written = case.folder / "mend.yaml"
        rules = set(parse(written.read_bytes(), written.name).documents[0].value) if written.is_file() else set()
        if rules & (FIXES.keys() | FORMS):
            found.append(case)
    return found


CASES = _named()


class Laid:
    """A fixture whose working tree is mended."""

    def __init__(self, root: Path, case: fixtures.Case) -> None:
        laid = fixtures.lay_out(root, case)
        request = fixtures.request(laid)
        self.root = root
        self.request = request._replace(scope=request.scope._replace(head="", base="main", stage=None, trusted_ref=""))

    def judge(self) -> Verdict:
        return gate.check(self.request, {})

    def fix(self, *accepted: str) -> Any:
        return fix(self.judge, self.root, frozenset(accepted), write=True)

    def files(self) -> dict[str, bytes]:
        found = (path for path in self.root.rglob("*") if path.is_file() and ".git" not in path.parts)
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in found}


def _key(finding: Finding) -> tuple[str, str, tuple[str | int, ...]]:
    return finding.rule, finding.location.file, finding.location.path


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_fixable_fixture_is_mended_and_nothing_else_changes(case: fixtures.Case, tmp_path: Path) -> None:
    laid = Laid(tmp_path / "r", case)
    before, files = laid.judge(), laid.files()
    assert before.failures == ()
    mendable = [one for one in before.findings if one.fixable]
    done = laid.fix()
    after = laid.judge()
    left = {_key(one) for one in after.findings}
    assert bool(done.values) == bool(mendable)
    assert not left & {_key(one) for one in mendable}, "what is fixable is mended"
    if not any(one.rule.startswith("manifest/") for one in mendable):  # a manifest that fits no schema was not judged
        assert left <= {_key(one) for one in before.findings}, "nothing new is found"
    _only_values_changed(files, laid.files(), mendable)
    again = laid.fix()
    assert (again.values, again.diff) == (0, "")


def _only_values_changed(before: dict[str, bytes], after: dict[str, bytes], mended: list[Finding]) -> None:
    """Of each file only the lines of the mended values are others, and a line may have come."""
    assert before.keys() == after.keys()
    for file, data in before.items():
        edits = [edit for finding in mended for edit in finding.edits if edit.file == file]
        old, new = (one.decode("utf-8", "replace").splitlines() for one in (data, after[file]))
        gone = [line for line in old if line not in new]
        assert len(gone) <= len(edits), (file, gone)
        assert len(old) <= len(new) <= len(old) + len(edits)
        if not edits:
            assert data == after[file]


def test_what_waits_for_somebody_is_written_when_it_is_accepted(tmp_path: Path) -> None:
    waited = set()
    for number, case in enumerate(CASES):
        laid = Laid(tmp_path / str(number), case)
        asked = [one for one in laid.judge().findings if one.accepts]
        if not asked:
            continue
        waited |= {one.rule for one in asked}
        files = laid.files()
        assert laid.fix().values == 0 or laid.files().keys() == files.keys()
        accepted = tuple({one for finding in asked for one in finding.accepts})
        laid.fix(*accepted)
        left = {_key(one) for one in laid.judge().findings}
        assert not left & {_key(one) for one in asked}, case.name
    assert {"evaluation/invalid-evidence", "artifacts/digest-mismatch", "lineage/version-bump-too-small"} <= waited


def test_every_mend_is_seen(tmp_path: Path) -> None:
    """No rule is in the registry that no fixture shows to be mended, with or without somebody's word."""
    seen = set()
    for number, case in enumerate(CASES):
        seen |= {one.rule for one in Laid(tmp_path / str(number), case).judge().findings if one.edits}
    assert FIXES.keys() | FORMS <= set(Catalogue.of(shipped()))
    assert (FIXES.keys() | FORMS) - seen <= OTHERWISE


OTHERWISE = {
    "claims/file-missing",
    "fairness/invalid-evidence",
    "features/contract-missing",
    "manifest/schema",
    "provenance/attestation-invalid",
    "provenance/signature-missing",
    "rollout/rollback-drill-missing",
}
"""What the tests below show: paths that lead nowhere, and forms."""


@pytest.fixture
def hosted(tmp_path: Path) -> Hosted:
    return Hosted(tmp_path)


def run(hosted: Hosted, *words: str) -> Any:
    env = {key: value for key, value in hosted.repo.environ.items() if not key.startswith("GIT_")}
    base = () if "--base" in words else ("--base", "main")
    return changegate("fix", *base, "--now", fixtures.NOW, *words, cwd=hosted.path, env=env)


def text(hosted: Hosted, file: str = FRAUD) -> str:
    return (hosted.path / file).read_bytes().decode()


def write(hosted: Hosted, file: str, content: str) -> None:
    (hosted.path / file).write_bytes(content.encode())


def digest_of(hosted: Hosted, file: str) -> str:
    return "sha256:" + hashlib.sha256((hosted.path / file).read_bytes()).hexdigest()


FOLDER = "models/fraud-detector/evidence"
REPORTS = ("evaluation.json", "fairness.json", "rollback-drill.json", "model.sig", "provenance.dsse.json")
MOVED = (*(f"{FOLDER}/{name}" for name in REPORTS), "locks/training-uv.lock", "contracts/transactions.yaml")


@pytest.mark.parametrize("file", MOVED)
def test_a_path_to_a_file_that_moved_is_mended(hosted: Hosted, file: str) -> None:
    contract = text(hosted).replace("transactions.yaml}", f"transactions.yaml, digest: {digest_of(hosted, file)}}}")
    before = contract if file.startswith("contracts/") else text(hosted)
    assert f"path: {file}" in before
    write(hosted, FRAUD, before)
    target = f"moved/{file.rpartition('/')[2]}"
    (hosted.path / "moved").mkdir()
    (hosted.path / file).rename(hosted.path / target)
    hosted.repo.git("add", "--all")
    done = run(hosted)
    assert done.code == 0, done.err
    assert text(hosted) == before.replace(f"path: {file}", f"path: {target}")
    assert run(hosted, "--check").code == 0


def test_two_files_of_one_content_are_a_choice(hosted: Hosted) -> None:
    (hosted.path / "moved").mkdir()
    data = (hosted.path / EVALUATION).read_bytes()
    (hosted.path / EVALUATION).unlink()
    for name in ("a", "b"):
        (hosted.path / "moved" / name).mkdir()
        (hosted.path / "moved" / name / "evaluation.json").write_bytes(data)
    hosted.repo.git("add", "--all")
    before = text(hosted)
    run(hosted)
    assert text(hosted) == before


FORMS_WRITTEN: dict[str, Callable[[str], tuple[str, str]]] = {
    "a number that is text": lambda _: ("to: 2.3.1", "to: 2.30"),
    "yes for true": lambda _: ("affectsUsers: true", "affectsUsers: yes"),
    "a digest in capitals": lambda text: (digest := text.partition("digest: ")[2].split()[0], digest.upper()),
    "a text that is a number": lambda _: ("requestsPerSecond: 220", 'requestsPerSecond: "220"'),
}


@pytest.mark.parametrize("what", FORMS_WRITTEN)
def test_a_wrong_form_is_mended_at_its_place(hosted: Hosted, what: str) -> None:
    right = text(hosted)
    good, bad = FORMS_WRITTEN[what](right)
    assert good in right
    write(hosted, FRAUD, right.replace(good, bad, 1))
    done = run(hosted)
    assert done.code == 0, done.err
    assert text(hosted) == (right.replace(good, 'to: "2.30"') if bad == "to: 2.30" else right)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_comments_ends_of_lines_and_quotes_stay(hosted: Hosted, newline: str) -> None:
    right = text(hosted).replace("sizeBytes: 48210944", "sizeBytes:   48210944   # of the file").replace("\n", newline)
    write(hosted, FRAUD, right.replace("to: 2.3.1", "to: '9.9.9' # back"))
    assert run(hosted).code == 0
    assert text(hosted) == right.replace("to: 2.3.1", "to: '2.3.1' # back")


@pytest.mark.parametrize(
    "spoilt",
    [
        ("to: 2.3.1", "to: &back 9.9.9"),
        ("to: 2.3.1", "to: !!str 9.9.9"),
        ("to: 2.3.1", "to: |-\n          9.9.9"),
    ],
)
def test_what_is_more_than_a_value_is_left_alone(hosted: Hosted, spoilt: tuple[str, str]) -> None:
    written = text(hosted).replace(*spoilt)
    write(hosted, FRAUD, written)
    run(hosted)
    assert text(hosted) == written


def test_check_writes_nothing_and_says_so(hosted: Hosted) -> None:
    written = text(hosted).replace("to: 2.3.1", "to: 9.9.9")
    write(hosted, FRAUD, written)
    done = run(hosted, "--check")
    assert (done.code, text(hosted)) == (1, written)
    assert "-      to: 9.9.9" in done.out.replace("        to", "      to")
    assert "1 value can be mended: run `changegate fix`" in done.err
    assert run(hosted).code == 0
    assert run(hosted, "--check").code == 0


def test_other_bytes_wait_for_somebody_who_looked(hosted: Hosted) -> None:
    report = (hosted.path / EVALUATION).read_bytes()
    (hosted.path / EVALUATION).write_bytes(report + b"\n")
    before = text(hosted)
    done = run(hosted)
    assert (done.code, text(hosted)) == (0, before)
    assert f"changegate fix --accept {EVALUATION}" in done.err
    assert run(hosted, "--accept", EVALUATION).code == 0
    assert f"digest: {digest_of(hosted, EVALUATION)}" in text(hosted)


def test_a_manifest_behind_a_link_and_hidden_folders_are_not_written(hosted: Hosted) -> None:
    (hosted.path / "models/fraud-detector").rename(hosted.path / "kept")
    (hosted.path / "models/fraud-detector").symlink_to("../kept")
    written = text(hosted).replace("to: 2.3.1", "to: 9.9.9")
    write(hosted, FRAUD, written)
    run(hosted)
    assert text(hosted) == written


def test_what_a_file_name_says_is_not_obeyed(hosted: Hosted) -> None:
    name = "models/fraud-detector/evidence/::error::x\x1b[31m.json"
    (hosted.path / EVALUATION).rename(hosted.path / name)
    hosted.repo.git("add", "--all")
    done = run(hosted)
    assert "\x1b" not in done.out + done.err
    assert not any(line.startswith("::") for line in (done.out + done.err).splitlines())


def test_a_clone_whose_gate_cannot_decide_is_not_touched(hosted: Hosted) -> None:
    before = text(hosted)
    done = run(hosted, "--base", "nowhere")
    assert (done.code, text(hosted)) == (2, before)
    assert "nowhere" in done.err


def test_no_line_of_the_diff_is_a_command_to_a_runner(hosted: Hosted) -> None:
    loud = "to: 9.9.9\n      loud: |\n        ::error::x\n        ##[add-mask]y\n"
    written = text(hosted).replace("to: 2.3.1\n", loud)
    write(hosted, FRAUD, written.replace("apiVersion", "# ::error::z\napiVersion", 1))
    done = run(hosted, "--check")
    assert not any(line.lstrip().startswith("::") or "##[" in line for line in (done.out + done.err).splitlines())


def test_with_paths_nothing_else_is_mended(hosted: Hosted) -> None:
    """Also not what is wrong with another file's form, which is found whatever is named."""
    wrong = text(hosted, RESEARCH).replace("exposure: research", "exposure: Research")
    write(hosted, RESEARCH, wrong)
    write(hosted, FRAUD, text(hosted).replace("to: 2.3.1", "to: '9.9.9'"))
    done = run(hosted, FRAUD)
    assert done.code == 0, done.err
    assert (text(hosted, RESEARCH), "to: '2.3.1'" in text(hosted)) == (wrong, True)
    assert run(hosted, "models/recommender-research").code == 0
    assert text(hosted, RESEARCH) == wrong.replace("Research\n", "research\n").replace("Research}", "research}")


def test_a_secret_beside_a_value_is_not_shown_and_stays(hosted: Hosted) -> None:
    token = "ghp_" + "aB3dE5gH7j" * 3 + "k1M2n3"
    written = text(hosted).replace("to: 2.3.1", f"to: 9.9.9 # {token}")
    write(hosted, FRAUD, written)
    done = run(hosted)
    assert token not in done.out + done.err
    assert "9.9.9" in done.out
    assert text(hosted) == written.replace("9.9.9", "2.3.1")


def test_a_manifest_in_a_hidden_folder_is_not_called_fixable(hosted: Hosted) -> None:
    config = text(hosted, ".changegate/config.yaml").replace("include: [", 'include: [".kept/**/*.yaml", ', 1)
    wrong = text(hosted, RESEARCH).replace("exposure: research", "exposure: Research").replace("-research", "-kept")
    hosted.repo.commit({".changegate/config.yaml": config, ".kept/x.yaml": wrong})
    hosted.protect()
    done = run(hosted, "--all", "--check")
    assert done.code == 0, done.out
    assert text(hosted, ".kept/x.yaml") == wrong
