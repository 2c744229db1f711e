"""The engine `opa` against a real OPA: what it answers, what it leaves, and how it is reached."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from changegate.errors import EngineError, PolicyError, UsageError
from changegate.rego.bundle import Bundle, Module, shipped
from changegate.rego.engines import EngineOptions, Secret, open_host
from changegate.rego.engines.embedded import Embedded
from support.opa import AUTHZ, TOKEN, Authority, free_port, path_with, program, running, tls
from support.policies import METADATA, OWN_FILE, bundle, line_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.opa import Running

RELEASE = {"subject": {"kind": "release"}, "release": {"spec": {"version": "1"}}}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("opa")) as made:
        yield made


@pytest.fixture(params=["theirs", "ours"])
def options(request: pytest.FixtureRequest, server: Running, monkeypatch: pytest.MonkeyPatch) -> EngineOptions:
    """A server that somebody runs, and one that is started."""
    if request.param == "theirs":
        return EngineOptions(engine="opa", opa_url=server.url)
    monkeypatch.setenv("PATH", path_with(program().parent))
    return EngineOptions(engine="opa")


def ask(options: EngineOptions, policies: Bundle, document: Any, *references: str) -> dict[str, Any]:
    host = open_host(options)
    try:
        return host.load(policies).query(references or ("data.own.answer",), document)
    finally:
        host.close()


def own(text: str, **more: str) -> Bundle:
    files = {"own.rego": f"package own\n\n{text}\n", **{f"{name}.rego": other for name, other in more.items()}}
    return Bundle(tuple(Module(name, source) for name, source in files.items()))


def test_a_decision_is_that_of_the_embedded_engine(options: EngineOptions) -> None:
    host = open_host(options)
    try:
        engine = host.load(bundle())
        assert engine.decide(RELEASE) == Embedded(bundle()).decide(RELEASE)
        assert engine.decide({"subject": {"kind": "retirement"}})["outcomes"] == {}
    finally:
        host.close()


def test_the_shipped_policies_decide_alike(options: EngineOptions) -> None:
    asked = {"subject": {"kind": "change-set"}}
    answered = ask(options, shipped(), asked, "data.changegate.main.decision")
    assert answered == Embedded(shipped()).query(("data.changegate.main.decision",), asked)


def test_files_of_one_package_name_each_others_rules(options: EngineOptions) -> None:
    policies = own("answer := [named, high]", a="package own\n\nnamed := high\n", z="package own\n\nhigh := input.x\n")
    assert ask(options, policies, {"x": 3}) == {"data.own.answer": [3, 3]}


def test_nothing_is_left_on_their_server(server: Running) -> None:
    policies = Bundle(own("answer := data.limits.high").modules, {"limits": {"high": 3}})
    assert ask(EngineOptions(engine="opa", opa_url=server.url), policies, {}) == {"data.own.answer": 3}
    assert server.left() == []


def test_the_name_says_the_version_and_where(options: EngineOptions) -> None:
    host = open_host(options)
    try:
        assert host.name in {f"opa 1.22.2 ({options.opa_url})", "opa 1.22.2 (started by changegate)"}
        assert host.load(bundle()).name == host.name
    finally:
        host.close()


# What is asked and answered


@pytest.mark.parametrize(
    "value",
    [2**53 + 1, 12345678901234567890123, -(2**64), 0.1, 1e300, "é\u2028", "\U0001f600", "models/\udcff\udc80.yaml", ""],
)
def test_values_arrive_whole(options: EngineOptions, value: Any) -> None:
    answer = ask(options, own("answer := {input.value: [input.value]}"), {"value": value})["data.own.answer"]
    assert next(iter(answer.values())) == [value]
    if isinstance(value, str):
        assert list(answer) == [value]


def test_a_large_integer_arrives_digit_by_digit(options: EngineOptions) -> None:
    answer = ask(options, own("answer := input.value"), {"value": 12345678901234567890123})
    assert str(answer["data.own.answer"]) == "12345678901234567890123"


def test_half_a_character_is_refused(options: EngineOptions) -> None:
    with pytest.raises(EngineError, match="cannot be given"):
        ask(options, own("answer := input.value"), {"value": "\ud800"})


def test_depth_is_bounded_as_in_the_embedded_engine(options: EngineOptions) -> None:
    value: Any = 1
    for _ in range(64):
        value = [value]
    with pytest.raises(EngineError, match="nested over 64 levels deep"):
        ask(options, own("answer := input"), {"value": value})


def test_what_is_undefined_is_left_out(options: EngineOptions) -> None:
    policies = own('answer := 1 if input.x\n\nother := "<undefined>"')
    assert ask(options, policies, {}, "data.own.answer", "data.own.other") == {"data.own.other": "<undefined>"}


def test_many_rules_are_asked_in_one_exchange(server: Running) -> None:
    rules = 'deny contains "no" if input.bad\n\nn := {n} if input.n > {n}\n'
    texts = {f"p{n}": f"package p{n}.x\n\n" + rules.replace("{n}", str(n)) for n in range(8)}
    policies = own("answer := count(input.list)\n\nq.r := 1 if input.bad", **texts)
    references = [f"data.p{n}.x.{rule}" for n in range(8) for rule in ("deny", "n")]
    document = {"n": 3, "bad": True, "list": [2**60], "rules": {}}
    before = len(server.asked())
    options = EngineOptions(engine="opa", opa_url=server.url)
    assert ask(options, policies, document, *references) == Embedded(policies).query(references, document)
    asked = ask(options, policies, document, "data.own.answer", "data.own.q")
    assert asked == {"data.own.answer": 1, "data.own.q": {"r": 1}}
    asked = ask(options, policies, document, "data.own.answer", "data.own.q.r", "data.own.none")
    assert asked == {"data.own.answer": 1, "data.own.q.r": 1}
    posts = [path for method, path in server.asked()[before:] if method == "POST" and "_all/answer" in path]
    assert len(posts) == 2
    # What is not asked is not evaluated: a rule of a wrong type elsewhere stops nothing.
    assert ask(options, policies, {"n": 3, "list": 5}, *references)["data.p0.x.n"] == 0
    with pytest.raises(PolicyError, match="count") as caught:
        ask(options, policies, {"n": 3, "list": 5}, *references, "data.own.answer")
    assert caught.value.place == "own.rego:3"


def test_packages_with_odd_names_are_asked(options: EngineOptions) -> None:
    policies = Bundle((Module("a.rego", 'package own["a.b/c"]["%2e .. é"]\n\nanswer := 1\n'),))
    reference = 'data.own["a.b/c"]["%2e .. é"].answer'
    assert ask(options, policies, {}, reference) == {reference: 1}


def test_a_wrong_type_is_an_error_and_names_file_and_line(options: EngineOptions) -> None:
    body = 'outcome["own/holds"] := {"outcome": "passed"} if count(input.release.number) == 1 # here'
    policies = bundle(METADATA + body)
    (text,) = (module.text for module in policies.modules if module.name == OWN_FILE)
    document = {"subject": {"kind": "release"}, "release": {"number": 5}}
    host = open_host(options)
    try:
        with pytest.raises(PolicyError, match="count: operand 1 must be one of") as caught:
            host.load(policies).decide(document)
    finally:
        host.close()
    assert (caught.value.file, caught.value.line) == (OWN_FILE, line_of(text, "# here"))
    assert "changegate_run" not in caught.value.message + caught.value.hint


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("answer := data.own.f(1)", "undefined function data.own.f", 3),
        ("answer := x", "var x is unsafe", 3),
        ("\n\nanswer := 1 if count(1)", "rego_type_error|invalid argument", 5),
    ],
)
def test_what_does_not_compile_names_the_users_own_file(
    options: EngineOptions, text: str, message: str, line: int
) -> None:
    with pytest.raises(PolicyError) as caught:
        ask(options, own(text), {})
    if "builtin" not in caught.value.message:
        assert caught.value.line == line
    assert caught.value.file == "own.rego"
    assert "changegate_run" not in caught.value.message


# Under a root of the run's own


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("answer := data.limits.high", 3),
        ('answer := data["limits"].high', 3),
        ("answer := {name: value | some name, value in data.limits}", {"high": 3, "low": 1}),
        ("answer := data.limits[input.name]", 1),
        ("answer := data.words[data.limits.low]", "b"),
        ("answer := {data.limits.high: [data.limits.low | true]}", {"3": [1]}),
        ("import data.limits\n\nanswer := limits.high", 3),
        ("import data.limits as l\n\nanswer := l.high", 3),
        ('import data["limits"]\n\nanswer := limits.high', 3),
        ("import data as everything\n\nanswer := everything.limits.high", 3),
        ("answer := x if x := mocked with data.limits.high as data.limits.low\n\nmocked := data.limits.high", 1),
        ("answer := x if {\n\tsome x in data.words\n\tevery y in data.words { y >= x }\n}", "a"),
        ("answer := 1 if false\n\nelse := data.limits.low if not data.limits.none", 1),
        ("answer := f(data.limits)\n\nf(x) := x.high if x == data.limits", 3),
        ("default answer := 7\n\nanswer := data.none.x", 7),
        ("answer := input.data\n\ndatabase := 1", "data"),
    ],
)
def test_every_way_to_say_data_is_moved(options: EngineOptions, text: str, expected: Any) -> None:
    policies = Bundle(own(text).modules, {"limits": {"high": 3, "low": 1}, "words": ["a", "b"]})
    document = {"name": "low", "data": "data"}
    assert ask(options, policies, document) == {"data.own.answer": expected}
    assert Embedded(policies).query(("data.own.answer",), document) == {"data.own.answer": expected}


def test_functions_are_there_when_they_are_called(options: EngineOptions) -> None:
    policies = own(
        "import data.b\n\nanswer := b.twice(2)\n",
        b="package b\n\nimport data.z\n\ntwice(x) := z.both(x, x)\n",
        z="package z\n\nboth(x, y) := [x, y]\n",
    )
    assert ask(options, policies, {}) == {"data.own.answer": [2, 2]}


def test_packages_whose_functions_call_each_other_are_loaded(options: EngineOptions, server: Running) -> None:
    policies = own(
        "import data.b\n\nanswer := [b.one(1), data.b.three(3)]\n\ntwo(x) := count([x]) + 1\n",
        b="package b\n\nimport data.own\n\none(x) := own.two(x)\n\nthree(x) := x\n",
    )
    assert ask(options, policies, {}) == {"data.own.answer": [2, 3]}
    assert server.left() == []


@pytest.mark.parametrize(
    "text",
    [
        "import data\n\nanswer := 1",
        "import input.data\n\nanswer := 1",
        "answer := y if {\n\tsome data in [1]\n\ty := data\n}",
        "f(data) := 1\n\nanswer := 1",
    ],
)
def test_a_name_that_hides_data_is_refused(options: EngineOptions, text: str) -> None:
    with pytest.raises(PolicyError, match="is called `data`") as caught:
        ask(options, own(text), {})
    assert caught.value.place.startswith("own.rego:")


def test_own_policies_do_not_see_those_of_the_server(tmp_path: Path) -> None:
    (tmp_path / "secret.rego").write_text("package secret\n\nword := 1\n")
    with running(tmp_path, str(tmp_path / "secret.rego")) as theirs:
        assert theirs.get("/v1/data/secret/word")["result"] == 1
        options = EngineOptions(engine="opa", opa_url=theirs.url)
        assert ask(options, own('answer := [x | x := data["secret"].word]'), {}) == {"data.own.answer": []}


def test_many_runs_at_once_do_not_disturb_each_other(server: Running) -> None:
    code = """
import sys
from changegate.rego.bundle import Bundle, Module
from changegate.rego.engines import EngineOptions, open_host
number = int(sys.argv[2])
host = open_host(EngineOptions(engine="opa", opa_url=sys.argv[1]))
text = f"package own\\n\\nanswer := [{number}, data.lib.f({number})]\\n"
lib = f"package lib\\n\\nf(x) := [x, {number + 100}]\\n"
engine = host.load(Bundle((Module("a.rego", text), Module("b.rego", lib))))
for _ in range(20):
    print(engine.query(("data.own.answer",), {})["data.own.answer"])
host.close()
"""
    runs = [
        subprocess.Popen([sys.executable, "-c", code, server.url, str(number)], stdout=subprocess.PIPE, text=True)
        for number in range(6)
    ]
    for number, run in enumerate(runs):
        assert run.communicate(timeout=120)[0].splitlines() == [f"[{number}, [{number}, {number + 100}]]"] * 20
        assert run.returncode == 0
    assert server.left() == []


# A connection belongs to one process


def test_forks_ask_on_connections_of_their_own(options: EngineOptions, server: Running) -> None:
    code = """
import os, sys
from changegate.rego.bundle import Bundle, Module
from changegate.rego.engines import EngineOptions, open_host
host = open_host(EngineOptions(engine="opa", opa_url=sys.argv[1]))
engine = host.load(Bundle((Module("own.rego", "package own\\n\\nanswer := input.x\\n"),)))
assert engine.query(("data.own.answer",), {"x": -1}) == {"data.own.answer": -1}
children = []
for child in range(4):
    pid = os.fork()
    if not pid:
        asked = [[child, n] for n in range(50)]
        good = all(engine.query(("data.own.answer",), {"x": x}) == {"data.own.answer": x} for x in asked)
        host.close()  # a fork takes nothing away
        os._exit(0 if good else 1)
    children.append(pid)
assert all(os.waitpid(pid, 0)[1] == 0 for pid in children)
assert engine.query(("data.own.answer",), {"x": 7}) == {"data.own.answer": 7}
host.close()
"""
    done = subprocess.run(
        [sys.executable, "-c", code, options.opa_url], capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert server.left() == []


# TLS and tokens


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


def test_a_server_is_verified_by_the_authority_that_is_named(authority: Authority, tmp_path: Path) -> None:
    with running(tmp_path, *tls(authority.pair("good", "127.0.0.1"))) as secure:
        options = EngineOptions(engine="opa", opa_url=secure.url, opa_ca=str(authority.file))
        assert ask(options, own("answer := 1"), {}) == {"data.own.answer": 1}
        with pytest.raises(EngineError, match="certificate verify failed") as caught:
            open_host(options._replace(opa_ca=""))
        assert "--opa-ca" in caught.value.hint
        other = Authority(tmp_path, "other")
        with pytest.raises(EngineError, match="certificate verify failed"):
            open_host(options._replace(opa_ca=str(other.file)))
        with pytest.raises(EngineError, match="HTTPS server") as caught:
            open_host(EngineOptions(engine="opa", opa_url=secure.url.replace("https", "http")))
        assert "https://" in caught.value.hint


def test_a_certificate_for_another_host_is_none(authority: Authority, tmp_path: Path) -> None:
    with running(tmp_path, *tls(authority.pair("other", "opa.example.com"))) as secure:
        with pytest.raises(EngineError, match="mismatch") as caught:
            open_host(EngineOptions(engine="opa", opa_url=secure.url, opa_ca=str(authority.file)))
        assert "--opa-url" in caught.value.hint


def test_a_server_may_ask_who_we_are(authority: Authority, tmp_path: Path) -> None:
    client, stranger = authority.pair("client"), Authority(tmp_path, "stranger").pair("stranger")
    server = tls(authority.pair("mutual", "127.0.0.1"), "--authentication", "tls", "--tls-ca-cert-file")
    with running(tmp_path, *server, str(authority.file)) as secure:
        options = EngineOptions(engine="opa", opa_url=secure.url, opa_ca=str(authority.file), opa_retries=0)
        known = options._replace(opa_cert=str(client.certificate), opa_key=str(client.key))
        assert ask(known, own("answer := 1"), {}) == {"data.own.answer": 1}
        with pytest.raises(EngineError) as caught:
            open_host(options)
        assert "--opa-cert" in caught.value.hint
        with pytest.raises(EngineError):
            open_host(options._replace(opa_cert=str(stranger.certificate), opa_key=str(stranger.key)))


def test_plain_http_is_told_apart_from_tls(server: Running) -> None:
    with pytest.raises(EngineError, match="no safe connection") as caught:
        open_host(EngineOptions(engine="opa", opa_url=server.url.replace("http", "https")))
    assert "http://" in caught.value.hint


def test_a_token_opens_the_server_and_is_never_shown(tmp_path: Path) -> None:
    (tmp_path / "authz.rego").write_text(AUTHZ)
    arguments = ("--authentication", "token", "--authorization", "basic", str(tmp_path / "authz.rego"))
    with running(tmp_path, *arguments) as guarded:
        options = EngineOptions(engine="opa", opa_url=guarded.url, opa_token=Secret(TOKEN))
        assert ask(options, own("answer := 1"), {}) == {"data.own.answer": 1}
        assert guarded.left(TOKEN) == []
        assert TOKEN not in repr(options) + str(options)
        for wrong in ("", "a-wrong-token"):
            with pytest.raises(EngineError, match="HTTP 401") as caught:
                ask(options._replace(opa_token=Secret(wrong)), own("answer := 1"), {})
            assert "CHANGEGATE_OPA_TOKEN" in caught.value.hint
            assert "a-wrong-token" not in caught.value.message + caught.value.hint


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"opa_url": "ftp://localhost"}, "neither http"),
        ({"opa_url": "localhost:8181"}, "neither http"),
        ({"opa_url": "http://user:hunter2@localhost"}, "holds a password"),
        ({"opa_url": "http://localhost/opa"}, "a path"),
        ({"opa_url": "http://localhost?x=1"}, "a path, a query"),
        ({"opa_url": "http://"}, "names no host"),
        ({"opa_url": "http://localhost:99999"}, "cannot be read"),
        ({"opa_url": "http://a b"}, "names no host"),
        ({"opa_url": "http://[::1"}, "cannot be read"),
        ({"opa_url": "http://opa.example.com", "opa_token": Secret("hunter2")}, "for anybody to read"),
        ({"opa_url": "http://localhost", "opa_ca": "ca.pem"}, "--opa-ca is for TLS"),
        ({"opa_url": "https://localhost", "opa_ca": "/nowhere.pem"}, "there is no file"),
        ({"opa_url": "https://localhost", "opa_ca": __file__}, "holds no certificate"),
        ({"opa_url": "https://localhost", "opa_key": __file__}, "none is given"),
        ({"opa_url": "https://localhost", "opa_cert": __file__}, "no certificate with its key"),
        ({"opa_ca": "ca.pem"}, "for a server of your own"),
        ({"opa_bundle_revision": "1"}, "for a server of your own"),
    ],
)
def test_options_that_make_no_sense_are_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        open_host(EngineOptions(engine="opa", **changed))
    assert caught.value.hint
    assert "hunter2" not in caught.value.message + caught.value.hint


def test_nothing_of_the_environment_changes_where_it_goes(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", os.devnull)
    assert ask(EngineOptions(engine="opa", opa_url=server.url), own("answer := 1"), {}) == {"data.own.answer": 1}
