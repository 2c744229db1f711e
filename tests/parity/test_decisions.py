"""A decision does not depend on the engine: every fixture, and what hypothesis makes of them, on both.

Every verdict on a fixture is come to again from its JSON report and from its record alone, too, on both.

Differences that were found are in docs/engine-differences.md; each is refused or mended.
"""

from __future__ import annotations

import json
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings

from changegate import fixtures
from changegate.audit import replay
from changegate.audit.record import parse_record
from changegate.names import Identity
from changegate.policy.catalogue import Catalogue
from changegate.rego.bundle import shipped
from changegate.rego.engines import EngineOptions, open_host
from changegate.rego.engines.compiled import Compiled
from changegate.report import ReportOptions, load_reporter
from changegate.verdict import DecidingPolicies, Subject, SubjectKind
from support import again, documents, program, tools

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.rego.engines import Engine

# NOTE: pytest's own plugins may have threads; Python 3.12 warns of every fork beside one.
pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")

Pair = tuple["Engine", "Engine"]


@pytest.fixture(scope="module")
def both(request: pytest.FixtureRequest) -> Iterator[Pair]:
    """Our policies on the embedded engine and on a real OPA."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(Path(tools.opa()).parent), prepend=":")
        with closing(open_host(EngineOptions())) as here, closing(open_host(EngineOptions(engine="opa"))) as there:
            yield here.load(shipped()), there.load(shipped())


CATALOGUE = Catalogue.of(shipped())


def decided(engine: Engine, document: Mapping[str, Any]) -> Any:
    """A whole decision as the gate reads it; the order of a rule's violations does not count, since they are a set."""
    about = document["subject"]
    identity = Identity(**about["identity"]) if "identity" in about else None
    decision = CATALOGUE.decode(engine.decide(document), Subject(SubjectKind(about["kind"]), identity))
    outcomes = {
        rule: outcome._replace(violations=tuple(sorted(outcome.violations, key=repr)))
        for rule, outcome in decision.outcomes.items()
    }
    return repr(decision._replace(outcomes=outcomes)).splitlines()


@cache
def compiled() -> Compiled:
    return Compiled(shipped(), program.made())


def assert_same(both: Pair, document: Mapping[str, Any]) -> None:
    here, there = (decided(engine, document) for engine in both)
    assert here == there
    assert compiled().run(json.dumps(document)) is not None  # the interpreter does not answer for the program
    assert decided(compiled(), document) == there


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in fixtures.cases()])
def test_fixture(case: fixtures.Case, both: Pair, tmp_path: Any) -> None:
    verdict = documents.verdict_of(tmp_path / "repository", case)
    for document in documents.inputs(verdict).values() if not verdict.failures else ():
        assert_same(both, document)
    report = again.report_of(verdict)
    assert again.differences(report) == []
    record = parse_record(load_reporter("record").render(verdict, ReportOptions()).encode(), case.name)
    assert record.policies == verdict.policies
    assert verdict.policies in (None, DecidingPolicies(shipped()))
    for engine in both:
        ask = again.RecordedPolicies(CATALOGUE, engine).decide
        assert again.differences(report, ask) == []
        assert replay.differences(record, ask) == ([], verdict.gate)


@pytest.fixture(scope="module")
def edits(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, Any]], dict[str, list[Any]]]:
    """The documents of every model, and what stands under their keys."""
    found = list(documents.inputs(documents.touching_all(tmp_path_factory.mktemp("edits") / "repository")).values())
    return found, documents.values_by_key(found)


def test_edited(both: Pair, edits: tuple[list[dict[str, Any]], dict[str, list[Any]]]) -> None:
    @settings(
        max_examples=150,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(documents.edited(*edits))
    def decide(document: dict[str, Any]) -> None:
        assert_same(both, document)

    decide()
