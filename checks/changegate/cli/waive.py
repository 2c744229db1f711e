"""`changegate waive`: writes a waiver into `.changegate/waivers.yaml`."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from changegate.policy.waivers import BreakGlass

_PATH = click.Path(path_type=Path)


@click.command(
    epilog="\b\nExamples:\n"
    "  changegate waive rollout/bake-too-short fraud-detector --until 2026-12-31 \\\n"
    '      --reason "The desk needs it before the holidays."\n'
    "  changegate waive evaluation/regressed fraud-detector --environment staging \\\n"
    '      --until 2026-12-31 --reason "The new metric is stricter." --approved-by mira\n'
    "  changegate waive rollout/bake-too-short fraud-detector --until 2026-12-02 \\\n"
    '      --reason "The scores are wrong for one bank." --break-glass INC-1071 --on-call platform \\\n'
    '      --follow-up "Bake it again for an hour, on a weekday."\n\n'
    "\b\nExit codes: 0 it is written or was there already, 2 it would not count, or is not written.",
    help="Write a waiver: RULE need not hold for MODEL, until a day.\n\n"
    "It is refused where the gate would not let it count: a rule or a model that there is not, a rule that nobody may "
    "waive, a longer time than the release's tier allows. Everything else in .changegate/waivers.yaml stays as it is. "
    "A waiver counts when it has been approved and merged.",
)
@click.argument("rule")
@click.argument("model")
@click.option("--reason", required=True, metavar="TEXT", help="Why the rule need not hold.")
@click.option("--until", required=True, metavar="DAY", help="The last day on which it holds, in UTC: 2026-12-31.")
@click.option("--environment", metavar="NAME", help="The model's environment.  [default: production]")
@click.option("--variant", metavar="NAME", help="The model's variant.  [default: main]")
@click.option("--approved-by", default="", metavar="NAME", help="Who accepts the risk.  [default: git's user.name]")
@click.option("--break-glass", "incident", metavar="INCIDENT", help="In an incident: its id. For this release alone.")
@click.option("--on-call", "role", metavar="ROLE", help="With --break-glass: the role on call that you are in.")
@click.option("--follow-up", metavar="TEXT", help="With --break-glass: what is to be done before the next release.")
@click.option("--now", metavar="TIME", help="When it is written, RFC 3339.  [default: the clock's]")
@click.option("-C", "directory", type=_PATH, default=Path(), help="The clone.")
def command(
    *,
    rule: str,
    model: str,
    reason: str,
    until: str,
    environment: str | None,
    variant: str | None,
    approved_by: str,
    incident: str | None,
    role: str | None,
    follow_up: str | None,
    now: str | None,
    directory: Path,
) -> int:
    """Hold the waiver against the settings, write it, and say what was done."""
    from changegate.escape import terminal
    from changegate.files import write_file
    from changegate.judging.waiving import Waiving, waive
    from changegate.names import Identity
    from changegate.request import given_moment

    moment = given_moment(now)
    stated = {"name": model, "environment": environment, "variant": variant}
    identity = Identity.of({key: value for key, value in stated.items() if value is not None})
    asked = Waiving(
        directory=directory,
        rule=rule,
        identity=identity,
        reason=reason,
        until=until,
        approved_by=approved_by,
        now=int(time.time()) if moment is None else moment,
        emergency=_emergency(incident, role, follow_up),
    )
    done = waive(asked, os.environ)
    if done.data is not None:
        write_file(done.path, done.root, done.data)
    for line in done.said:
        click.echo(terminal(line))
    return 0


def _emergency(incident: str | None, role: str | None, follow_up: str | None) -> BreakGlass | None:
    from changegate.errors import UsageError
    from changegate.policy.waivers import BreakGlass

    given = [one for one in (incident, role, follow_up) if one is not None]
    if not given:
        return None
    if incident is None or role is None or follow_up is None:
        hint = "give all three, or none for an ordinary waiver"
        raise UsageError("--break-glass, --on-call and --follow-up belong together", hint=hint)
    return BreakGlass(incident, role, "", follow_up)
