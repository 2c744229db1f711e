"""Measures one decision on both engines, side by side in one run, and prints the table that README.md shows. See there.

The input documents are those of the fixtures' eight models, as the gate makes them. Each round asks both engines for
each of them, in turns, so that what else the machine does hits both alike.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from changegate import fixtures, gate
from changegate.rego.bundle import Bundle, Module, shipped
from changegate.rego.engines import EngineOptions, open_host
from changegate.rego.engines.compiled import engine_for
from changegate.rego.engines.embedded import Embedded
from changegate.rego.engines.engine import DECISION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from changegate.rego.engines import Engine, Host

OURS_STYLE = """\
package own{n}

outcome["own{n}/tier"] := {{"outcome": "not-applicable", "reason": "research"}} if input.release.spec.risk.tier == "low"

else := {{"outcome": "passed"}} if {{
	count(input.release.spec.artifacts) > 0
	every artifact in input.release.spec.artifacts {{ artifact.name != "forbidden-{n}" }}
}}

else := {{"outcome": "failed", "violations": violations}}

violations := [{{"path": ["spec", "artifacts"], "details": {{}}}}]
"""
CONFTEST_STYLE = """\
package theirs{n}

deny contains msg if {{
	some artifact in input.spec.artifacts
	artifact.name == "forbidden-{n}"
	msg := concat(" ", ["forbidden:", artifact.name])
}}

warn contains "no labels" if count(object.get(input.metadata, "labels", {{}})) == {n}
"""


def documents(folder: Path) -> list[dict[str, Any]]:
    """The input documents of a pull request that touches every model."""
    laid_out = fixtures.lay_out(folder / "repository", fixtures.touching_all(folder))
    subjects = gate.check(fixtures.request(laid_out, keep_input=True), {}).subjects
    return [subject.input for subject in subjects if subject.input and subject.input["subject"]["kind"] == "release"]


def own_policies() -> tuple[Bundle, list[str], list[str]]:
    """Fifty policies of a user's own, half of each style; what is asked of the first, and of the second."""
    modules = [Module(f"ours/{n}.rego", OURS_STYLE.format(n=n)) for n in range(25)]
    modules += [Module(f"theirs/{n}.rego", CONFTEST_STYLE.format(n=n)) for n in range(25)]
    ours = [f"data.own{n}.outcome" for n in range(25)]
    theirs = [f"data.theirs{n}.{rule}" for n in range(25) for rule in ("deny", "warn")]
    return Bundle(tuple(modules)), ours, theirs


def timed(
    questions: Sequence[Callable[[dict[str, Any]], Any]], asked: list[dict[str, Any]], rounds: int
) -> list[float]:
    """The median time of a question in milliseconds, for each kind of question; they take turns."""
    times: list[list[float]] = [[] for _ in questions]
    for _ in range(rounds):
        for document in asked:
            for at, question in enumerate(questions):
                started = time.perf_counter()
                question(document)
                times[at].append((time.perf_counter() - started) * 1000)
    return [statistics.median(one) for one in times]


def evaluation(url: str, root: str, document: dict[str, Any]) -> float:
    """OPA's own time for one decision in milliseconds, by its metrics: without HTTP and JSON."""
    import urllib.request

    data = json.dumps({"input": document}).encode()
    path = f"{url}/v1/data/{root}/changegate/main/decision?metrics=true&strict-builtin-errors=true"
    request = urllib.request.Request(path, data, {"Content-Type": "application/json"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as answer:
        return float(json.load(answer)["metrics"]["timer_rego_query_eval_ns"]) / 1e6


def memory(pid: int) -> float:
    """The proportional share of memory of a process, in MiB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


_ALONE = """
import sys, json
from pathlib import Path
from changegate.rego.bundle import shipped
from changegate.rego.engines.compiled import engine_for
from changegate.rego.engines.embedded import Embedded
sys.path.insert(0, sys.argv[1])
import engines
before = engines.memory(__import__("os").getpid())
import regorus
loaded = [engine_for(shipped())]
if sys.argv[3] == "own":
    loaded.append(Embedded(engines.own_policies()[0]))
for document in json.loads(Path(sys.argv[2]).read_text()):
    loaded[0].decide(document)
    if sys.argv[3] == "own":
        loaded[1].query(engines.own_policies()[1], document)
print(engines.memory(__import__("os").getpid()) - before)
"""


def embedded_memory(asked: Path, which: str) -> float:
    """What the embedded engine takes in a process of its own, with the policies and after the questions, in MiB."""
    command = [sys.executable, "-c", _ALONE, str(Path(__file__).parent), str(asked), which]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


class Server:
    """A plain OPA, as a user would run it."""

    def __init__(self) -> None:
        from changegate.rego.engines.opa.server import _free_port

        self.url = f"http://127.0.0.1:{_free_port()}"
        address = self.url.removeprefix("http://")
        command = ["opa", "run", "--server", "--addr", address, "--skip-version-check", "--log-level", "error"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def options(self) -> EngineOptions:
        return EngineOptions(engine="opa", opa_url=self.url, opa_timeout=60, opa_retries=8)


class Bench(NamedTuple):
    """What both parts of the table are measured with."""

    folder: Path
    asked: list[dict[str, Any]]
    """The input documents."""
    rounds: int
    server: Server
    local: Host

    def embedded_memory(self, which: str) -> float:
        return embedded_memory(self.folder / "asked.json", which)

    def server_memory(self) -> float:
        return memory(self.server.process.pid)


def rows(folder: Path, rounds: int) -> Iterator[str]:
    """The lines of the table."""
    asked = documents(folder)
    (folder / "asked.json").write_text(json.dumps(asked))
    server = Server()
    try:
        with closing(open_host(EngineOptions())) as local:
            bench = Bench(folder, asked, rounds, server, local)
            yield from shipped_rows(bench)
            yield from own_rows(bench)
    finally:
        server.process.kill()
        server.process.wait()


def shipped_rows(bench: Bench) -> Iterator[str]:
    """Our policies alone."""
    first = bench.asked[0]
    with closing(open_host(bench.server.options())) as theirs:
        started = time.perf_counter()
        engine_for(shipped()).decide(first)
        embedded_load = time.perf_counter() - started
        started = time.perf_counter()
        remote = theirs.load(shipped())
        remote.decide(first)
        remote_load = time.perf_counter() - started
        yield row("load the shipped policies, and answer once", embedded_load * 1000, remote_load * 1000)
        yield f"| the same, an OPA that is started for it | | {started_load(first) * 1000:.0f} ms | | |"
        plain, forked = engine_for(shipped()), bench.local.load(shipped())
        assert plain.decide(first) == remote.decide(first) == forked.decide(first)
        here, behind, there = timed([plain.decide, forked.decide, remote.decide], bench.asked, bench.rounds)
        yield row("one decision, embedded in this process", here, there, "at most 0.6")
        yield row("one decision, embedded as `check` runs it, in a process of its own", behind, there, "at most 0.6")
        root, url = remote._held.root, bench.server.url  # type: ignore[attr-defined]
        inside = statistics.median(evaluation(url, root, one) for one in bench.asked for _ in range(bench.rounds))
        yield row("one decision, beside OPA's own evaluation without HTTP", here, inside)
        yield row("memory, MiB", bench.embedded_memory("shipped"), bench.server_memory(), unit="MiB")


def own_rows(bench: Bench) -> Iterator[str]:
    """The same with fifty own policies."""
    own, ours_style, conftest_style = own_policies()
    first = bench.asked[0]
    with closing(open_host(bench.server.options())) as theirs:
        started = time.perf_counter()
        alone = engine_for(shipped()), Embedded(own)
        alone[0].decide(first)
        alone[1].query(ours_style, first)
        embedded_load = time.perf_counter() - started
        started = time.perf_counter()
        remote, other = theirs.load(shipped()), theirs.load(own)
        remote.decide(first)
        other.query(ours_style, first)
        remote_load = time.perf_counter() - started
        what = "load the shipped policies and fifty own, and answer once"
        yield row(what, embedded_load * 1000, remote_load * 1000)

        def with_own(main: Engine, other: Engine) -> Callable[[dict[str, Any]], Any]:
            def ask(document: dict[str, Any]) -> None:
                main.query((DECISION,), document)
                other.query(ours_style, document)
                other.query(conftest_style, document["release"])

            return ask

        forked = bench.local.load(shipped()), bench.local.load(own)
        questions = [with_own(*alone), with_own(*forked), with_own(remote, other)]
        here, behind, there = timed(questions, bench.asked, bench.rounds)
        yield row("one decision and fifty own policies, embedded in this process", here, there, "at most 0.6")
        yield row("the same, embedded as `check` runs it", behind, there, "at most 0.6")
        yield row("memory with these, MiB", bench.embedded_memory("own"), bench.server_memory(), unit="MiB")


def started_load(document: dict[str, Any]) -> float:
    """Seconds until an OPA that is started for a run has decided once."""
    started = time.perf_counter()
    host = open_host(EngineOptions(engine="opa", opa_timeout=60))
    host.load(shipped()).decide(document)
    taken = time.perf_counter() - started
    host.close()
    return taken


def row(what: str, embedded: float, opa: float, aim: str = "", unit: str = "ms") -> str:
    """One line: both figures, and the embedded engine's as a part of OPA's."""
    return f"| {what} | {embedded:.1f} {unit} | {opa:.1f} {unit} | {embedded / opa:.2f} | {aim} |"


def main() -> None:
    """Measure, and print Markdown."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=30, help="how often each model's document is asked about")
    given = options.parse_args()
    version = subprocess.run(["opa", "version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]
    print(
        f"Python {platform.python_version()}; {len(os.sched_getaffinity(0))} cores; OPA {version.partition(': ')[2]}\n"
    )
    print("| what | embedded | OPA over loopback | ratio | aim |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for line in rows(Path(folder), given.rounds):
            print(line, flush=True)


if __name__ == "__main__":
    main()
