"""What the help of a command lists is what its registry holds: nobody keeps the two alike by hand."""

from __future__ import annotations

import click
import pytest

from changegate.author.output import REPORTS as TEST_REPORTS
from changegate.author.reports.problems import FORMS
from changegate.cli.check import command as check
from changegate.cli.policy.check import command as policy_check
from changegate.cli.policy.test import command as policy_test
from changegate.rego.engines import HOSTS
from changegate.report import REPORTS


def option(command: click.Command, name: str) -> click.Option:
    (found,) = [one for one in command.params if isinstance(one, click.Option) and name in one.opts]
    return found


@pytest.mark.parametrize(
    ("command", "formats"), [(check, [*REPORTS, "plan (a folder)"]), (policy_test, list(TEST_REPORTS))]
)
def test_the_help_of_output_names_every_format(command: click.Command, formats: list[str]) -> None:
    said = (option(command, "-o").help or "").partition(";")[0]
    assert said.replace(" or ", ", ").split(", ") == formats


def test_the_forms_of_problems_are_those_that_there_are() -> None:
    kind = option(policy_check, "-o").type
    assert isinstance(kind, click.Choice)
    assert sorted(kind.choices) == sorted(FORMS)


@pytest.mark.parametrize("command", [check, policy_test])
def test_the_engines_are_those_that_there_are(command: click.Command) -> None:
    kind = option(command, "--engine").type
    assert isinstance(kind, click.Choice)
    assert sorted(kind.choices) == sorted(HOSTS)
