"""The example of docs/own-policies.md, as it stands there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from support.command import changegate, check
from support.hosted import FRAUD

if TYPE_CHECKING:
    from support.hosted import Hosted

PAGE = Path(__file__).parents[2] / "docs" / "own-policies.md"
FILES = re.compile(r"^`([^`]+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_example_does_what_the_page_says(hosted: Hosted) -> None:
    page = PAGE.read_text(encoding="utf-8")
    files = dict(FILES.findall(page))
    assert len(files) == 4
    promised = re.search(r"^```text\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert promised is not None
    hosted.repo.write(files)
    hosted.repo.write({FRAUD: hosted.edit(FRAUD, "version: 2.4.0", "version: 2.4.1")})
    tried = check("--base", "HEAD", "--policy", ".changegate/policies", cwd=hosted.path)
    assert {"own/acme.naming/deny_long_name"} <= tried.rules
    hosted.repo.git("checkout", "--quiet", "--", FRAUD)
    hosted.repo.commit({}, "adopted")
    hosted.protect()
    run = hosted.judge(hosted.propose({FRAUD: hosted.edit(FRAUD, "version: 2.4.0", "version: 2.4.1")}))
    assert run.code == 1
    own = [line for line in run.out.split("\n") if re.match(r"\w+\[own/", line)]
    assert sorted(own) == sorted(promised[1].splitlines())
    listed = changegate("rules", "--check", "own", cwd=hosted.path).out
    assert set(re.findall(r"own/\S+", listed)) == {
        "own/acme.naming/deny_long_name",
        "own/acme.naming/warn",
        "own/acme.labels/desk-missing",
    }
    told = changegate("explain", "own/acme.labels/desk-missing", cwd=hosted.path).out
    assert 'own.deskLabel: "desk"' in told
