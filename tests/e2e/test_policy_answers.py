"""Own policies of a change that load, and give no answer once they are asked: found before they are merged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from support.hosted import FRAUD, Hosted
from support.opa import path_with, program

if TYPE_CHECKING:
    from pathlib import Path

    from support.command import Run

CONFIG, POLICY = ".changegate/config.yaml", ".changegate/policies/team.rego"
RULE = "control/policy-without-answer"
PRODUCT = (
    "package team\n\nhalf := [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n\n"
    'deny contains "x" if count([1 |\n'
    + "".join(f"\t_ = half[_i{number}]\n" for number in range(9))
    + "]) == 0\n\ndeny_quick contains 1 if input.kind == 1\n"
)
"""Nine lists of ten: each alone is short."""
WALKED = (
    'package team\n\ndeny contains "x" if {\n\tinput.spec.artifacts\n\twalk(input, [_, a])\n\twalk(input, [_, b])\n'
    "\twalk(input, [_, c])\n\twalk(input, [_, d])\n\t[a, b, c, d] == [1, 2, 3, 4]\n}\n"
)
LONG = (
    'package team\n\ndeny contains "x" if {\n\tcount(input.spec.artifacts) > 5\n\tsome a in numbers.range(1, 100000)\n'
    "\tsome b in numbers.range(1, 100000)\n\ta * b == -1\n}\n"
)
"""It ends at every release that there is; none of them has so many artifacts."""
OURS = (
    "package team\n\nimport data.changegate.lib\n\n# METADATA\n# title: x\n# custom:\n#   severity: error\n"
    '#   message: x\n#   remediation: x\noutcome["x"] := lib.passed if {\n'
    "\tcount(input.facts.secrets.found) > 0\n\tsome a in numbers.range(1, 100000)\n"
    "\tsome b in numbers.range(1, 100000)\n\ta * b == -1\n}\n\nelse := lib.passed\n"
)
RETIRED = (
    "# METADATA\n# custom:\n#   subject: retirement\npackage team\n\nimport data.changegate.lib\n\n# METADATA\n"
    '# title: x\n# custom:\n#   severity: error\n#   message: x\n#   remediation: x\noutcome["x"] := lib.passed if '
    "input.previous.release.spec.version == 1\n"
)
WRONG = 'package team\n\ndeny contains "x" if count(input.metadata.name) / (count(input.spec.artifacts) - 1) == 77\n'


@pytest.fixture
def hosted(tmp_path: Path) -> Hosted:
    made = Hosted(tmp_path)
    keys = yaml.safe_load((made.path / CONFIG).read_text())
    keys["policies"] = {"limits": {"seconds": 1, "memoryMiB": 512}}
    made.repo.commit({CONFIG: yaml.safe_dump(keys)}, "short bounds")
    made.protect()
    return made


def outcome(run: Run) -> dict[str, Any]:
    (found,) = (one for subject in run.subjects for one in subject["outcomes"] if one["rule"] == RULE)
    return dict(found)


def told(run: Run) -> list[tuple[str, int | None, str]]:
    found = [one for one in run.findings if one["rule"] == RULE]
    return [(one["location"]["file"], one["location"]["line"], one["message"]) for one in found]


STOPPED = "it took more than 1 seconds, and was stopped."


@pytest.mark.parametrize(
    ("text", "line", "ends"),
    [
        pytest.param(PRODUCT, 5, f"deny of the policy package team: {STOPPED}", id="a product of lists"),
        pytest.param(WALKED, 3, f"deny of the policy package team: {STOPPED}", id="all pairs of a walk"),
        pytest.param(LONG, 3, f"deny of the policy package team: {STOPPED}", id="only where lists are long"),
        pytest.param(OURS, 11, f"outcome of the policy package team: {STOPPED}", id="only where a secret is found"),
        pytest.param(RETIRED, 14, "the rule own/team/x has no outcome.", id="only of a retirement"),
        pytest.param(WRONG, 3, "divide by zero.", id="an error"),
    ],
)  # fmt: skip
def test_what_gives_no_answer_is_a_finding_on_its_line(hosted: Hosted, text: str, line: int, ends: str) -> None:
    run = hosted.judge(hosted.propose({POLICY: text}))
    assert run.code == 1, run.out
    ((file, where, message),) = told(run)
    assert (file, where) == (POLICY, line)
    assert message.startswith("After this merge nothing could be decided: for ")
    assert message.endswith(ends)


def test_an_opa_that_gives_no_answer_is_told_too(hosted: Hosted) -> None:
    config = (hosted.path / CONFIG).read_text() + "engine: opa\n"
    for text, line in ((WALKED, 3), (LONG, 3)):
        head = hosted.propose({POLICY: text, CONFIG: config})
        run = hosted.run(env=hosted.event(head) | {"PATH": path_with(program().parent)}, approved=head)
        assert (run.code, [place[:2] for place in told(run)]) == (1, [(POLICY, line)]), run.out
        hosted.repo.git("checkout", "-q", "main")
        hosted.repo.git("branch", "-q", "-D", "topic")


def test_what_gives_no_answer_at_the_base_already_is_nobodys_new_fault(hosted: Hosted) -> None:
    hosted.repo.commit({POLICY: LONG}, "adopted")
    hosted.protect()
    other = 'package other\n\ndeny contains "x" if input.metadata.name == "x"\n'
    run = hosted.judge(hosted.propose({".changegate/policies/other.rego": other}))
    assert (run.code, outcome(run)["status"]) == (0, "passed"), run.out


def test_what_takes_an_endless_policy_out_again_passes(hosted: Hosted) -> None:
    other = 'package other\n\ndeny contains "x" if input.metadata.name == "x"\n'
    hosted.repo.commit({POLICY: LONG, ".changegate/policies/other.rego": other}, "adopted")
    hosted.protect()
    run = hosted.judge(hosted.propose(remove=(POLICY,)))
    assert (run.code, outcome(run)["status"]) == (0, "passed"), run.out


def test_a_release_that_only_this_change_has_is_asked_about(hosted: Hosted) -> None:
    text = LONG.replace("count(input.spec.artifacts) > 5", 'input.spec.version == "2.4.1"')
    release = hosted.edit(FRAUD, "version: 2.4.0", "version: 2.4.1").replace("to: 2.3.1", "to: 2.4.0")
    run = hosted.judge(hosted.propose({POLICY: text, FRAUD: release}))
    assert run.code == 1, run.out
    assert [message.partition(" there is")[0] for *_, message in told(run)] == [
        "After this merge nothing could be decided: for the release fraud-detector"
    ]
