"""What is collected of a change: every section says whether it is there, and nothing alters the change set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate import fixtures, gate
from changegate.change import CHANGE_SET, RELEASE, RETIREMENT

if TYPE_CHECKING:
    from pathlib import Path

STATUSES = {"present", "absent", "invalid", "unavailable"}


def test_every_section_has_a_status_and_a_reason_unless_it_is_there(tmp_path: Path) -> None:
    laid_out = fixtures.lay_out(tmp_path / "repository", fixtures.case("retirement-still-depended-on"))
    verdict = gate.check(fixtures.request(laid_out, keep_input=True, all=True), {})
    inputs = {one.subject.kind.value: one.input for one in verdict.subjects if one.input is not None}
    assert set(inputs) == {"release", "retirement", "change-set"}
    assert set(inputs["change-set"]["evidence"]) == set(CHANGE_SET) == set(inputs["change-set"]["facts"])
    assert set(RELEASE) <= set(inputs["release"]["facts"])
    assert set(RETIREMENT) <= set(inputs["retirement"]["facts"])
    for found in (*inputs["change-set"]["evidence"].values(), *(one["previous"] for one in inputs.values())):
        assert found["status"] in STATUSES
        assert found["status"] == "present" or found["reason"]
