"""The documentation is held to the code: links, anchors, examples, commands, rule ids, settings."""

from __future__ import annotations

import ast
import json
import re
import shlex
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import click
import pytest

from changegate.cli.group import COMMANDS
from changegate.diff.catalogue import RULES as DIFF_RULES
from changegate.evidence import drill, provenance, statements
from changegate.evidence import pointers as stored
from changegate.evidence.files import EvidenceFiles, File
from changegate.manifest import parse
from changegate.manifest.schema import ORIGIN, load_schema, validate
from changegate.policy.catalogue import Catalogue
from changegate.policy.describe import markdown
from changegate.rego.bundle import shipped
from changegate.rollout import losses_of, target_of
from changegate.rollout.model import Plan
from changegate.rollout.planner import make_plan
from changegate.rollout.statistics import required
from changegate.rollout.table import table
from support.trees import DictTree

ROOT = Path(__file__).parents[2]
DOCS = sorted((ROOT / "docs").rglob("*.md"))
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")] + DOCS
RULES = ROOT / "docs" / "rules.md"
NOW = 1_793_620_800
KINDS = {
    "ModelRelease": "manifest",
    "Config": "config",
    "Teams": "teams",
    "Waivers": "waivers",
    "FeatureContract": "feature-contract",
}
SMALLEST: dict[str, Any] = {
    "apiVersion": "changegate.dev/v1",
    "kind": "ModelRelease",
    "metadata": {"name": "a", "owner": "b"},
    "spec": {"version": "1", "artifacts": [{"name": "m", "role": "model", "uri": "s3://m"}]},
}

_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(
    r"^(?:<!-- (?P<how>schema|read as|part of): (?P<what>\S+) -->\n)?```(?P<language>\w*)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_SCHEMA_LINE = re.compile(r"^# yaml-language-server: \$schema=(\S+)$", re.MULTILINE)


class Block(NamedTuple):
    """A fenced block of a page."""

    page: Path
    line: int
    language: str
    how: str
    """`schema`, `read as` or `part of`, from the comment above it; or empty."""
    what: str
    text: str


@cache
def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def name_of(given: Any) -> str:
    if isinstance(given, Block):
        return f"{given.page.name}:{given.line}"
    return given.relative_to(ROOT).as_posix() if isinstance(given, Path) else str(given)


def blocks(page: Path) -> list[Block]:
    text = text_of(page)
    return [
        Block(
            page,
            text.count("\n", 0, one.start()) + 1,
            one["language"],
            one["how"] or "",
            one["what"] or "",
            one["text"],
        )
        for one in _BLOCK.finditer(text)
    ]


ALL = [block for page in PAGES if page != RULES for block in blocks(page)]
DATA = [block for block in ALL if block.language in {"yaml", "json"} or block.how]


# Links


def slugs(page: Path) -> set[str]:
    """The anchors that a host gives the headings of a page."""
    found: list[str] = []
    for heading in re.findall(r"^#{1,6} (.+)$", _FENCED.sub("", text_of(page)), re.MULTILINE):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        slug = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        found.append(f"{slug}-{found.count(slug)}" if slug in found else slug)
    return set(found)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", _FENCED.sub("", text_of(page))):
        if re.match(r"[a-z]+:", link):
            assert link.startswith("https://"), link
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{link} leads nowhere"
        assert target.is_relative_to(ROOT), f"{link} leads out of the repository"
        assert not anchor or anchor in slugs(target), f"{link}: there is no such heading"


def test_every_page_is_linked() -> None:
    linked = {
        (page.parent / link.partition("#")[0]).resolve()
        for page in PAGES
        for link in re.findall(r"\]\(([^)\s]+)\)", text_of(page))
    }
    assert [name_of(page) for page in DOCS if not {page, page.parent} & linked] == []


@pytest.mark.parametrize("page", [*PAGES, ROOT / "pyproject.toml", ROOT / "Makefile"], ids=name_of)
def test_files_that_are_mentioned_are_there(page: Path) -> None:
    """Of the code, of tests and of policies; `<name>` stands for any."""
    named = re.findall(
        r"(?<![\w/.])((?:checks|tests|benchmarks|rego|schemas)/[\w./-]*\w\.(?:py|rego|yaml|json|md))\b", text_of(page)
    )
    ours = [ROOT, ROOT / "checks/changegate"]
    assert [
        name
        for name in named
        if not name.startswith("schemas/input.json") and not any((top / name).exists() for top in ours)
    ] == []


# Examples


def value_of(text: str, language: str, *, others: bool = False) -> Any:
    """What an example holds; in those of `others`' formats, plain scalars are theirs to read."""
    parsed = parse(text.encode(), f"example.{language}")
    assert [fault.message for fault in (*parsed.faults, *(() if others else parsed.warnings))] == []
    assert len(parsed.documents) == 1
    return parsed.documents[0].value


def schema_of(block: Block, value: Any) -> str:
    """The schema that a block says it has; empty where it says none."""
    line = _SCHEMA_LINE.search(block.text)
    if line:
        assert line[1].startswith(ORIGIN)
        return line[1].removeprefix(ORIGIN).removesuffix(".schema.json")
    if block.how == "schema":
        return block.what
    return KINDS[value["kind"]] if value.get("apiVersion") == SMALLEST["apiVersion"] else ""


def laid_over(value: dict[str, Any]) -> dict[str, Any]:
    """A part of a manifest, with what it leaves out."""
    return {key: {**SMALLEST[key], **value[key]} if key in value else SMALLEST[key] for key in SMALLEST}


def read_drill(block: Block) -> None:
    file = File("present", data=block.text.encode(), path="drill.json")
    assert drill.read_drill(file, ["fraud-detector"], NOW)["succeeded"]


def read_stored(block: Block, path: str) -> None:
    file = File("present", data=block.text.encode(), path=path)
    found = stored.read_stored(EvidenceFiles(DictTree({}), None), file, "sha256")
    assert found.kind == block.what
    assert "sha256" in found.digests


def read_envelope(block: Block) -> None:
    envelope = json.loads(block.text)
    assert provenance.read_statement(envelope).digests
    shown = next(other for other in ALL if other.page == block.page and other.what == "in-toto")
    assert json.loads(statements.decode(envelope["payload"], ("payload",))) == json.loads(shown.text)


def read_plan(block: Block) -> None:
    """What `changegate plan` prints of the fixture."""
    manifest = ROOT / "fixtures/gitops-repo/models/fraud-detector/manifest.yaml"
    release = value_of(manifest.read_text(encoding="utf-8"), "yaml")
    plan, target = make_plan(release), target_of(release)
    assert isinstance(plan, Plan)
    assert block.text == table(plan, target, losses_of(plan, target))


READERS = {
    "rollback-drill": read_drill,
    "git-lfs": lambda block: read_stored(block, "model.safetensors"),
    "dvc": lambda block: read_stored(block, "model.safetensors.dvc"),
    "dsse": read_envelope,
    "plan-table": read_plan,
    "in-toto": lambda block: statements._statement(json.loads(block.text), ()),
}


def is_part(part: Any, whole: Any) -> bool:
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(key in whole and is_part(one, whole[key]) for key, one in part.items())
    return bool(part == whole)


@pytest.mark.parametrize("block", DATA, ids=name_of)
def test_examples_hold(block: Block) -> None:
    """No example is left unchecked: each says what it is, or is a part of a manifest."""
    if block.how == "read as":
        READERS[block.what](block)
        return
    value = value_of(block.text, block.language, others=block.how == "part of")
    if block.how == "part of":
        assert is_part(value, value_of((ROOT / block.what).read_text(encoding="utf-8"), "yaml", others=True))
        return
    schema = schema_of(block, value)
    if not schema:
        assert value.keys() <= {"metadata", "spec"}, "nothing says what this is an example of"
        schema, value = "manifest", laid_over(value)
    assert [f"{fault.path}: {fault.message}" for fault in validate(value, schema)] == []


def test_the_table_of_samples_is_what_is_calculated() -> None:
    row = r"\| ([\d.]+)% → ([\d.]+)% \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \|$"
    rows = re.findall(row, text_of(ROOT / "docs" / "rollout.md"), re.MULTILINE)
    assert len(rows) == 3
    for base, worse, *sizes in rows:
        calculated = [required(float(base) / 100, float(worse) / 100, share) for share in (0.05, 0.25, 0.5)]
        assert [int(size.replace(",", "")) for size in sizes] == calculated


# Commands


def commands() -> list[tuple[str, str]]:
    """Every command that a page shows, in a block or in a sentence."""
    found = [(name_of(block), line) for block in ALL if block.language == "console" for line in block.text.splitlines()]
    for page in PAGES:
        if page != RULES:
            found += [
                (name_of(page), span) for span in re.findall(r"`(changegate [^`…]+)`", _FENCED.sub("", text_of(page)))
            ]
    return [(page, line) for page, line in found if line.strip()]


@pytest.mark.parametrize(("page", "line"), commands(), ids=lambda given: given[:60])
def test_commands_are_ones(page: str, line: str) -> None:
    words = shlex.split(line, comments=True)
    if words[:1] == ["make"]:
        assert re.search(rf"^{words[1]}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE), page
    if words[:1] != ["changegate"]:
        return
    assert words[1] in COMMANDS, page
    parse_arguments(import_module(f"changegate.cli.{words[1]}").command, words[1:])
    if words[1] == "explain" and words[2] not in {"RULE", "diff/RULE"} and not words[2].startswith("own/"):
        assert words[2] in [*catalogue(), *(f"diff/{name}" for name in DIFF_RULES)], page


def parse_arguments(command: Any, words: list[str]) -> None:
    """Parse a command line without running it; in a group, the command that it names."""
    context = command.make_context(words[0], words[1:])
    if isinstance(command, click.Group) and len(words) > 1:
        inner = command.get_command(context, words[1])
        assert inner is not None, f"there is no command {words[1]}"
        parse_arguments(inner, words[1:])


# Rules and settings


@cache
def catalogue() -> Catalogue:
    return Catalogue.of(shipped())


def test_the_page_of_the_diff_has_each_of_its_rules_as_it_is() -> None:
    page = text_of(ROOT / "docs" / "diff.md")
    rows = re.findall(r"^\| `diff/(\S+)` \| (\S+) \| (\S+) \| (.+) \|$", page, re.MULTILINE)
    assert rows == [(name, rule.category, rule.level, rule.why) for name, rule in DIFF_RULES.items()]


def test_the_page_of_rules_is_the_one_that_is_generated() -> None:
    generated = markdown([catalogue().rule(rule) for rule in catalogue()])
    assert text_of(RULES) == generated, "run `make docs`"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_rules_that_are_mentioned_exist(page: Path) -> None:
    checks = "|".join({rule.partition("/")[0] for rule in catalogue()})
    mentioned = set(re.findall(rf"(?<![\w/.-])(?:{checks})/[a-z][a-z0-9-]*(?![\w-]*[./]\w)(?![\w-])", text_of(page)))
    assert sorted(mentioned - set(catalogue())) == []


def test_references_of_rules_to_pages_lead_somewhere() -> None:
    for rule in catalogue():
        for reference in catalogue().rule(rule).references:
            if reference.startswith(("docs/", "../docs/", "schemas/")):
                assert (ROOT / reference.removeprefix("../")).exists(), f"{rule}: {reference}"


def test_settings_and_their_schemas_have_the_same_keys() -> None:
    defaults = value_of((ROOT / "rego" / "changegate" / "settings.yaml").read_text(encoding="utf-8"), "yaml")
    schemas = {
        path.stem: load_schema(f"settings/{path.stem}") for path in (ROOT / "schemas" / "settings").glob("*.json")
    }
    assert defaults.keys() == schemas.keys() == load_schema("config")["$defs"]["settings"]["properties"].keys()
    for section, schema in schemas.items():
        assert defaults[section].keys() == schema["properties"].keys(), section
        assert validate(defaults[section], f"settings/{section}") == [], section


TROUBLE = ROOT / "docs" / "troubleshooting.md"


@pytest.mark.parametrize(
    "message",
    re.findall(
        r"`([^`]+)`(?=\.?\*\*|, )",
        "\n".join(line for line in TROUBLE.read_text("utf-8").splitlines() if line.startswith("**`")),
    ),
)
def test_what_troubleshooting_quotes_is_said(message: str) -> None:
    """Each part of a quoted message stands in the code, or in a rule."""
    for part in (one.strip(" .") for one in message.split("…")):
        assert not part or part in _all_texts(), part


@cache
def _all_texts() -> str:
    files = [*(ROOT / "checks").rglob("*.py"), *(ROOT / "rego").rglob("*.rego")]
    return "\n".join(file.read_text("utf-8") for file in files).replace('"\n', "").replace("{", "")


def test_no_message_names_a_page_by_a_path_of_this_repository() -> None:
    """Who reads it has no checkout of changegate: `resources.DOCS` is where pages are read."""
    found = [
        f"{path.name}:{node.lineno}"
        for path in sorted((Path(__file__).parents[2] / "checks" / "changegate").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.keyword) and node.arg in ("hint", "message")
        for text in ast.walk(node.value)
        if isinstance(text, ast.Constant) and isinstance(text.value, str) and re.search(r"\bdocs/\w+\.md", text.value)
    ]
    assert found == []
