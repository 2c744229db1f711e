"""`changegate init`: the files that a repository needs, written where none are yet."""

from __future__ import annotations

import os
from pathlib import Path

import click

SCAFFOLD = Path(__file__).parents[1] / "scaffold"

FILES = {
    ".changegate/config.yaml": "config.yaml",
    ".changegate/teams.yaml": "teams.yaml",
    ".changegate/signers.yaml": "signers.yaml",
    "models/example-model/manifest.yaml": "manifest.yaml",
}
"""File in the repository -> its template; the hosts' files are chosen with `--ci`."""

EDITOR = {
    ".vscode/settings.json": "vscode.json",
}
"""What `--editor` adds, beside the schemas themselves: the editor finds faults while one types, without a network."""
EDITOR_SCHEMAS = {f".vscode/changegate/{name}.schema.json": name for name in ("manifest", "config", "teams", "waivers")}

CI = {
    "github": {
        ".github/workflows/changegate.yml": "github.yaml",
        ".github/workflows/changegate-review.yml": "github-review.yaml",
        ".github/zizmor.yml": "zizmor.yml",
    },
    "github-read-only": {
        ".github/workflows/changegate.yml": "github-read-only.yaml",
        ".github/zizmor.yml": "zizmor.yml",
    },
    "gitlab": {".gitlab/changegate.yml": "gitlab.yaml"},
    "pre-commit": {".pre-commit-config.yaml": "pre-commit.yaml"},
}

POLICIES = {
    ".changegate/policies/contact.rego": "policy.rego",
    ".changegate/policies/contact_test.rego": "policy_test.rego",
}
"""What `--policies` adds."""

_NEXT = """
Next, in {folder}:
  1. put your teams into .changegate/teams.yaml, and the repository's name into .changegate/config.yaml
  2. git add, and commit all of this   what is not committed does not count as there
  3. changegate check --all            nothing is enforced yet; see what would be
  4. protect .changegate/ and the CI file with CODEOWNERS
  5. say `enforcement: enforce` in .changegate/config.yaml when you are ready
"""

_NEXT_POLICIES = """\
  6. changegate policy test            the tests of the example rule; write your own like it
"""


@click.command(
    epilog="\b\nExamples:\n  changegate init\n  changegate init models-repository --ci gitlab --ci pre-commit\n"
    "  changegate init --policies    with an example of a rule of your own\n"
    "  changegate init --editor      VS Code finds faults while you type, without a network",
    help="Scaffold a repository: settings, teams, an example manifest, CI files.\n\n"
    "Nothing that is there already is changed.",
)
@click.argument("directory", metavar="[DIR]", type=click.Path(path_type=Path), default=Path())
@click.option("--ci", "hosts", type=click.Choice(list(CI)), multiple=True, help="[default: github and pre-commit]")
@click.option("--policies", is_flag=True, help="Add an example of a rule of your own, with its tests.")
@click.option("--editor", is_flag=True, help="Add schemas, and VS Code's settings for them.")
def command(directory: Path, hosts: tuple[str, ...], policies: bool, editor: bool) -> int:
    """Write what is missing, and say what was written and what was left."""
    from changegate.escape import terminal

    if {"github", "github-read-only"} <= set(hosts):
        raise click.UsageError("--ci github and --ci github-read-only write the same file: choose one")
    files = FILES | POLICIES if policies else dict(FILES)
    files |= EDITOR if editor else {}
    for host in hosts or ("github", "pre-commit"):
        files |= CI[host]
    contents = {name: (SCAFFOLD / template).read_bytes() for name, template in files.items()}
    contents |= _schemas() if editor else {}
    for name, content in contents.items():
        click.echo(f"{_write(directory, name, content):8} {name}")
    folder = terminal(os.path.abspath(directory))  # noqa: PTH100  (without `..`)
    click.echo(_NEXT.format(folder=folder), nl=False)
    if policies:
        click.echo(_NEXT_POLICIES, nl=False)
    return 0


def _schemas() -> dict[str, bytes]:
    import json

    from changegate.manifest.one_schema import whole_schema

    return {file: (json.dumps(whole_schema(name), indent=2) + "\n").encode() for file, name in EDITOR_SCHEMAS.items()}


def _write(directory: Path, name: str, content: bytes) -> str:
    """Write one file unless there is one, following no link out of the folder.

    Raises:
        UsageError: The file or a folder above it is a link, or cannot be written.
    """
    from changegate.errors import UsageError

    path = directory / name
    for part in (path, *path.parents):
        if part == directory:
            break
        if part.is_symlink():
            raise UsageError(f"{part} is a link", hint="remove it: nothing is written through a link")
    if path.exists():
        return "kept"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}", hint="check the folder's permissions") from None
    return "written"
