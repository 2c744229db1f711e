"""What is typed wrongly, in the wrong place, or about what is not there: a message, a hint, exit code 2."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.command import changegate
from support.repos import Repo

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST = "models/example-model/manifest.yaml"
CASES = {
    "nowhere": {
        "check": "is not in a git repository",
        "check -C missing": "missing is not a directory",
        "diff main": "is not in a git repository",
        "diff": "Missing argument 'BASE'",
        f"input {MANIFEST}": "is not in a git repository",
        f"verify {MANIFEST}": "is not in a git repository",
        "input": "not clear which document",
        "plan missing.yaml": "missing.yaml cannot be read",
        "rules -C missing": "missing is not a directory",
        "rules --check own": "there is no check 'own'",
        "rules --policy missing": "missing does not exist",
        "explain own/main/deny": "there is no rule 'own/main/deny'",
        "explain rollout/bake": "there is no rule 'rollout/bake'",
        "policy tset": "No such command 'tset'",
        "policy check": ".changegate/policies does not exist",
        "policy convert": ".changegate/policies does not exist",
        "policy convert missing.rego": "missing.rego does not exist",
        "policy convert --write --check": "--write and --check exclude each other",
        "policy check -C missing": "missing/.changegate/policies does not exist",
        "policy test missing.rego": "missing.rego does not exist",
        "policy bundle --own missing": "missing is not a folder",
        "policy bundle -o .": ". is not a regular file",
        "policy schema -o .": ". is not a regular file",
        "publish verdict.json": "Missing option '--host'",
        "publish verdict.json --host gitea": "'gitea' is not one of 'github', 'gitlab'",
        "schema manifst": "there is no schema 'manifst'",
        "schema manifest -o .": ". is not a regular file",
        "demo --case missing": "there is no case 'missing'",
    },
    "empty": {
        "diff HEAD": "'HEAD' is not a commit in this clone",
        f"input {MANIFEST}": f"there is no file {MANIFEST}",
        f"check {MANIFEST}": f"there is no file {MANIFEST}",
        "policy test": ".changegate/policies does not exist",
    },
    "bare.git": {
        "check --all": "is not in a git repository",
        "diff HEAD": "is not in a git repository",
        f"input {MANIFEST}": "is not in a git repository",
    },
    "repository": {
        "check": "there is no upstream branch",
        "check --base HEAD missing": "there is no file missing",
        "check --base HEAD --policy missing": "missing does not exist",
        "check --base HEAD --policy notes.txt": "notes.txt is neither a folder nor a bundle file",
        "check --base HEAD --policy notes.tar.gz": "the bundle is not gzip",
        "check --base HEAD --policy folder.rego": "there is no rule in folder.rego",
        "check --base HEAD --all --evidence models": "models is not outside the checkout",
        "check --base HEAD --trace rollout/bake": "there is no rule 'rollout/bake'",
        "check --base HEAD --engine cedar": "'cedar' is not one of",
        "check --base HEAD --opa-url http://127.0.0.1:1": "--opa-url is for the engine `opa`",
        "check --base HEAD --engine opa --opa-url ftp://opa": "begins with neither http:// nor https://",
        "check --base HEAD -o junit=models": "models is not a regular file",
        f"check --base HEAD -o junit={MANIFEST}/junit.xml": "goes through a link or a file",
        f"diff HEAD -C {MANIFEST}": f"{MANIFEST} is not a directory",
        "input models --model other": "there is no model 'other' in models",
        f"input {MANIFEST} -o models": "models is not a regular file",
        "input notes.txt": "there is no model manifest in notes.txt",
        "verify notes.txt": "there is no model manifest in notes.txt",
        "plan models": "models cannot be read",
        "plan notes.txt": "it holds no model manifest",
        "explain rollout/bake-too-short --trace notes.txt": "no release was judged",
        "policy check notes.tar.gz": "notes.tar.gz is no Rego file",
        "policy test notes.txt": "notes.txt is no Rego file",
        "policy test folder.rego": "there is no policy in folder.rego",
        "policy test --engine cedar": "'cedar' is not one of",
        "policy bundle --own folder.rego -o x": "there are no policies and no data in folder.rego",
        "waive rollout/bake-too-short nobody --reason because --until soon": "'soon' is no day",
        "waive rollout/bake-too-short nobody --reason because --until 2099-12-31": "the reason has 7 characters",
        "evidence evaluation --artifact notes.txt --dataset d --samples 1 --metric m=1 -o x": "more of m is better",
        "evidence fairness --artifact notes.txt --group sex -o x": "--group sex is not understood",
        "new Churn --owner t": "'Churn' is no name of a model",
        "new churn": "nobody says who answers for it",
        "new churn --owner t --from gone.onnx": "gone.onnx is no file",
        "fix --base HEAD --accept nothing.json": "nothing waits for nothing.json to be accepted",
        "init notes.txt": "cannot be written",
        "demo .": ". is there and not empty",
    },
}


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """No repository, an empty one, a bare one, and one that `changegate init` has set up."""
    top = tmp_path_factory.mktemp("places")
    (top / "nowhere").mkdir()
    empty = Repo.init(top / "empty")
    empty.git("init", "--quiet", "--bare", str(top / "bare.git"))
    repo = Repo.init(top / "repository")
    changegate("init", cwd=repo.path)
    repo.git("add", ".")
    repo.commit({"notes.txt": "nothing\n"})
    (repo.path / "notes.tar.gz").write_text("nothing\n")
    (repo.path / "folder.rego").mkdir()
    return top


@pytest.mark.parametrize(("place", "typed"), [(place, typed) for place, found in CASES.items() for typed in found])
def test_wrong_usage_says_what_is_wrong_and_what_to_type(place: str, typed: str, places: Path) -> None:
    run = changegate(*typed.split(), cwd=places / place)
    shown = run.out + run.err
    assert run.code == 2, shown
    assert CASES[place][typed] in shown
    assert any(hint in shown for hint in ("\n  try: ", "\nTry '", "\nnext:\n  1. ")), shown
