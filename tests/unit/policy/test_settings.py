"""Settings: defaults and what is laid over them, globs, overrides, the inventory, and files that are not valid."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from changegate.errors import ConfigurationError
from changegate.names import Enforcement, Identity, Severity
from changegate.policy.settings import DEFAULT_GLOBS, Config, Term, defaults
from support.trees import DictTree

FILE = ".changegate/config.yaml"
HEAD = "apiVersion: changegate.dev/v1\nkind: Config\n"
MODEL = Identity("production", "fraud-detector", "main")
REASON = "it was agreed to"


def load(text: str) -> Config:
    return Config.load(DictTree({FILE: text.encode()}))


def config(**keys: Any) -> Config:
    """A configuration with these keys, read as a file is."""
    return load(HEAD + (yaml.safe_dump(keys, sort_keys=False) if keys else ""))


def globbed(*include: str, exclude: tuple[str, ...] = ()) -> Config:
    return config(manifests={"include": list(include), **({"exclude": list(exclude)} if exclude else {})})


def refused(text: str) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        load(text)
    return caught.value


# Thresholds


@pytest.mark.parametrize("tree", [None, DictTree({})])
def test_without_a_configuration_nothing_is_enforced(tree: DictTree | None) -> None:
    found = Config.load(tree)
    assert not found.configured
    assert found.settings == defaults()
    term = found.terms("slos/missing", tier="critical", owner="payments-ml", identity=MODEL)
    assert term == Term(None, Enforcement.OBSERVE, "the base has no configuration, so nothing is enforced")


def test_an_empty_configuration_enforces_the_defaults() -> None:
    found = load(HEAD)
    assert (found.configured, found.settings) == (True, defaults())
    assert found.terms("a/b", tier="low", owner="", identity=None) == Term(None, Enforcement.ENFORCE)


def test_settings_are_laid_over_the_defaults_key_by_key() -> None:
    before = defaults()["rollout"]["minimumBakeSeconds"]
    found = config(settings={"rollout": {"minimumBakeSeconds": {"high": 7}}}).settings
    assert found["rollout"]["minimumBakeSeconds"] == {**before, "high": 7}
    assert {**found["rollout"], "minimumBakeSeconds": before} == defaults()["rollout"]
    assert {check: value for check, value in found.items() if check != "rollout"} == {
        check: value for check, value in defaults().items() if check != "rollout"
    }


def test_a_list_is_replaced_whole() -> None:
    assert defaults()["slos"]["notApplicablePlatforms"] == ["batch"]
    found = config(settings={"slos": {"notApplicablePlatforms": ["edge"]}}).settings
    assert found["slos"]["notApplicablePlatforms"] == ["edge"]


def test_the_defaults_are_settings_that_a_repository_could_write() -> None:
    assert config(settings=dict(defaults())).settings == defaults()


def test_settings_leave_the_defaults_as_they_are() -> None:
    before = repr(defaults())
    config(settings={"rollout": {"minimumBakeSeconds": {"high": 7}}, "slos": {"notApplicablePlatforms": ["edge"]}})
    assert repr(defaults()) == before


def test_a_digest_names_the_configuration_and_the_defaults() -> None:
    one = config(enforcement="enforce")
    assert one.digest == config(enforcement="enforce").digest
    assert one.digest.startswith("sha256:")
    others = [
        config(enforcement="observe"),
        config(),
        Config.load(None),
        Config(configured=True, settings={}, raw=one.raw),
    ]
    assert len({one.digest, *(other.digest for other in others)}) == 5


def test_names() -> None:
    found = config(repository="acme/models", releaseTags="release/*")
    assert (found.repository, found.release_tags) == ("acme/models", "release/*")
    assert (config().repository, config().release_tags) == ("", "")


# Which files may be manifests


@pytest.mark.parametrize(
    ("glob", "path", "matches"),
    [
        ("models/*.yaml", "models/a.yaml", True),
        ("models/*.yaml", "models/.yaml", True),
        ("models/*.yaml", "models/x/a.yaml", False),
        ("*.yaml", "a.yaml", True),
        ("*.yaml", "models/a.yaml", False),
        ("**/*.yaml", "a.yaml", True),
        ("**/*.yaml", "models/a.yaml", True),
        ("**/*.yaml", "models/x/y/a.yaml", True),
        ("models/**/manifest.yaml", "models/manifest.yaml", True),
        ("models/**/manifest.yaml", "models/x/y/manifest.yaml", True),
        ("models/**/manifest.yaml", "models/xmanifest.yaml", False),
        ("models/**", "models/x/y.json", True),
        ("models/**", "models", False),
        ("models/*/manifest.yaml", "models/x/manifest.yaml", True),
        ("models/*/manifest.yaml", "models/x/y/manifest.yaml", False),
        ("models/*/manifest.yaml", "models//manifest.yaml", True),
        ("a?.yaml", "ab.yaml", True),
        ("a?.yaml", "a.yaml", False),
        ("a?b.yaml", "a/b.yaml", False),
        # case, and the whole string
        ("models/*.yaml", "Models/a.yaml", False),
        ("models/*.yaml", "models/a.YAML", False),
        ("models/*.yaml", "models/a.yaml\n", False),
        ("models/*.yaml", "\nmodels/a.yaml", False),
        ("models/*.yaml", "models/a.yaml.bak", False),
        ("models/*.yaml", "xmodels/a.yaml", False),
        ("models/*.yaml", "models/a\nb.yaml", True),
        ("models/*", "models/a\n", True),
        ("models/*.yaml", "models/\udcff.yaml", True),
        # nothing else is special
        ("a+.yaml", "aa.yaml", False),
        ("a.yaml", "abyaml", False),
        ("a(b).yaml", "a(b).yaml", True),
        ("a?b?.yaml", "a[b].yaml", True),
        ("~a!.yaml", "~a!.yaml", True),
        ("(?i)A.yaml", "a.yaml", False),
    ],
)
def test_globs(glob: str, path: str, matches: bool) -> None:
    assert globbed(glob).matches(path) is matches
    assert globbed("nothing.yaml", glob).matches(path) is matches
    assert globbed("**", exclude=(glob,)).matches(path) is not matches


@pytest.mark.parametrize(
    ("glob", "why", "instead"),
    [
        ("models/**/*.{yaml,yml}", "mean no choice here", 'write "models/**/*.yaml", "models/**/*.yml"'),
        ("models/{a/{b,c},d}/*.yaml", "mean no choice here", "one entry for each choice, and `?`"),
        ("models/{{x}}/*.yaml", "mean no choice here", "one entry for each choice, and `?`"),
        ("models/{,a/}{b,c}.yaml", "mean no choice here", "one entry for each choice, and `?`"),
        ("models/[ab]/*.yaml", "mean no choice here", "one entry for each choice, and `?`"),
        ("models/*.yaml,models/*.yml", "mean no choice here", "one entry for each choice, and `?`"),
        ("a|b.yaml", "mean no choice here", "one entry for each choice, and `?`"),
        ("models/*.@(yaml)", "a choice in parentheses", "one entry for each choice"),
        ("!models/a.yaml", "begins with `!`", "write `models/a.yaml` under `manifests: {exclude: …}`"),
        ("models\\**\\*.yaml", "has a backslash", "write `models/**/*.yaml` where it parts folders"),
        (" models/*.yaml", "begins or ends with a blank", "write `models/*.yaml`"),
        ("models/*.yaml\n", "begins or ends with a blank", "write `models/*.yaml`"),
        (" ", "begins or ends with a blank", "leave it out"),
        ("/models/*.yaml", "no path from the repository's root", "write `models/*.yaml`"),
        ("./models/*.yaml", "no path from the repository's root", "write `models/*.yaml`"),
        ("../models/*.yaml", "no path from the repository's root", "write `models/*.yaml`"),
        ("models//./x/../*.yaml", "no path from the repository's root", "write `models/*.yaml`"),
        ("models/", "ends in `/`", "write `models/**/*.yaml`"),
        ("/", "ends in `/`", "write `**/*.yaml`"),
    ],
)
@pytest.mark.parametrize("key", ["include", "exclude"])
def test_what_is_no_glob_is_refused_with_what_to_write(key: str, glob: str, why: str, instead: str) -> None:
    error = refused(f'{HEAD}manifests:\n  {key}:\n    - "*.yaml"\n    - {json.dumps(glob)}\n')
    assert error.place == f"{FILE}:6"
    assert why in error.message
    assert instead in error.hint


@pytest.mark.parametrize("glob", ["models", "models/fraud", "*/models", "models/x.v2"])
def test_a_folder_is_no_glob_of_files(glob: str) -> None:
    text = f"{HEAD}manifests: {{include: [{json.dumps(glob)}]}}\n"
    with pytest.raises(ConfigurationError) as caught:
        Config.load(DictTree({FILE: text.encode(), "models/x.v2/manifest.yaml": b"a: 1\n"}))
    assert f"write `{glob}/**/*.yaml`" in caught.value.hint


def test_a_file_without_a_suffix_that_is_there_can_be_named() -> None:
    tree = DictTree({FILE: f"{HEAD}manifests: {{include: [models/MANIFEST]}}\n".encode(), "models/MANIFEST": b"a: 1\n"})
    assert Config.load(tree).matches("models/MANIFEST")


def test_a_folder_may_be_excluded() -> None:
    """A submodule and a link to a folder are excluded by their own path."""
    assert globbed("**/*.yaml", exclude=("vendor/models",)).excludes("vendor/models")


@pytest.mark.parametrize(
    ("path", "matches"),
    [
        ("a.yaml", True),
        ("models/x/a.yml", True),
        ("a.json", True),
        ("a.txt", False),
        ("a.yaml\n", False),
        (".changegate/config.yaml", False),
        (".changegate/policies/a.json", False),
        (".changegatex/a.yaml", True),
        ("x/.changegate/a.yaml", True),
        (".github/workflows/gate.yaml", True),
    ],
)
def test_globs_by_default(path: str, matches: bool) -> None:
    assert load(HEAD).matches(path) is matches
    assert Config.load(None).matches(path) is matches
    assert globbed(*DEFAULT_GLOBS).matches(path) is matches


def test_exclude_wins() -> None:
    found = globbed("models/**/*.yaml", exclude=("models/old/**", "**/values.yaml"))
    assert found.matches("models/a.yaml")
    assert not found.matches("models/old/a.yaml")
    assert not found.matches("models/x/values.yaml")


def test_an_exclude_alone_keeps_the_default_globs() -> None:
    found = config(manifests={"exclude": ["charts/**"]})
    assert found.matches("models/a.yml")
    assert not found.matches("charts/a.yml")


# Overrides


def terms(*overrides: dict[str, Any], rule: str = "fairness/ratio", **asked: Any) -> Term:
    found = config(overrides=[{"reason": REASON, **override} for override in overrides])
    given = {"tier": "high", "owner": "payments-ml", "identity": MODEL, **asked}
    return found.terms(rule, **given)


USUAL = Term(None, Enforcement.ENFORCE)
OBSERVED = Term(None, Enforcement.OBSERVE, REASON)


@pytest.mark.parametrize(
    ("selector", "applies"),
    [
        ({}, True),
        ({"rules": ["fairness/ratio"]}, True),
        ({"rules": ["fairness/*"]}, True),
        ({"rules": ["*"]}, True),
        ({"rules": ["*/ratio"]}, True),
        ({"rules": ["slos/*", "fairness/*"]}, True),
        ({"rules": ["fairness/rat"]}, False),
        ({"rules": ["Fairness/*"]}, False),
        ({"rules": ["fairness"]}, False),
        ({"rules": ["ratio"]}, False),
        ({"tiers": ["high"]}, True),
        ({"tiers": ["low", "high"]}, True),
        ({"tiers": ["low", "critical"]}, False),
        ({"owners": ["payments-*"]}, True),
        ({"owners": ["research-ml"]}, False),
        ({"models": ["fraud-*"]}, True),
        ({"models": ["Fraud-*"]}, False),
        ({"models": ["fraud"]}, False),
        ({"rules": ["fairness/*"], "tiers": ["high"], "owners": ["payments-ml"], "models": ["*"]}, True),
        ({"rules": ["fairness/*"], "tiers": ["high"], "owners": ["payments-ml"], "models": ["other"]}, False),
        ({"rules": ["fairness/*"], "tiers": ["low"], "owners": ["payments-ml"], "models": ["*"]}, False),
    ],
)
def test_an_override_is_for_what_it_selects(selector: dict[str, Any], applies: bool) -> None:
    assert terms({**selector, "enforcement": "observe"}) == (OBSERVED if applies else USUAL)


def test_the_last_override_that_applies_decides() -> None:
    off, observe = {"severity": "off"}, {"enforcement": "observe"}
    enforce = {"enforcement": "enforce", "reason": "not for fairness"}
    assert terms(observe, enforce) == Term(None, Enforcement.ENFORCE, "not for fairness")
    assert terms(enforce, observe) == OBSERVED
    assert terms(observe, {**enforce, "rules": ["slos/*"]}) == OBSERVED
    assert terms(off, {"severity": "warning"}).severity is Severity.WARNING


def test_severity_and_enforcement_are_decided_apart() -> None:
    found = terms({"severity": "warning", "reason": "the first reason"}, {"enforcement": "observe"})
    assert found == Term(Severity.WARNING, Enforcement.OBSERVE, REASON)
    assert terms({"severity": "off", "enforcement": "observe"}) == Term(Severity.OFF, Enforcement.OBSERVE, REASON)


def test_the_repositorys_enforcement_is_where_overrides_begin() -> None:
    found = config(enforcement="observe", overrides=[{"tiers": ["high"], "enforcement": "enforce", "reason": REASON}])
    by_tier = {
        tier: found.terms("a/b", tier=tier, owner="", identity=None).enforcement for tier in ("low", "high", "critical")
    }
    assert by_tier == {
        "low": Enforcement.OBSERVE,
        "high": Enforcement.ENFORCE,
        "critical": Enforcement.OBSERVE,
    }


def test_the_change_set_has_no_model() -> None:
    assert terms({"models": ["fraud-*"], "enforcement": "observe"}, identity=None) == USUAL
    assert terms({"models": ["*"], "enforcement": "observe"}, identity=None) == OBSERVED


def test_terms_depend_on_the_subject_only_where_there_are_overrides() -> None:
    assert not load(HEAD).has_overrides
    assert config(overrides=[{"severity": "off", "reason": REASON}]).has_overrides


# Ratchet


@pytest.mark.parametrize(
    "keys",
    [
        {"enforcement": "ratchet"},
        {"overrides": [{"enforcement": "ratchet", "reason": REASON}]},
        {"overrides": [{"severity": "off", "reason": REASON}, {"enforcement": "ratchet", "reason": REASON}]},
    ],
)
def test_ratchet_is_refused(keys: dict[str, Any]) -> None:
    error = refused(HEAD + yaml.safe_dump(keys, sort_keys=False))
    assert "ratchet" in error.message
    assert error.hint == "write observe or enforce"
    assert error.file == FILE


# Inventory


def test_the_inventory_goes_by_identity() -> None:
    entries = [
        {"name": "fraud-detector", "tier": "critical"},
        {"name": "fraud-detector", "environment": "staging", "tier": "low"},
        {"name": "fraud-detector", "variant": "challenger", "tier": "medium"},
    ]
    found = config(inventory=entries)
    assert found.inventory(MODEL) == entries[0]
    assert found.inventory(Identity("staging", "fraud-detector", "main")) == entries[1]
    assert found.inventory(Identity("production", "fraud-detector", "challenger")) == entries[2]
    for other in (Identity("production", "other", "main"), Identity("production", "Fraud-Detector", "main")):
        assert found.inventory(other) == {}
    assert config().inventory(MODEL) == {}


def test_an_entry_holds_for_every_environment_and_variant_that_it_does_not_leave_out() -> None:
    named = Identity("staging", "fraud-detector", "challenger")
    for said in ({}, {"environment": "staging"}, {"variant": "challenger"}):
        entry = {"name": "fraud-detector", **said, "tier": "high"}
        found = config(inventory=[entry])
        assert (found.inventory(named), found.decides(named)) == (entry, bool(said))
    for said in ({"environment": "production"}, {"variant": "main"}, {"environment": "staging", "variant": "main"}):
        found = config(inventory=[{"name": "fraud-detector", **said, "tier": "high"}])
        assert (found.inventory(named), found.decides(named)) == ({}, False)


def test_the_entry_that_names_most_of_an_identity_decides() -> None:
    whole = {"name": "fraud-detector", "tier": "critical"}
    staged = {"name": "fraud-detector", "environment": "staging", "tier": "low"}
    exact = {"name": "fraud-detector", "environment": "staging", "variant": "challenger", "tier": "medium"}
    beside = {"name": "fraud-detector", "variant": "challenger", "tier": "high"}
    named = Identity("staging", "fraud-detector", "challenger")
    assert config(inventory=[whole, staged]).inventory(named) == staged
    assert config(inventory=[whole, staged, exact]).inventory(named) == exact
    assert config(inventory=[whole, staged, beside]).inventory(named) == beside, "both name one part: the stricter"


@pytest.mark.parametrize("tiers", [("low", "high"), ("high", "low"), ("critical", "high"), ("medium", "medium")])
def test_of_two_entries_for_one_model_the_stricter_counts(tiers: tuple[str, str]) -> None:
    """An entry is the least tier: adding one never lowers it."""
    found = config(inventory=[{"name": "fraud-detector", "tier": tier} for tier in tiers])
    ranks = ["low", "medium", "high", "critical"]
    assert found.inventory(MODEL)["tier"] == max(tiers, key=ranks.index)


# Files that are not valid


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (HEAD + "settings:\n  rollout: {minimumBake: 1}\n", 4),
        (HEAD + "enforcement: strict\n", 3),
        (HEAD + "enforcment: enforce\n", 3),
        (HEAD + "overrides:\n  - {rules: [a/b], severity: off}\n", 4),
        (HEAD + f"overrides:\n  - {{rules: [a/b], reason: {REASON}}}\n", 4),
        (HEAD + "overrides:\n  - {severity: off, reason: why}\n", 4),
        (HEAD + f"overrides:\n  - {{severity: fatal, reason: {REASON}}}\n", 4),
        (HEAD + "inventory:\n  - {name: a}\n", 4),
        (HEAD + "inventory:\n  - {name: a, tier: extreme}\n", 4),
        (HEAD + "manifests: {include: []}\n", 3),
        (HEAD + "settings:\n  rollout:\n    minimumBakeSeconds: {high: '600'}\n", 5),
        (HEAD.replace("v1", "v2"), 1),
        (HEAD.replace("Config", "Teams"), 2),
        ("kind: Config\n", 1),
        ("- a\n", 1),
        ("text\n", 1),
        (HEAD + "kind: Config\n", 3),
        (HEAD + "a: [\n", 3),
        (HEAD + "settings: !!python/object:os.system {}\n", 3),
        (HEAD + "repository: a\u202eb\n", 3),
        (f"{HEAD}---\n{HEAD}", 4),
    ],
)
def test_a_file_that_is_not_valid_names_its_line(text: str, line: int) -> None:
    assert refused(text).place == f"{FILE}:{line}"


@pytest.mark.parametrize("data", [b"", b"\n\n", b"# a comment\n", b"---\n", b"null\n", b"{}\n"])
def test_a_file_without_content_is_no_configuration_and_not_passed_over(data: bytes) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Config.load(DictTree({FILE: data}))
    assert caught.value.file == FILE
    assert caught.value.hint


@pytest.mark.parametrize("data", [b"\xff\xfe", HEAD.encode("utf-16"), b"\x00", b"#" * 2_000_000])
def test_a_file_that_is_no_text(data: bytes) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Config.load(DictTree({FILE: data}))
    assert caught.value.file == FILE


def test_what_is_wrong_is_said_by_name() -> None:
    error = refused(HEAD + "enforcment: enforce\n")
    assert "enforcment" in error.message
    assert "enforcement" in error.message + error.hint
