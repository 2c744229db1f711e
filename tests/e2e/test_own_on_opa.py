"""Own policies on an OPA: whatever OPA accepts, apart from what reaches out; within bounds; and the same answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from changegate import fixtures
from support.command import changegate
from support.hosted import RESEARCH, Hosted
from support.opa import path_with, program, running

if TYPE_CHECKING:
    from pathlib import Path

    from support.command import Run

CONFIG = ".changegate/config.yaml"
OWN = ".changegate/policies/own.rego"

ONLY_OPA = (
    """package acme

import future.keywords.or
import data.acme.limits as bounds

# METADATA
# title: Names are short
deny_name contains $"{input.metadata.name} is no name" if {
	input.metadata.name == "no-name" or count(input.metadata.name) > bounds.longest
}

deny_token contains msg if {
	[_, claims, _] := io.jwt.decode("eyJhbGciOiJub25lIn0.eyJpc3MiOiJ0ZWFtIn0.")
	msg := $"{claims.iss} is the issuer"
}

deny_deep contains "it is deep" if deep[0][0][0][0][0][0][0][0][0][0][0][0][0] == 1

deep := [[[[[[[[[[[[[1]]]]]]]]]]]]]

deny_tier contains tier

tier := "low" if input.spec.risk.tier == "none"

else := "the tier is " if not input.spec.risk.tier

else := concat(" ", ["the", "tier", input.spec.risk.tier])
# """
    + "x" * 1100
    + """
"""
)


@pytest.fixture
def hosted(tmp_path: Path) -> Hosted:
    return Hosted(tmp_path)


def judged(hosted: Hosted, own: str, engine: str, *more: str, extra: str = "", path: str | None = None) -> Run:
    """What the gate says of a small change where the base has this policy and names this engine."""
    config = f"{(hosted.path / CONFIG).read_text()}\nengine: {engine}\n{extra}"
    files: dict[str, str | bytes] = {OWN: own, CONFIG: config}
    files[".changegate/policies/acme/data.json"] = json.dumps({"limits": {"longest": 5}})
    hosted.repo.commit(files, "own policies")
    hosted.protect()
    head = hosted.propose({RESEARCH: hosted.edit(RESEARCH, "version: 0.3.0", "version: 0.4.0")})
    env = hosted.event(head) | {"PATH": path_with(program().parent) if path is None else path}
    return hosted.run(*more, env=env, approved=head)


def findings(run: Run) -> dict[str, str]:
    return {one["rule"]: one["message"] for subject in run.verdict["subjects"] for one in subject["findings"]}


def test_what_only_opa_takes_decides_on_opa(hosted: Hosted) -> None:
    run = judged(hosted, ONLY_OPA, "opa")
    assert (run.code, run.verdict["verdict"]) == (1, "closed"), run.out
    assert findings(run) == {
        "own/acme/deny_name": "recommender-research is no name",
        "own/acme/deny_token": "team is the issuer",
        "own/acme/deny_deep": "it is deep",
        "own/acme/deny_tier": "the tier low",
    }


CHAIN = """# METADATA
# title: All of acme
package acme.deep

# METADATA
# title: Where it stands
deny contains msg if {
	some one in rego.metadata.chain()
	msg := concat("/", array.concat(one.path, [one.annotations.title, rego.metadata.rule().title]))
}
"""


def test_metadata_tells_the_paths_of_the_policy_as_it_was_written(hosted: Hosted) -> None:
    run = judged(hosted, CHAIN, "opa")
    assert (run.code, run.verdict["verdict"]) == (1, "closed"), run.out
    said = {one["message"] for subject in run.verdict["subjects"] for one in subject["findings"]}
    assert said == {"acme/deep/All of acme/Where it stands", "acme/deep/deny/Where it stands/Where it stands"}


@pytest.mark.parametrize("engine", ["embedded", "opa"])
def test_a_package_may_have_names_in_brackets(hosted: Hosted, engine: str) -> None:
    own = """package acme["a-b"]["c d.e"]

limit := 5

exception contains ["size"] if input.metadata.owner == "nobody"

deny_size contains "it is long" if count(input.metadata.name) > data.acme["a-b"]["c d.e"].limit
"""
    run = judged(hosted, own, engine)
    assert (run.code, findings(run)) == (1, {"own/acme.a_b.c_d_e/deny_size": "it is long"}), run.out
    hosted.repo.switch("main")
    other = "package acme.a_b.c_d_e\n\nimport rego.v1\n\ndeny_size contains {} if false\n".format('"x"')
    hosted.repo.commit({".changegate/policies/other.rego": other}, "one more of that id")
    hosted.protect()
    run = hosted.run(env=hosted.event(hosted.repo.id("topic")) | {"PATH": path_with(program().parent)})
    (failure,) = run.verdict["failures"]
    assert (run.code, "the rule own/acme.a_b.c_d_e/deny_size exists already" in failure["message"]) == (2, True)


def test_on_the_embedded_engine_it_is_refused_with_both_ways_out(hosted: Hosted) -> None:
    run = judged(hosted, ONLY_OPA, "embedded")
    assert run.code == 2
    (failure,) = run.verdict["failures"]
    assert failure["place"] == f"{OWN}:{ONLY_OPA.count(chr(10))}"
    assert failure["hint"].startswith("break the line; or let an OPA decide: `engine: opa` in .changegate/config.yaml")


def test_where_only_a_server_is_there_what_cannot_be_read_is_said(hosted: Hosted, tmp_path: Path) -> None:
    folder = tmp_path / "server"
    folder.mkdir()
    with running(folder) as server:
        run = judged(hosted, ONLY_OPA, "opa", "--opa-url", server.url, path="/usr/bin:/bin")
        assert run.code == 2
        (failure,) = run.verdict["failures"]
        assert failure["place"] == f"{OWN}:{ONLY_OPA.count(chr(10))}"
        assert "put an `opa` program on the PATH" in failure["hint"]
        assert "engine: opa" not in failure["hint"]
        env = hosted.event(hosted.repo.git("rev-parse", "topic").strip())
        run = hosted.run("--opa-url", server.url, env=env | {"PATH": path_with(program().parent)})
        assert len(findings(run)) == 4, run.out
        assert server.left() == []


REACHING = {
    "http.send": 'http.send({"url": "http://localhost", "method": "get"})',
    "opa.runtime": "opa.runtime().env.PATH",
    "rand.intn": 'rand.intn("x", 3)',
    "io.jwt.decode_verify": 'io.jwt.decode_verify("x", {"secret": "y"})',
    "json.match_schema": 'json.match_schema(input, {"$ref": "http://localhost/schema.json"})',
    "net.lookup_ip_addr": 'net.lookup_ip_addr("localhost")',
}


@pytest.mark.parametrize("engine", ["embedded", "opa"])
@pytest.mark.parametrize("name", REACHING)
def test_what_reaches_out_is_refused_by_name_with_its_line(hosted: Hosted, engine: str, name: str) -> None:
    run = judged(hosted, f'package acme\n\ndeny contains "x" if {{\n\tx := {REACHING[name]}\n\tx\n}}\n', engine)
    assert run.code == 2
    (failure,) = run.verdict["failures"]
    assert failure["message"].startswith(f"the builtin {name} ")
    assert failure["place"] == f"{OWN}:4"
    assert failure["hint"]
    assert "engine: opa" not in failure["hint"]


def test_one_that_is_put_in_the_place_of_a_function_is_refused_too(hosted: Hosted) -> None:
    own = 'package acme\n\ndeny contains "x" if f({}) with f as http.send\n\nf(x) := x\n'
    run = judged(hosted, own, "opa")
    assert run.code == 2
    assert run.verdict["failures"][0]["message"] == "the builtin http.send reaches the network"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("count([1 | some x in numbers.range(1, 2000); some y in numbers.range(1, 50000); x + y < 0]) == 0", "longer"),
        ("count({y: z | some y in numbers.range(1, 9000000); z := [y, y, y]}) == 0", "more memory"),
    ],
    ids=["time", "memory"],
)
def test_what_runs_away_is_stopped_and_named(hosted: Hosted, body: str, told: str) -> None:
    limits = "policies: {limits: {seconds: 4, memoryMiB: 128}}\n"
    run = judged(hosted, f'package acme\n\ndeny contains "x" if {body}\n', "opa", extra=limits)
    assert run.code == 2
    (failure,) = run.verdict["failures"]
    assert "the policy package acme" in failure["message"]
    assert told in failure["message"] or (told == "more memory" and "longer" in failure["message"])
    assert failure["place"] == f"{OWN}:3"
    assert "policies.limits" in failure["hint"]


def test_the_clock_is_the_time_of_the_run_on_both(hosted: Hosted) -> None:
    own = 'package acme\n\ndeny contains msg if {\n\tmsg := sprintf("%d", [time.now_ns()])\n}\n'
    first = judged(hosted, own, "opa")
    assert list(findings(first)) == ["own/acme/deny"]
    here = changegate(
        *("check", "--base", "main", "--head", "topic", "--engine", "embedded", "--now", fixtures.NOW),
        f"-ojson={hosted.folder / 'here.json'}",
        cwd=hosted.path,
    )
    assert here.code == first.code
    subjects = json.loads((hosted.folder / "here.json").read_text())["subjects"]
    assert [one["message"] for subject in subjects for one in subject["findings"]] == [*findings(first).values()]


def test_what_opa_refuses_is_refused_in_its_words_with_the_line(hosted: Hosted) -> None:
    run = judged(hosted, 'package acme\n\ndeny contains "x" if {\n\tcount(nobody) > 1\n}\n', "opa")
    assert run.code == 2
    (failure,) = run.verdict["failures"]
    assert "nobody is unsafe" in failure["message"]
    assert failure["place"] == f"{OWN}:4"


# What a change brings is tried on the engine that would evaluate it


def proposed(hosted: Hosted, files: dict[str, str | bytes], *, base: str = "opa", path: str | None = None) -> Run:
    """What the gate says of a change of control files that everybody has approved, where the base names an engine."""
    config = f"{(hosted.path / CONFIG).read_text()}\nengine: {base}\n"
    hosted.repo.commit({CONFIG: config, OWN: 'package acme\n\ndeny contains "x" if input.nothing\n'}, "own policies")
    hosted.protect()
    head = hosted.propose(files)
    env = hosted.event(head) | {"PATH": path_with(program().parent) if path is None else path}
    return hosted.run(env=env, approved=head)


def invalid(run: Run) -> list[tuple[str, int, str]]:
    every = [one for subject in run.verdict["subjects"] for one in subject["findings"]]
    return [
        (one["location"]["file"], one["location"]["line"], one["message"])
        for one in every
        if one["rule"] == "control/invalid"
    ]


def test_a_change_that_only_opa_takes_is_valid_where_the_base_names_it(hosted: Hosted) -> None:
    data = json.dumps({"limits": {"longest": 50}})
    run = proposed(hosted, {OWN: ONLY_OPA, ".changegate/policies/acme/data.json": data})
    assert invalid(run) == []
    assert run.code == 0, run.out


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ('package acme\n\ndeny contains "x" if {\n\tcount(nobody) > 1\n}\n', 4, "nobody is unsafe"),
        ('package acme\n\ndeny contains "x" if {\n\tx = := 1\n}\n', 4, "OPA does not parse it"),
        ('package acme\n\ndeny contains "x" if {\n\thttp.send({}).body\n}\n', 4, "http.send reaches the network"),
    ],
    ids=["compile", "parse", "reach out"],
)
def test_a_change_that_opa_would_refuse_is_a_finding_on_its_line(
    hosted: Hosted, text: str, line: int, told: str
) -> None:
    run = proposed(hosted, {OWN: text})
    assert run.code == 1
    ((file, at, message),) = invalid(run)
    assert (file, at) == (OWN, line)
    assert told in message


def test_a_change_to_an_engine_that_is_not_there_is_a_finding(hosted: Hosted) -> None:
    rows = (hosted.path / CONFIG).read_text().splitlines()
    config = "\n".join([*rows, "engine: opa", ""])
    run = proposed(hosted, {CONFIG: config}, base="embedded", path="/usr/bin:/bin")
    assert run.code == 1
    ((file, line, message),) = invalid(run)
    assert (file, line) == (CONFIG, len(config.splitlines()))
    assert "there is no `opa` on the PATH" in message


def test_a_base_that_opa_does_not_take_has_a_way_back(hosted: Hosted) -> None:
    config = f"{(hosted.path / CONFIG).read_text()}\nengine: opa\n"
    hosted.repo.commit({CONFIG: config, OWN: "package acme\n\ndeny contains x if {"}, "broken")
    hosted.protect()
    head = hosted.propose({OWN: 'package acme\n\ndeny contains $"{input.nothing}" if input.nothing\n'})
    run = hosted.run(env=hosted.event(head) | {"PATH": path_with(program().parent)}, approved=head)
    assert run.code == 0, run.out
    assert any("does not load" in note for note in run.verdict["notes"])
    assert run.verdict["context"]["engine"].startswith("opa ")


def test_its_record_is_decided_again_by_an_opa(hosted: Hosted, tmp_path: Path) -> None:
    record = tmp_path / "record.json"
    judged(hosted, ONLY_OPA, "opa", f"-orecord={record}")
    run = changegate("replay", record, "-o", "json", cwd=tmp_path, env={"PATH": path_with(program().parent)})
    assert run.code == 0, run.out + run.err
    assert json.loads(run.out)["engine"].startswith("opa ")


def test_a_trace_says_that_the_embedded_engine_cannot_make_it(hosted: Hosted) -> None:
    judged(hosted, ONLY_OPA, "opa")
    words = ("check", "--base", "main", "--head", "topic", "--trace", "own/acme/deny_name", "--now", fixtures.NOW)
    run = changegate(*words, cwd=hosted.path, env={"PATH": path_with(program().parent)})
    assert run.code == 1, run.out + run.err
    assert "no trace of own/acme/deny_name for " in run.err
    assert "Traceback" not in run.out + run.err
