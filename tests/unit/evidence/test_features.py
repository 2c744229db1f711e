"""Facts of features: inputs against contracts, contracts against the base, outputs against the previous release."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from changegate.diff.impact import COMPATIBLE, widening
from changegate.evidence.dtypes import conversion
from changegate.evidence.features import collect
from changegate.resources import SCHEMAS
from support.rollouts import fraud
from support.trees import request

SCHEMA = json.loads((SCHEMAS / "input" / "features.json").read_text())
DTYPES = json.loads((SCHEMAS / "feature-contract.schema.json").read_text())["properties"]["features"]["items"][
    "properties"
]["dtype"]["enum"]
PATH = "contracts/transactions.yaml"
CONTRACT: dict[str, Any] = {
    "apiVersion": "changegate.dev/v1",
    "kind": "FeatureContract",
    "name": "transactions",
    "version": 3,
    "entities": ["card"],
    "features": [
        {"name": "amount", "dtype": "float64", "nullable": False, "range": [0, 1000], "freshness": "1m", "unit": "EUR"},
        {"name": "seconds", "dtype": "int64", "nullable": True},
        {"name": "channel", "dtype": "string", "enum": ["web", "shop"]},
    ],
}


def release(**features: Any) -> dict[str, Any]:
    """The fraud detector with a block of features; None takes a part out."""
    made = fraud()
    block: dict[str, Any] = {
        "contracts": [{"name": "transactions", "version": 3, "path": PATH}],
        "inputs": [{"name": "amount", "dtype": "float64", "contract": "transactions", "nullable": False}],
        "outputs": [{"name": "score", "dtype": "float32"}],
        **features,
    }
    made["spec"]["features"] = {key: value for key, value in block.items() if value is not None}
    return made


def contract(**changed: Any) -> dict[str, Any]:
    return {**deepcopy(CONTRACT), **changed}


def feature(index: int, **changed: Any) -> dict[str, Any]:
    """The contract with one feature changed; None takes a term out."""
    made = contract()
    merged = {**made["features"][index], **changed}
    made["features"][index] = {key: value for key, value in merged.items() if value is not None}
    return made


def tree(value: Any, path: str = PATH) -> dict[str, bytes]:
    return {path: value if isinstance(value, bytes) else yaml.safe_dump(value).encode()}


def checked(
    made: Any, head: Any = CONTRACT, base: Any = None, previous: Any = None, files: Any = None
) -> tuple[Any, Any]:
    at_base = None if base is None else tree(base)
    section = collect(request(made, files or tree(head), base=at_base, previous=previous))
    for name, value in (("evidence", section.evidence), ("facts", section.facts)):
        definition = {"$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"]}
        jsonschema.Draft202012Validator(definition).validate(value)
        json.dumps(value, allow_nan=False)
    return section.evidence, section.facts


def one_input(**stated: Any) -> dict[str, Any]:
    """The facts of one input of the release."""
    given = {"name": "amount", "dtype": "float64", "contract": "transactions", **stated}
    _, facts = checked(release(inputs=[given]))
    found: dict[str, Any] = facts["inputs"][0]
    return found


def test_a_release_as_it_should_be() -> None:
    evidence, facts = checked(release(), base=CONTRACT, previous=release())
    assert evidence == {
        "status": "present",
        "contracts": [
            {
                "name": "transactions",
                "status": "present",
                "file": PATH,
                "source": "repository",
                "place": {"at": {"file": PATH, "revision": "head", "path": []}},
            }
        ],
    }
    assert facts["contracts"] == [
        {
            "name": "transactions",
            "format": "feature-contract",
            "statedVersion": 3,
            "version": 3,
            "versionSays": "same",
            "versionMoved": "same",
            "pinned": "version",
            "before": {"status": "present", "version": 3},
            "compatibility": "not-said",
            "changes": [],
            "history": {"status": "absent", "reason": "the contract did not change", "changes": []},
            "place": {"path": ["spec", "features", "contracts", 0, "version"]},
        }
    ]
    assert facts["inputs"] == [
        {
            "name": "amount",
            "contract": "transactions",
            "promise": "given",
            "type": {"promised": "float64", "accepted": "float64", "conversion": "same"},
            "nulls": {"promised": False, "accepted": False},
            "values": {"compared": "not-stated"},
            "unit": {"compared": "not-stated"},
            "age": {"asked": False},
            "sensitivity": {"levels": [], "purposes": []},
            "places": {
                term: {
                    "file": PATH,
                    "revision": "head",
                    "path": ["features", 0, *([] if term == "feature" else [term])],
                }
                for term in ("feature", "dtype", "nullable", "range", "unit", "freshness")
            },
        }
    ]
    assert facts["switches"] == []
    assert facts["outputs"] == {"majorRose": False, "changes": []}


@pytest.mark.parametrize(
    ("stated", "block", "reason"),
    [
        (None, "absent", "the manifest has no `features`"),
        ({"notApplicable": "it reads text"}, "not-applicable", "it reads text"),
    ],
)
def test_no_block(stated: Any, block: str, reason: str) -> None:
    made = fraud()
    if stated is not None:
        made["spec"]["features"] = stated
    evidence, facts = checked(made)
    assert evidence == {"status": "absent", "reason": reason, "contracts": []}
    assert (facts["block"], facts["contracts"], facts["inputs"]) == (block, [], [])


def test_an_empty_block_is_present_and_holds_nothing() -> None:
    evidence, facts = checked(release(contracts=None, inputs=None, outputs=None))
    assert evidence == {"status": "present", "contracts": []}
    assert facts["block"] == "present"


def test_a_contract_that_is_not_there_stands_at_its_path_in_the_manifest() -> None:
    evidence, facts = checked(release(), files={"other.yaml": b""})
    found = evidence["contracts"][0]
    assert (found["status"], found["place"]) == ("absent", {"path": ["spec", "features", "contracts", 0, "path"]})
    assert facts["contracts"] == []
    assert facts["inputs"] == [{"name": "amount", "contract": "transactions", "promise": "unread"}]


@pytest.mark.parametrize(
    ("content", "reason", "place"),
    [
        (b"version: [1", "not valid YAML", {"line": 1}),
        (b"a: 1\na: 2\n", "", {"line": 2}),
        (b"version: !!python/object:os.system 1\n", "", {"line": 1}),
        (b"\xff\xfe\x00", "", {}),
        (b"", "no document", {}),
        (b"a: 1\n---\na: 2\n", "2 documents", {"path": []}),
        (b"[]", "", {"path": []}),
        (feature(0, dtype="decimal"), "decimal", {"path": ["features", 0, "dtype"]}),
        (contract(version="3"), "version", {"path": ["version"]}),
        (contract(features=[]), "", {"path": ["features"]}),
        (contract(name="payments"), "the contract payments", {"path": ["name"]}),
        (feature(1, name="amount"), "twice", {"path": ["features", 1, "name"]}),
        (feature(0, range=[9, 1]), "before it begins", {"path": ["features", 0, "range"]}),
        (feature(0, range=[0, float("nan")]), "", None),
    ],
)
def test_a_contract_that_cannot_be_believed_stands_in_its_own_file(content: Any, reason: str, place: Any) -> None:
    evidence, facts = checked(release(), content)
    found = evidence["contracts"][0]
    assert found["status"] == "invalid"
    assert reason in found["reason"]
    at = found["place"]["at"]
    assert (at["file"], at["revision"]) == (PATH, "head")
    if place is not None:
        assert {key: at.get(key) for key in place} == place
    assert facts["contracts"] == []


def test_a_contract_that_is_too_large_is_not_read() -> None:
    evidence, _ = checked(release(), b"#" * (16 * 1024 * 1024 + 1))
    assert evidence["contracts"][0]["status"] == "invalid"
    named = {"message": "where the manifest names it", "path": ["spec", "features", "contracts", 0]}
    assert evidence["contracts"][0]["place"] == {"at": {"file": PATH, "revision": "head"}, "related": [named]}


def test_a_contract_that_is_listed_twice_counts_once() -> None:
    entry = {"name": "transactions", "version": 3, "path": PATH}
    evidence, facts = checked(release(contracts=[entry, {**entry, "path": "other.yaml"}]))
    assert [one["status"] for one in evidence["contracts"]] == ["present", "invalid"]
    assert evidence["contracts"][1]["place"] == {"path": ["spec", "features", "contracts", 1, "name"]}
    assert len(facts["contracts"]) == 1
    assert facts["inputs"][0]["promise"] == "given"


def test_both_versions_are_told() -> None:
    _, facts = checked(release(), contract(version=4))
    assert (facts["contracts"][0]["statedVersion"], facts["contracts"][0]["version"]) == (3, 4)
    assert facts["contracts"][0]["before"] == {"status": "absent"}


@pytest.mark.parametrize(
    ("stated", "promise"),
    [
        ({}, "given"),
        ({"name": "ammount"}, "not-given"),
        ({"contract": "payments"}, "not-listed"),
    ],
)
def test_whether_an_input_is_promised(stated: Any, promise: str) -> None:
    assert one_input(**stated)["promise"] == promise


def test_an_input_that_names_no_contract_is_promised_by_nobody() -> None:
    _, facts = checked(release(inputs=[{"name": "amount", "dtype": "float64"}]))
    assert facts["inputs"] == [{"name": "amount", "promise": "none"}]


@pytest.mark.parametrize(
    ("promised", "accepted", "found"),
    [
        (True, True, (True, True)),
        (True, None, (True, False)),
        (None, True, (False, True)),
        (None, None, (False, False)),
    ],
)
def test_what_is_not_stated_takes_no_nulls(promised: Any, accepted: Any, found: tuple[bool, bool]) -> None:
    stated = {"name": "amount", "dtype": "float64", "contract": "transactions", "nullable": accepted}
    given = {key: value for key, value in stated.items() if value is not None}
    _, facts = checked(release(inputs=[given]), feature(0, nullable=promised))
    assert facts["inputs"][0]["nulls"] == {"promised": found[0], "accepted": found[1]}


@pytest.mark.parametrize(
    ("accepted", "compared"),
    [
        ([0, 1000], "within"),
        ([-1, 1000.5], "within"),
        ([0, 10**400], "within"),
        ([0, 999], "outside"),
        ([1, 1000], "outside"),
        ([1000, 0], "outside"),
    ],
)
def test_the_promised_range_against_the_accepted_one(accepted: Any, compared: str) -> None:
    assert one_input(range=accepted)["values"] == {
        "compared": compared, "key": "range", "promised": [0, 1000], "accepted": accepted,
    }  # fmt: skip


def test_the_promised_values_against_the_accepted_ones() -> None:
    stated = {"name": "channel", "dtype": "string"}
    assert one_input(**stated, enum=["shop", "web", "app"])["values"]["compared"] == "within"
    assert one_input(**stated, enum=["web"])["values"] == {
        "compared": "outside", "key": "enum", "promised": ["web", "shop"], "accepted": ["web"],
    }  # fmt: skip


def test_true_is_not_one() -> None:
    given = {"name": "channel", "dtype": "json", "contract": "transactions", "enum": [1]}
    _, facts = checked(release(inputs=[given]), feature(2, dtype="json", enum=[True]))
    assert facts["inputs"][0]["values"]["compared"] == "outside"


@pytest.mark.parametrize(
    ("stated", "promised", "found"),
    [
        ({"unit": "EUR"}, {}, {"compared": "same", "promised": "EUR", "accepted": "EUR"}),
        ({"unit": "cent"}, {}, {"compared": "other", "promised": "EUR", "accepted": "cent"}),
        ({"unit": "EUR"}, {"unit": None}, {"compared": "not-stated"}),
        ({}, {}, {"compared": "not-stated"}),
    ],
)
def test_the_promised_unit_against_the_one_that_is_read(stated: Any, promised: Any, found: Any) -> None:
    given = {"name": "amount", "dtype": "float64", "contract": "transactions", **stated}
    _, facts = checked(release(inputs=[given]), feature(0, **promised))
    assert facts["inputs"][0]["unit"] == found


@pytest.mark.parametrize(
    ("stated", "promised", "found"),
    [
        ({}, {}, {"asked": False}),
        (
            {"freshness": "90s"},
            {},
            {"asked": True, "needed": "90s", "neededSeconds": 90, "promised": "1m", "promisedSeconds": 60},
        ),
        (
            {"freshness": "90s"},
            {"freshness": None},
            {"asked": True, "needed": "90s", "neededSeconds": 90, "promised": "nothing"},
        ),
    ],
)
def test_the_promised_age_against_the_one_that_is_needed(stated: Any, promised: Any, found: Any) -> None:
    given = {"name": "amount", "dtype": "float64", "contract": "transactions", **stated}
    _, facts = checked(release(inputs=[given]), feature(0, **promised))
    assert facts["inputs"][0]["age"] == found


@pytest.mark.parametrize(
    ("head", "base", "levels", "purposes"),
    [
        (
            {"sensitivity": "Personal", "purposes": ["a", "b"]},
            {"sensitivity": "personal", "purposes": ["a"]},
            ["personal"],
            ["a"],
        ),
        ({"sensitivity": "personal", "purposes": ["a"]}, {}, ["personal"], []),
        ({}, {"sensitivity": "personal", "purposes": ["a"]}, ["personal"], ["a"]),
        ({"sensitivity": "public"}, {"sensitivity": "personal"}, ["personal", "public"], []),
        ({}, {}, [], []),
    ],
)
def test_purposes_are_those_of_the_base_and_no_level_falls_at_once(
    head: Any, base: Any, levels: Any, purposes: Any
) -> None:
    _, facts = checked(release(purpose="a"), feature(0, **head), feature(0, **base))
    assert facts["inputs"][0]["sensitivity"] == {"levels": levels, "purposes": purposes}
    assert facts["purpose"] == "a"


def test_another_contract_of_the_same_feature_makes_it_no_less_sensitive() -> None:
    personal = feature(0, sensitivity="personal", purposes=["a"])
    other = {**contract(name="cards"), "features": CONTRACT["features"]}
    moved = release(
        contracts=[{"name": "cards", "version": 3, "path": "contracts/cards.yaml"}],
        inputs=[{"name": "amount", "dtype": "float64", "contract": "cards"}],
    )
    files = {**tree(personal), **tree(other, "contracts/cards.yaml")}
    _, facts = checked(moved, base=personal, previous=release(), files=files)
    assert facts["inputs"][0]["sensitivity"] == {"levels": ["personal"], "purposes": ["a"]}


@pytest.mark.parametrize(
    ("on", "stage", "left"),
    [
        ("2026-11-03", "ahead", 1),
        ("2026-11-02", "past", None),
        ("2025-01-31", "past", None),
        ("2027-11-02", "ahead", 365),
    ],
)
def test_a_day_on_which_a_feature_goes_away_is_ahead_or_past(on: str, stage: str, left: Any) -> None:
    _, facts = checked(release(), feature(0, deprecated={"until": on, "successor": "amount_eur"}))
    (found,) = facts["deprecations"]
    assert (found["of"], found["name"], found["stage"], found.get("daysLeft")) == ("feature", "amount", stage, left)
    assert found["successor"] == "`amount_eur` comes in its place"
    assert found["place"]["path"] == ["spec", "features", "inputs", 0, "name"]


def test_a_contract_goes_away_as_a_whole_and_what_nobody_reads_is_nobodys_matter() -> None:
    _, facts = checked(release(), contract(deprecated={"until": "2027-01-31"}))
    (found,) = facts["deprecations"]
    assert (found["of"], found["name"], found["successor"]) == (
        "contract",
        "transactions",
        "nothing is named in its place",
    )
    _, facts = checked(release(), feature(1, deprecated={"until": "2027-01-31"}))
    assert facts["deprecations"] == []


def test_a_day_that_there_is_not_makes_a_contract_invalid() -> None:
    evidence, _ = checked(release(), contract(deprecated={"until": "2027-02-30"}))
    assert "no day" in evidence["contracts"][0]["reason"]


@pytest.mark.parametrize(
    ("head", "base", "mode", "kinds"),
    [
        ("full", "backward", "backward", ["compatibility-tightened"]),
        ("none", "backward", "backward", ["compatibility-loosened"]),
        (None, "full-transitive", "full-transitive", ["compatibility-loosened"]),
        ("full", "full-transitive", "full-transitive", ["compatibility-loosened"]),
        ("none", None, "not-said", []),
        ("forward", "backward", "backward", ["compatibility-loosened"]),
    ],
)
def test_the_mode_at_the_base_counts(head: Any, base: Any, mode: str, kinds: list[str]) -> None:
    sides = [contract(**({"compatibility": said} if said else {})) for said in (head, base)]
    _, facts = checked(release(), *sides)
    found = facts["contracts"][0]
    assert (found["compatibility"], [one["kind"] for one in found["changes"]]) == (mode, kinds)


BROKEN = [
    (feature(0, nullable=True), ["forward"]),
    (feature(1, nullable=None), ["backward"]),
    (feature(0, dtype="float32"), ["backward"]),
    (feature(1, dtype="string"), ["forward", "backward"]),
    (contract(features=CONTRACT["features"][1:]), ["forward"]),
    (contract(features=CONTRACT["features"][::2]), []),
    (contract(features=[*CONTRACT["features"], {"name": "new", "dtype": "bool"}]), ["backward"]),
    (contract(features=[*CONTRACT["features"], {"name": "new", "dtype": "bool", "nullable": True}]), []),
    (feature(2, enum=["web"]), ["backward"]),
    (feature(2, enum=["web", "shop", "app"]), ["forward"]),
    (feature(0, unit="USD"), ["forward", "backward"]),
    (feature(0, freshness="1h"), []),
]


@pytest.mark.parametrize(("head", "directions"), BROKEN)
def test_the_directions_that_a_change_breaks(head: Any, directions: list[str]) -> None:
    _, facts = checked(release(), head, CONTRACT)
    assert [one["breaks"] for one in facts["contracts"][0]["changes"]] == [directions]


@pytest.mark.parametrize(
    ("switch", "leads"),
    [
        (None, "nowhere"),
        ({"pipeline": "transactions", "version": "3"}, "to-the-contract"),
        ({"pipeline": "transactions", "version": "4"}, "elsewhere"),
        ({"pipeline": "stream", "version": "4"}, "to-no-contract"),
    ],
)
def test_where_the_feature_switch_leads(switch: Any, leads: str) -> None:
    made = release()
    made["spec"]["rollout"] = {**made["spec"]["rollout"], **({"featureSwitch": switch} if switch else {})}
    _, facts = checked(made)
    assert facts["featureSwitch"]["leads"] == leads


CHANGES = [
    (contract(features=CONTRACT["features"][1:]), "amount", "feature-removed", ["version"]),
    (
        contract(features=[*CONTRACT["features"], {"name": "new", "dtype": "bool"}]),
        "new",
        "feature-added",
        ["features", 3],
    ),
    (feature(0, dtype="float32"), "amount", "type-narrowed", ["features", 0, "dtype"]),
    (feature(0, dtype="datetime"), "amount", "type-changed", ["features", 0, "dtype"]),
    (feature(1, dtype="int32"), "seconds", "type-narrowed", ["features", 1, "dtype"]),
    (feature(1, dtype="float64"), "seconds", "type-changed", ["features", 1, "dtype"]),
    (feature(0, nullable=True), "amount", "nulls-added", ["features", 0, "nullable"]),
    (feature(1, nullable=None), "seconds", "nulls-removed", ["features", 1, "nullable"]),
    (feature(0, range=[0, 2000]), "amount", "range-widened", ["features", 0, "range"]),
    (feature(0, range=[500, 2000]), "amount", "range-widened", ["features", 0, "range"]),
    (feature(0, range=None), "amount", "range-widened", ["features", 0, "range"]),
    (feature(0, range=[1, 1000]), "amount", "range-narrowed", ["features", 0, "range"]),
    (feature(1, range=[0, 9]), "seconds", "range-narrowed", ["features", 1, "range"]),
    (feature(2, enum=["web", "shop", "app"]), "channel", "values-added", ["features", 2, "enum"]),
    (feature(2, enum=["web"]), "channel", "values-removed", ["features", 2, "enum"]),
    (feature(0, freshness="1h"), "amount", "freshness-loosened", ["features", 0, "freshness"]),
    (feature(0, freshness=None), "amount", "freshness-loosened", ["features", 0, "freshness"]),
    (feature(0, freshness="30s"), "amount", "freshness-tightened", ["features", 0, "freshness"]),
    (feature(0, unit="USD"), "amount", "unit-changed", ["features", 0, "unit"]),
    (feature(1, unit="s"), "seconds", "unit-stated", ["features", 1, "unit"]),
    (contract(entities=["account"]), "entities", "entities-changed", ["entities"]),
]


@pytest.mark.parametrize(("head", "name", "kind", "path"), CHANGES, ids=[f"{one[1]}-{one[2]}" for one in CHANGES])
def test_changes_of_a_contract(head: Any, name: str, kind: str, path: list[Any]) -> None:
    _, facts = checked(release(), head, CONTRACT)
    place = {"at": {"file": PATH, "revision": "head", "path": path}}
    (change,) = facts["contracts"][0]["changes"]
    (before,) = change["place"].pop("related")
    assert change == {"name": name, "kind": kind, "breaks": change["breaks"], "place": place}
    assert (before["message"], before["at"]["file"], before["at"]["revision"]) == ("the contract before", PATH, "base")


def test_what_became_of_a_feature_stands_beside_what_it_was() -> None:
    first, *others = CONTRACT["features"]
    narrowed = {**CONTRACT, "features": [*others, {**first, "nullable": True}]}
    _, facts = checked(release(), narrowed, CONTRACT)
    (change,) = facts["contracts"][0]["changes"]
    assert change["place"]["at"]["path"] == ["features", len(others), "nullable"]
    assert change["place"]["related"][0]["at"]["path"] == ["features", 0, "nullable"]


@pytest.mark.parametrize(
    "head",
    [
        contract(features=CONTRACT["features"][::-1]),
        contract(description="about", owner="payments-ml"),
        feature(0, freshness="60s", range=[0.0, 1000.0], description="in euro"),
        feature(2, enum=["shop", "web"], nullable=False),
    ],
)
def test_what_promises_the_same_is_no_change(head: Any) -> None:
    _, facts = checked(release(), head, CONTRACT)
    assert facts["contracts"][0]["changes"] == []


def test_a_widened_type_is_told_apart() -> None:
    _, facts = checked(release(), CONTRACT, feature(1, dtype="int32"))
    assert [one["kind"] for one in facts["contracts"][0]["changes"]] == ["type-widened"]


def test_a_contract_that_moved_is_compared_where_the_previous_release_read_it() -> None:
    moved = release(contracts=[{"name": "transactions", "version": 3, "path": "new.yaml"}])
    _, facts = checked(moved, base=CONTRACT, previous=release(), files=tree(feature(0, nullable=True), "new.yaml"))
    assert [one["kind"] for one in facts["contracts"][0]["changes"]] == ["nulls-added"]


@pytest.mark.parametrize("base", [b"a: [", contract(name="payments")])
def test_a_contract_that_could_not_be_read_before_may_have_promised_anything(base: Any) -> None:
    _, facts = checked(release(), CONTRACT, base)
    assert facts["contracts"][0]["before"] == {"status": "invalid"}
    assert [one["kind"] for one in facts["contracts"][0]["changes"]] == ["unreadable-before"]


@pytest.mark.parametrize(
    ("changed", "name", "is_switch"),
    [
        ({"dtype": "string"}, "amount", True),  # neither side can read the other's values
        ({"nullable": True}, "amount", False),  # the new model can read what came before
        ({"name": "amount_eur"}, "amount", True),  # gone for the one, and missing before for the other
        ({"dtype": "string"}, "other", False),  # nobody reads it
    ],
)
def test_changes_that_break_both_directions_are_a_switch(changed: Any, name: str, is_switch: bool) -> None:
    inputs = {"inputs": [{"name": "amount", "dtype": "float64", "contract": "transactions"}]}
    before, after = (contract(features=[{"name": name, "dtype": "float64"} | one]) for one in ({}, changed))
    if changed.get("name"):
        inputs["inputs"] += [{"name": changed["name"], "dtype": "float64", "contract": "transactions"}]
    _, facts = checked(release(**inputs), after, before, previous=release(**inputs))
    assert [one["name"] for one in facts["switches"]] == (["transactions"] if is_switch else [])


@pytest.mark.parametrize(("changed", "is_switch"), [({}, False), ({"range": [0, 5]}, True)])
def test_an_input_of_a_contract_with_another_name_is_a_switch_where_it_promises_another_thing(
    changed: Any, is_switch: bool
) -> None:
    old, new = (
        {"inputs": [{"name": "amount", "dtype": "float64", "contract": name}]} for name in ("transactions", "tx")
    )
    elsewhere = {"contracts": [{"name": "tx", "version": 3, "path": "contracts/tx.yaml"}], **new}
    before = contract(features=[{"name": "amount", "dtype": "float64"}])
    after = contract(name="tx", features=[{"name": "amount", "dtype": "float64", **changed}])
    head = {**tree(before), **tree(after, "contracts/tx.yaml")}
    _, facts = checked(release(**elsewhere), base=before, previous=release(**old), files=head)
    assert [one["name"] for one in facts["switches"]] == (["tx"] if is_switch else [])


def test_another_version_of_a_contract_is_a_switch() -> None:
    entry = {"name": "transactions", "version": 4, "path": PATH}
    new = {"name": "cards", "version": 1, "path": "contracts/cards.yaml"}
    _, facts = checked(release(contracts=[new, entry]), previous=release())
    here = ["spec", "features", "contracts"]
    assert facts["switches"] == [
        {
            "name": "transactions",
            "before": 3,
            "after": 4,
            "related": [
                {"message": "the contract's version", "path": [*here, 1, "version"]},
                {"message": "the previous release", "path": [*here, "transactions"], "revision": "previous"},
            ],
        }
    ]


def test_outputs_that_are_gone_or_of_another_type() -> None:
    before = release(outputs=[{"name": "score", "dtype": "float32"}, {"name": "reason", "dtype": "string"}])
    now = release(outputs=[{"name": "new", "dtype": "bool"}, {"name": "score", "dtype": "float64"}])
    _, facts = checked(now, previous=before)
    here = ["spec", "features", "outputs"]
    before_it = {"message": "the previous release", "revision": "previous"}
    assert facts["outputs"]["changes"] == [
        {
            "name": "score",
            "of": "dtype",
            "before": "float32",
            "after": "float64",
            "place": {"path": [*here, 1, "dtype"], "related": [{**before_it, "path": [*here, "score"]}]},
        },
        {
            "name": "reason",
            "of": "whole",
            "before": "string",
            "place": {"path": here, "related": [{**before_it, "path": [*here, "reason"]}]},
        },
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({}, {"nullable": True}, ("nullable", "never null", "nullable")),
        ({"range": [0, 1]}, {"range": [0, 100]}, ("range", "range [0, 1]", "range [0, 100]", False, 100)),
        ({"range": [0, 100]}, {"range": [0, 1]}, ("range", "range [0, 100]", "range [0, 1]", True, 0.01)),
        ({"range": [0, 1]}, {"range": [-1, 1]}, ("range", "range [0, 1]", "range [-1, 1]", False, 2)),
        ({"range": [0, 1]}, {"range": [0.1, 1]}, ("range", "range [0, 1]", "range [0.1, 1]", True, 0.9)),
        ({"range": [0, 1]}, {}, ("range", "range [0, 1]", "without range", False)),
        ({"range": [1, 1]}, {"range": [1, 2]}, ("range", "range [1, 1]", "range [1, 2]", False)),
        ({"unit": "ratio"}, {"unit": "percent"}, ("unit", "unit ratio", "unit percent")),
        ({"unit": "ratio"}, {}, ("unit", "unit ratio", "without unit")),
        ({"enum": ["a", "b"]}, {"enum": ["a", "c"]}, ("enum", "values [a, b]", "values [a, c]")),
        ({"enum": [1]}, {"enum": [True]}, ("enum", "values [1]", "values [True]")),
        ({"shape": [3]}, {"shape": [4]}, ("shape", "shape [3]", "shape [4]")),
        ({"shape": [3]}, {"shape": [-1]}, ("shape", "shape [3]", "shape [-1]")),
    ],
)
def test_an_output_whose_readers_would_be_surprised(old: Any, new: Any, expected: tuple[Any, ...]) -> None:
    output = {"name": "score", "dtype": "float32"}
    _, facts = checked(release(outputs=[{**output, **new}]), previous=release(outputs=[{**output, **old}]))
    (change,) = facts["outputs"]["changes"]
    assert tuple(change[key] for key in ("of", "before", "after", "within", "spanRatio") if key in change) == expected
    key = [expected[0]] if expected[0] in new else []
    assert change["place"]["path"] == ["spec", "features", "outputs", 0, *key]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({}, {"range": [0, 1], "unit": "ratio", "enum": [1], "shape": [1], "nullable": False}),
        ({"nullable": True}, {"nullable": False}),
        ({"nullable": True}, {}),
        ({"range": [0, 1]}, {"range": [0.0, 1.0]}),
        ({"enum": ["a", "b"]}, {"enum": ["b"]}),
        ({"shape": [-1, 3]}, {"shape": [8, 3]}),
        ({"description": "a"}, {"description": "b"}),
    ],
)
def test_an_output_whose_readers_need_not_care(old: Any, new: Any) -> None:
    output = {"name": "score", "dtype": "float32"}
    _, facts = checked(release(outputs=[{**output, **new}]), previous=release(outputs=[{**output, **old}]))
    assert facts["outputs"]["changes"] == []


def test_outputs_are_gone_with_the_block() -> None:
    _, facts = checked(fraud(), previous=release())
    assert [one["name"] for one in facts["outputs"]["changes"]] == ["score"]


@pytest.mark.parametrize(
    ("old", "new", "rose"),
    [
        ("2.4.0", "3.0.0", True),
        ("2.4.0", "2.5.0", False),
        ("0.9.0", "1.0.0-rc.1", True),
        ("3.0.0", "2.4.0", False),
        ("2026-10", "2026-11", False),
        ("9.0.0", "10.0.0", True),
    ],
)
def test_whether_the_major_version_rose(old: str, new: str, rose: bool) -> None:
    before, now = release(), release()
    before["spec"]["version"], now["spec"]["version"] = old, new
    _, facts = checked(now, previous=before)
    assert facts["outputs"]["majorRose"] is rose


@pytest.mark.parametrize(
    ("given", "read_as", "found"),
    [
        ("string", "string", "same"),
        ("int32", "int64", "widening"),
        ("int32", "float64", "widening"),
        ("float32", "float64", "widening"),
        ("uint8", "int16", "widening"),
        ("uint8", "float32", "widening"),
        ("bfloat16", "float32", "widening"),
        ("int32", "float32", "lossy"),
        ("int64", "float64", "lossy"),
        ("uint64", "float32", "lossy"),
        ("int64", "int32", "incompatible"),
        ("int8", "uint64", "incompatible"),
        ("uint32", "int32", "incompatible"),
        ("int32", "float16", "incompatible"),
        ("float64", "float32", "incompatible"),
        ("float16", "bfloat16", "incompatible"),
        ("bfloat16", "float16", "incompatible"),
        ("float32", "int64", "incompatible"),
        ("bool", "int8", "incompatible"),
        ("string", "binary", "incompatible"),
        ("embedding", "tensor", "incompatible"),
    ],
)
def test_conversions(given: str, read_as: str, found: str) -> None:
    assert conversion(given, read_as) == found


def test_conversions_agree_with_the_semantic_diff() -> None:
    known = [name for name in DTYPES if name.startswith(("int", "float"))]
    for given in known:
        for read_as in known:
            safe = conversion(given, read_as) in {"same", "widening"}
            assert safe == (widening(given, read_as) == COMPATIBLE), (given, read_as)


def test_no_two_types_widen_into_each_other() -> None:
    for given in DTYPES:
        for read_as in DTYPES:
            if given != read_as:
                assert "widening" not in {conversion(given, read_as)} & {conversion(read_as, given)}


# What the model was made with


FILES = Path(__file__).parent / "contracts"


def skewed(inputs: list[Any], name: str, outputs: Any = None, **stated: Any) -> tuple[Any, list[tuple[str, ...]]]:
    """The signature of a release, and its differences, against a file that a real tool wrote."""
    made = release(contracts=None, inputs=inputs, outputs=outputs, signature={"path": name, **stated})
    _, facts = checked(made, files={name: (FILES / name).read_bytes()})
    return facts["signature"], [
        tuple(one[key] for key in ("side", "name", "kind", "trained", "served")) for one in facts["skew"]
    ]


def as_mlflow(**changed: Any) -> list[Any]:
    dtypes = {
        "account_id": "string", "amount": "float64", "txn_count": "int64", "visits": "int32", "event_time": "datetime",
        "photo": "binary", "history": "embedding", "device": "json", **changed,
    }  # fmt: skip
    return [{"name": name, "dtype": dtype} for name, dtype in dtypes.items() if dtype]


def test_a_model_that_is_served_as_it_was_made_has_no_skew() -> None:
    signature, found = skewed(as_mlflow(), "MLmodel", [{"name": "score", "dtype": "float64"}])
    assert (signature, found) == ({"status": "present", "format": "mlflow-signature", "of": "all"}, [])


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        (as_mlflow(amount="string"), ("input", "amount", "type", "float64", "string")),
        (as_mlflow(amount=None), ("input", "amount", "missing", "float64", "nothing")),
        (as_mlflow(more="bool"), ("input", "more", "extra", "nothing", "bool")),
        (as_mlflow(visits="int64"), ("input", "visits", "type", "int32", "int64")),
        (
            [*as_mlflow(amount=None), {"name": "amount", "dtype": "float64", "nullable": True}],
            ("input", "amount", "nullable", "never missing", "may be missing"),
        ),
    ],
)
def test_each_way_in_which_training_and_serving_differ(inputs: list[Any], expected: tuple[str, ...]) -> None:
    assert skewed(inputs, "MLmodel")[1] == [expected]


def test_one_tensor_takes_as_many_inputs_as_there_are() -> None:
    four = [{"name": f"f{number}", "dtype": "float32"} for number in range(4)]
    for name in ("MLmodel-tensors", "packed.onnx"):
        assert skewed(four, name)[1] == []
        assert skewed(four[1:], name)[1] == [("input", "all of them", "number", "4", "3")]


def test_a_graph_among_the_artifacts_is_compared_where_names_are_the_same() -> None:
    made = release(contracts=None, inputs=[{"name": "amount", "dtype": "string"}, {"name": "other", "dtype": "bool"}])
    model = {**made["spec"]["artifacts"][0], "format": "onnx", "path": "m.onnx", "role": "model"}
    made["spec"]["artifacts"] = [model]
    _, facts = checked(made, files={"m.onnx": (FILES / "transactions.onnx").read_bytes()})
    assert facts["signature"]["of"] == "what-both-name"
    assert [(one["name"], one["kind"], one["conversion"]) for one in facts["skew"]] == [
        ("amount", "type", "incompatible")
    ]
    _, facts = checked(made, files={"m.onnx": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"})
    assert (facts["signature"], facts["skew"]) == ({"status": "none"}, [])


@pytest.mark.parametrize(
    ("content", "status", "reason"),
    [
        (None, "absent", "not in the repository"),
        (b"flavors: {}\nmlflow_version: 3.17.2\n", "invalid", "without a signature"),
    ],
)
def test_a_signature_that_cannot_be_read(content: Any, status: str, reason: str) -> None:
    made = release(contracts=None, inputs=None, signature={"path": "MLmodel"})
    _, facts = checked(made, files={"MLmodel": content} if content else {"other": b""})
    assert (facts["signature"]["status"], facts["skew"]) == (status, [])
    assert reason in facts["signature"]["reason"]
