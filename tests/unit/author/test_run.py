"""Tests of policies: which are found, what each comes to, and that a failure says where and with what values."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from changegate.author.reports import console, json_report
from changegate.author.run import Wanted
from changegate.author.run import test as run_tests
from changegate.errors import PolicyError, UsageError
from changegate.rego.engines import EngineOptions
from support import tools
from support.writing import bundle, only, run, write
from support.writing import ran as ran_in

POLICY = """
    package a

    default allow := false

    allow if {
        input.x == 1
        input.y == 2
    }

    big contains item if {
        some item in input.items
        item > 1
    }
    """


def test_a_test_in_any_package_is_found_and_passes() -> None:
    report = run(
        bundle(
            a=POLICY + "\n    test_beside if count(big) == 0\n",
            a_test="package a_test\n\nimport data.a\n\ntest_apart if a.big == {2} with input.items as [1, 2]\n",
        )
    )
    assert [(one.case.reference, one.status) for one in report.results] == [
        ("data.a.test_beside", "passed"),
        ("data.a_test.test_apart", "passed"),
    ]
    assert report.exit_code == 0


def failed(test: str) -> tuple[str, int | None, tuple[str, ...]]:
    """Run one test that fails; answers the message, the line and the details."""
    result = only(run(bundle(a=POLICY, a_test=f"package a_test\n\nimport data.a\n\n{dedent(test).strip()}\n")))
    assert result.status == "failed", result
    assert result.file == "a_test.rego"
    return result.message, result.line, result.details


def test_a_comparison_shows_its_sides_and_the_variables() -> None:
    _, line, details = failed(
        """
        test_x if {
            number := 3
            found := a.big with input.items as [1, 2, 5]
            count(found) == number
            false
        }
        """
    )
    assert line == 8
    assert details == (
        "count(found) == number",
        "left: count(found) is 2",
        "right: number is 3",
        "given: found is [2, 5]",
        "found = [2, 5]",
        "number = 3",
    )


def test_sets_that_differ_say_in_what() -> None:
    _, line, details = failed("test_x if a.big == {2, 3} with input.items as [2, 4]")
    assert line == 5
    assert details == ("a.big == {2, 3} with input.items as [2, 4]", "left: a.big is [2, 4]")


def test_two_values_that_differ_say_in_what() -> None:
    _, _, details = failed(
        """
        test_x if {
            left := {"same": 1, "other": 2}
            right := {"same": 1, "other": 3, "more": 4}
            left == right
        }
        """
    )
    assert details[3:5] == ('at "more": nothing and 4', 'at "other": 2 and 3')


def test_a_default_is_no_pass_and_its_value_is_told() -> None:
    assert failed('test_x if a.allow with input as {"x": 1}') == (
        "line 5 does not hold",
        5,
        ('a.allow with input as {"x": 1}', "a.allow is false"),
    )


def test_what_is_missing_is_called_so() -> None:
    _, line, details = failed(
        """
        test_x if {
            given := {key: 1 | some key in ["a"]}
            given.b == 3
        }
        """
    )
    assert line == 7
    assert details[1:] == ("left: given.b is undefined", 'given = {"a": 1}')


def test_the_items_of_an_every_for_which_it_does_not_hold() -> None:
    _, line, details = failed('test_x if every key, value in {"p": 1, "q": 9} { value < 5; key != "" }')
    assert line == 5
    assert 'not for "q" → 9' in details
    assert not any('"p"' in one and one.startswith("not for") for one in details)


def test_a_negation_shows_what_it_negates() -> None:
    _, _, details = failed('test_x if not a.allow with input as {"x": 1, "y": 2}')
    assert details[1] == "negated: a.allow is true"


def test_of_several_sets_of_values_the_first_is_shown_with_their_number() -> None:
    _, line, details = failed(
        """
        test_x if {
            some number in [1, 2, 3]
            number > 3
        }
        """
    )
    assert line == 7
    assert details[1] == "left: number is 1, or 2, or 3"
    assert details[-1] == "(the first of 3 sets of values, none of which goes on)"


def test_a_value_that_is_not_true_is_a_failure() -> None:
    assert failed("test_x := 5")[0] == "its value is 5, and a test has to be true"
    assert failed("test_x := false")[0] == "its value is false, and a test has to be true"


def test_prints_belong_to_their_test() -> None:
    text = """
    package a_test

    test_one if {
        print("one", [1])
        false
    }

    test_two if print("two")
    """
    first, second = run(bundle(a_test=text)).results
    assert first.prints == ("a_test.rego:4: one [1]",)
    assert second.prints == ("a_test.rego:8: two",)


# What cannot be evaluated


def test_a_wrong_type_is_an_error_with_its_place_and_costs_no_other_test() -> None:
    text = """
    package a_test

    import data.a

    test_first if a.size == 0 with input.items as 5

    test_second if a.size == 2 with input.items as [1, 2]
    """
    report = run(bundle(a="package a\n\nsize := count(input.items)\n", a_test=text))
    first, second = report.results
    assert (first.status, first.file, first.line) == ("error", "a.rego", 3)
    assert "count" in first.message
    assert first.details == ("size := count(input.items)",)
    assert second.status == "passed"
    assert report.exit_code == 1


def test_a_test_that_runs_away_is_stopped_and_named_and_the_others_run() -> None:
    text = """
    package a_test

    test_before if true

    test_runaway if {
        some a in numbers.range(1, 30000)
        some b in numbers.range(1, 30000)
        [a, b] == []
    }

    test_after if 1 == 2
    """
    report = run(bundle(a_test=text), seconds=2, coverage=True)
    assert [one.status for one in report.results] == ["passed", "error", "failed"]
    assert "more than 2 seconds" in report.results[1].message
    assert report.results[1].line == 5
    assert report.coverage is None
    assert report.notes == ("the coverage was lost with a test that was stopped",)


def test_a_test_that_takes_too_much_memory_is_stopped_and_named() -> None:
    text = """
    package a_test

    test_large if {
        row := numbers.range(1, 2000000)
        all := [[x, y, z] | some x in row; some y in row; some z in row]
        count(all) > 0
    }

    test_after if true
    """
    large, after = run(bundle(a_test=text), seconds=20).results
    assert large.status == "error"
    assert "it was ended by" in large.message or "memory" in large.message or "seconds" in large.message
    assert after.status == "passed"


@pytest.mark.parametrize("engine", ["embedded", "opa"])
def test_each_definition_of_one_name_is_a_test(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As one rule they would pass as soon as one of the two does."""
    if engine == "opa":
        monkeypatch.setenv("PATH", str(Path(tools.opa()).parent), prepend=":")
    texts = bundle(
        a_test="package a\n\n# test_x\ntest_x if true\n\ntest_x if {\n\tfalse\n}\n\ntest_y if true\n",
        b_test="package a\n\ntest_x if true\n\ntest_x := 1\n",
        c_test="package c\n\ntest_x if true\n",
    )
    results = run_tests(texts, EngineOptions(engine), Wanted()).results
    assert [(one.case.name, one.case.file, one.case.line, one.status) for one in results] == [
        ("test_x", "a_test.rego", 4, "passed"),
        ("test_x#01", "a_test.rego", 6, "failed"),
        ("test_y", "a_test.rego", 10, "passed"),
        ("test_x#02", "b_test.rego", 3, "passed"),
        ("test_x#03", "b_test.rego", 5, "failed"),
        ("test_x", "c_test.rego", 3, "passed"),
    ]


@pytest.mark.parametrize("other", ["test_y if test_x", 'test_y if data.a_test["test_x"]', "default test_x := true"])
def test_a_name_of_two_tests_that_is_said_elsewhere_is_an_error(other: str) -> None:
    """Nobody could tell which of the two is meant."""
    twice = run(bundle(a_test=f"package a_test\n\ntest_x if true\n\ntest_x if false\n\n{other}\n")).results[0]
    assert (twice.status, twice.line) == ("error", 3)
    assert "defined twice" in twice.message


@pytest.mark.parametrize("head", ["test_x(y) if y", "test_x[y] if some y in [1]", "test_x contains 1"])
def test_what_is_no_plain_rule_is_no_pass(head: str) -> None:
    assert only(run(bundle(a_test=f"package a_test\n\n{head}\n"))).status == "error"


def test_a_test_that_is_still_to_be_written_is_skipped() -> None:
    report = run(bundle(a_test="package a_test\n\ntodo_test_x if false\n\ntest_y if true\n"))
    assert [one.status for one in report.results] == ["skipped", "passed"]
    assert report.exit_code == 0


@pytest.mark.parametrize(
    ("policy", "place"),
    [
        ("package a\n\nx := nowhere(1)\n", "a.rego:3"),
        ("package a\n\nx if y == 1\n", "a.rego:3"),
        ("package a\n\nx if {\n", "a.rego:3"),
        ("package a\n\nx := http.send({})\n", "a.rego:3"),
    ],
)
def test_what_does_not_compile_or_is_refused_is_no_result(policy: str, place: str) -> None:
    with pytest.raises(PolicyError) as caught:
        run(bundle(a=policy, a_test="package a_test\n\ntest_x if true\n"))
    assert caught.value.place == place
    assert caught.value.hint


def test_nothing_tested_is_no_pass(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no tests"):
        run(bundle(a="package a\n\nx := 1\n"))
    import re

    with pytest.raises(UsageError, match="none of 1 tests"):
        run(bundle(a_test="package a_test\n\ntest_x if true\n"), pattern=re.compile("nothing"))
    with pytest.raises(UsageError, match="there is no policy"):
        ran_in(write(tmp_path / "empty"))


def test_literals_may_be_deep() -> None:
    deep = '{"a": {"b": {"c": {"d": {"e": 1}}}}}'
    test = f"package a_test\n\nimport data.a\n\ntest_x if a.x == {deep}\n"
    assert only(run(bundle(a=f"package a\n\nx := {deep}\n", a_test=test))).status == "passed"


def test_of_ours_is_there_what_own_policies_may_import_and_nothing_else(tmp_path: Path) -> None:
    """When the gate decides, own policies see no more either."""
    text = """
    package a_test

    import data.changegate.lib

    test_words if lib.passed == {"outcome": "passed"}

    test_checks if data.changegate.checks.rollout.no_plan
    """
    report = ran_in(write(tmp_path, a="package a\n\nx := 1\n", a_test=text), coverage=True)
    assert [one.status for one in report.results] == ["passed", "failed"]
    assert [one.file for one in report.coverage or ()] == ["a.rego"]


def test_data_files_lie_where_the_gate_finds_them(tmp_path: Path) -> None:
    folder = write(tmp_path, a_test="package a_test\n\ntest_x if data.team.limits.most == 3\n")
    (folder / "team").mkdir()
    (folder / "team/data.yaml").write_text("limits: {most: 3}\n")
    assert only(ran_in(folder)).status == "passed"


# Coverage


def test_coverage_names_the_lines_that_no_test_evaluates() -> None:
    report = run(
        bundle(
            a=POLICY,
            b="package b\n\nx if input.nobody_asks\n",
            a_test='package a_test\n\ntest_x if not data.a.allow with input as {"x": 2}\n',
        ),
        coverage=True,
    )
    a, b = report.coverage or ()
    assert (a.file, b.file) == ("a.rego", "b.rego")
    assert 6 in a.covered
    assert 7 in a.not_covered
    assert (b.covered, b.not_covered, b.percent) == ((), (3,), 0.0)


@pytest.mark.parametrize(("threshold", "code"), [(100, 0), (100.0, 0), (0, 0)])
def test_a_threshold_that_is_met(threshold: float, code: int) -> None:
    given = bundle(a="package a\n\nx := input.y\n", a_test="package a_test\n\ntest_x if data.a.x with input.y as 1\n")
    assert run(given, coverage=True, threshold=threshold).exit_code == code


def test_a_threshold_that_is_missed_fails_though_every_test_passes() -> None:
    given = bundle(a=POLICY, a_test="package a_test\n\ntest_x if not data.a.allow with input as {}\n")
    report = run(given, coverage=True, threshold=90)
    assert (report.count("passed"), report.exit_code) == (1, 1)
    assert "90% are asked for" in console.render(report, verbose=False)


def test_the_same_run_has_the_same_bytes() -> None:
    given = bundle(a=POLICY, a_test="package a_test\n\ntest_x if data.a.allow with input as {}\n")
    first, second = (json_report.render(run(given, coverage=True), verbose=False) for _ in range(2))
    assert first == second
