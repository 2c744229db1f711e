"""The tests of own policies that a change touches are run as they would stand after the merge."""

from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from changegate import fixtures
from support.hosted import RESEARCH, Hosted
from support.opa import path_with, program, running

if TYPE_CHECKING:
    from pathlib import Path

    from support.command import Run

CONFIG = ".changegate/config.yaml"
FOLDER = ".changegate/policies"
POLICY, TEST = f"{FOLDER}/contact.rego", f"{FOLDER}/contact_test.rego"
RULE = "control/policy-test-failed"
DENY = 'package team.contact\n\ndeny contains "no contact" if input.kind == "Other"\n'
PACKAGE = "package team.contact_test\n\nimport data.team.contact\n\n"
HOLDS = PACKAGE + 'test_other if count(contact.deny) == 1 with input as {"kind": "Other"}\n'
FAILS = PACKAGE + 'test_other if {\n\tcount(contact.deny) == 2 with input as {"kind": "Other"}\n}\n'


@pytest.fixture
def hosted(tmp_path: Path) -> Hosted:
    return Hosted(tmp_path)


def failing(run: Run) -> list[tuple[str, int | None, str]]:
    """Each failing test: file, line, message."""
    found = [one for one in run.findings if one["rule"] == RULE]
    return [(one["location"]["file"], one["location"]["line"], one["message"]) for one in found]


def outcome(run: Run) -> dict[str, Any]:
    (subject,) = (one for one in run.subjects if one["subject"]["kind"] == "change-set")
    (found,) = (one for one in subject["outcomes"] if one["rule"] == RULE)
    return dict(found)


def with_config(hosted: Hosted, **keys: Any) -> str:
    return yaml.safe_dump({**yaml.safe_load((hosted.path / CONFIG).read_text()), **keys})


def adopt(hosted: Hosted, files: dict[str, str | bytes]) -> None:
    """Put files on main past the gate, as an administrator may."""
    hosted.repo.commit(files, "adopted")
    hosted.protect()


def test_tests_that_hold_close_nothing(hosted: Hosted) -> None:
    run = hosted.judge(hosted.propose({POLICY: DENY, TEST: HOLDS}))
    assert run.code == 0, run.out
    assert outcome(run)["status"] == "passed"


def test_a_failing_test_is_a_finding_on_its_line(hosted: Hosted) -> None:
    run = hosted.judge(hosted.propose({POLICY: DENY, TEST: FAILS}))
    assert run.code == 1
    message = "the test team.contact_test.test_other fails: line 6 does not hold."
    assert failing(run) == [(TEST, 6, message)]


def test_a_policy_that_no_longer_does_what_its_test_says(hosted: Hosted) -> None:
    adopt(hosted, {POLICY: DENY, TEST: HOLDS})
    run = hosted.judge(hosted.propose({POLICY: DENY.replace("Other", "Another")}))
    assert (run.code, [place[:2] for place in failing(run)]) == (1, [(TEST, 5)])


def test_data_that_a_test_relies_on(hosted: Hosted) -> None:
    limit = 'package team.limit\n\ndeny contains "long" if count(input.name) > data.team.most\n'
    test = "package team.limit_test\n\nimport data.team.limit\n\n"
    test += 'test_x if count(limit.deny) == 1 with input as {"name": "abc"}\n'
    files: dict[str, str | bytes] = {f"{FOLDER}/limit.rego": limit, f"{FOLDER}/limit_test.rego": test}
    adopt(hosted, {**files, f"{FOLDER}/team/data.yaml": "most: 2\n"})
    run = hosted.judge(hosted.propose({f"{FOLDER}/team/data.yaml": "most: 5\n"}))
    assert (run.code, [place[0] for place in failing(run)]) == (1, [f"{FOLDER}/limit_test.rego"])


def test_a_test_that_errs_is_a_finding(hosted: Hosted) -> None:
    wrong = PACKAGE + 'test_sum if {\n\tx := {"a": "b"}\n\tx.a + 1 == 2\n}\n'
    run = hosted.judge(hosted.propose({POLICY: DENY, TEST: wrong}))
    assert run.code == 1
    ((file, line, message),) = failing(run)
    assert (file, line) == (TEST, 7)
    assert "team.contact_test.test_sum fails" in message


def test_a_test_that_does_not_compile_is_a_finding(hosted: Hosted) -> None:
    run = hosted.judge(hosted.propose({POLICY: DENY, TEST: PACKAGE + "test_x if {\n"}))
    assert run.code == 1
    ((file, line, message),) = failing(run)
    assert (file, line is not None) == (TEST, True)
    assert message.startswith("the policy tests cannot be run: ")


REACHING = {
    "the network": 'http.send({"method": "get", "url": "http://127.0.0.1:9"}).status_code == 200',
    "the environment": "opa.runtime().env.CHANGEGATE_SECRET",
    "chance": 'rand.intn("x", 2) == 1',
    "a name": 'net.lookup_ip_addr("localhost")',
}


@pytest.mark.parametrize("what", REACHING)
def test_a_test_that_reaches_out_is_refused(hosted: Hosted, what: str) -> None:
    head = hosted.propose({POLICY: DENY, TEST: f"{PACKAGE}test_x if {REACHING[what]}\n"})
    run = hosted.run(env={**hosted.event(head), "CHANGEGATE_SECRET": "s3cr3t"}, approved=head)
    assert (run.code, [place[:2] for place in failing(run)]) == (1, [(TEST, 5)])
    assert "s3cr3t" not in f"{run.out}{run.err}{run.verdict}"


def test_the_clock_of_a_test_is_the_time_of_the_run(hosted: Hosted) -> None:
    moment = f'time.now_ns() == time.parse_rfc3339_ns("{fixtures.NOW}")'
    run = hosted.judge(hosted.propose({POLICY: DENY, TEST: f"{PACKAGE}test_x if {moment}\n"}))
    assert (run.code, failing(run)) == (0, []), run.out


def test_a_test_reads_no_file_but_those_beside_it(hosted: Hosted) -> None:
    (hosted.folder / "secret.yaml").write_text("kind: Other\n")
    asked = 'count(contact.deny) == 1 with input as parse_config_file("{}")'
    names = ("/etc/passwd", "../../../secret.yaml", str(hosted.folder / "secret.yaml"))
    tests = "".join(f"test_{number} if {asked.format(name)}\n\n" for number, name in enumerate(names))
    run = hosted.judge(hosted.propose({POLICY: DENY, TEST: PACKAGE + tests}))
    assert (run.code, len(failing(run))) == (1, len(names))


def test_a_test_that_wants_much_memory_is_stopped(hosted: Hosted) -> None:
    adopt(hosted, {CONFIG: with_config(hosted, policies={"limits": {"memoryMiB": 64}})})
    much = "test_much if {\n\tx := [[n, n, n] | some n in numbers.range(1, 20000000)]\n\tcount(x) == 0\n}\n"
    run = hosted.judge(hosted.propose({POLICY: DENY, TEST: PACKAGE + much}))
    assert run.code == 1
    ((file, line, message),) = failing(run)
    assert (file, line) == (TEST, 5)
    assert "more memory than it may have" in message


ENDLESS = """\
test_endless if {
	some a in numbers.range(1, 4000)
	some b in numbers.range(1, 4000)
	some c in numbers.range(1, 4000)
	a * b * c == 0
}

test_after if count(contact.deny) == 0 with input as {"kind": "None"}
"""


def test_an_endless_test_is_stopped_and_told_and_the_others_are_run(hosted: Hosted) -> None:
    limits = {"policies": {"limits": {"seconds": 1}}}
    adopt(hosted, {CONFIG: with_config(hosted, **limits)})
    run = hosted.judge(hosted.propose({POLICY: DENY, TEST: PACKAGE + ENDLESS}))
    assert run.code == 1
    ((file, line, message),) = failing(run)
    assert (file, line) == (TEST, 5)
    assert "it took more than 1 seconds, and was stopped" in message


def test_all_tests_together_have_a_bound_which_is_the_bases(hosted: Hosted) -> None:
    limits = {"policies": {"limits": {"seconds": 2, "testSeconds": 1}}}
    adopt(hosted, {CONFIG: with_config(hosted, **limits)})
    more = {"policies": {"limits": {"seconds": 600, "testSeconds": 600}}}
    files: dict[str, str | bytes] = {CONFIG: with_config(hosted, **more)}
    run = hosted.judge(hosted.propose({**files, POLICY: DENY, TEST: PACKAGE + ENDLESS}))
    assert run.code == 1
    assert [message for *_, message in failing(run)] == [
        "the test team.contact_test.test_endless fails: it took more than 2 seconds, and was stopped.",
        "all tests together may take 1 seconds, and 1 of them were not begun in that time.",
    ]


def test_a_test_that_fails_at_the_base_is_told_and_not_blamed_on_the_change(hosted: Hosted) -> None:
    adopt(hosted, {POLICY: DENY, TEST: FAILS})
    more = 'package team.more\n\ndeny contains "more" if input.kind == "More"\n'
    run = hosted.judge(hosted.propose({f"{FOLDER}/more.rego": more}))
    assert (run.code, failing(run)) == (0, [])
    (subject,) = (one for one in run.verdict["subjects"] if one["subject"]["kind"] == "change-set")
    texts = [change["text"] for change in subject["changes"]]
    assert "the test team.contact_test.test_other fails: line 6 does not hold; it fails at the base already" in texts


def test_a_new_failure_beside_one_of_the_base_is_the_changes(hosted: Hosted) -> None:
    adopt(hosted, {POLICY: DENY, TEST: FAILS})
    more = FAILS + "\ntest_never if 1 == 2\n"
    run = hosted.judge(hosted.propose({TEST: more}))
    assert [message for *_, message in failing(run)] == [
        "the test team.contact_test.test_never fails: line 9 does not hold."
    ]


def test_a_release_alone_runs_no_test(hosted: Hosted) -> None:
    adopt(hosted, {POLICY: DENY, TEST: FAILS})
    run = hosted.judge(hosted.propose({RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")}))
    assert (failing(run), outcome(run)["status"]) == ([], "not-applicable")


def test_the_working_tree_is_not_what_is_tested(hosted: Hosted) -> None:
    head = hosted.propose({POLICY: DENY, TEST: FAILS})
    (hosted.path / TEST).write_text(HOLDS)
    assert [place[:2] for place in failing(hosted.judge(head))] == [(TEST, 6)]


def test_files_and_mocks_that_tests_read_are_those_of_the_head(hosted: Hosted) -> None:
    test = (
        "package team.contact_test\n\nimport data.team.contact\n\n"
        'test_file if {\n\tread := parse_config_file("release.yaml")\n'
        "\tcount(contact.deny) == 1 with input as read\n}\n\n"
        "test_mock if count(contact.deny) == 1 with input as data.mocks.other\n"
    )
    files: dict[str, str | bytes] = {
        POLICY: DENY, TEST: test, f"{FOLDER}/release.yaml": "kind: Other\n",
        f"{FOLDER}/mocks/one_mock.json": '{"other": {"kind": "Other"}}',
    }  # fmt: skip
    run = hosted.judge(hosted.propose(files))
    assert (run.code, failing(run)) == (0, []), run.out


def archive(files: dict[str, str]) -> bytes:
    """An OPA bundle that holds its tests, too."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as made:
        for name, text in files.items():
            member = tarfile.TarInfo(f"/{name}")
            member.size = len(text)
            made.addfile(member, io.BytesIO(text.encode()))
    return target.getvalue()


def test_the_tests_in_a_bundle_that_settings_name_are_run_too(hosted: Hosted) -> None:
    bundle = archive({".manifest": '{"roots": ["team"]}', "contact.rego": DENY, "contact_test.rego": FAILS})
    text = with_config(hosted, policies={"bundles": [{"path": "shared/rules.tar.gz"}]})
    run = hosted.judge(hosted.propose({CONFIG: text, "shared/rules.tar.gz": bundle}))
    assert run.code == 1
    ((file, _, message),) = failing(run)
    assert file == "shared/rules.tar.gz"
    assert message.startswith("contact_test.rego, line 6: the test team.contact_test.test_other fails")


def test_an_opa_runs_them_where_the_settings_name_it(hosted: Hosted) -> None:
    files: dict[str, str | bytes] = {CONFIG: with_config(hosted, engine="opa"), POLICY: DENY, TEST: FAILS}
    head = hosted.propose(files)
    run = hosted.run(env=hosted.event(head) | {"PATH": path_with(program().parent)}, approved=head)
    assert (run.code, [place[:2] for place in failing(run)]) == (1, [(TEST, 6)]), run.out


def test_where_only_a_server_is_there_nobody_says_that_they_hold(hosted: Hosted, tmp_path: Path) -> None:
    adopt(hosted, {CONFIG: with_config(hosted, engine="opa")})
    folder = tmp_path / "server"
    folder.mkdir()
    head = hosted.propose({POLICY: DENY, TEST: HOLDS})
    with running(folder) as server:
        env = hosted.event(head) | {"PATH": "/usr/bin:/bin"}
        run = hosted.run("--opa-url", server.url, env=env, approved=head)
    assert run.code == 1, run.out
    assert outcome(run)["status"] == "unknown"
    assert "the policy tests cannot be run here: there is no `opa` on the PATH" in outcome(run)["reason"]
    found = (one for subject in run.subjects for one in subject["outcomes"])
    (answers,) = (one for one in found if one["rule"] == "control/policy-without-answer")
    assert (answers["status"], "there is no `opa` on the PATH" in answers["reason"]) == ("unknown", True)
