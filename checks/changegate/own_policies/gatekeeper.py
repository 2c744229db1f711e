"""changegate's own policies as a Gatekeeper ConstraintTemplate.

Gatekeeper's engine evaluates one module with the rule `violation`, and libraries below the package `lib`. So the root
`changegate` becomes `lib.changegate`, in the packages and wherever they refer to one another; nothing else is changed.
Source: Gatekeeper's documentation, "Constraint Templates"; tried with `gator` 3.23.1.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from changegate.own_policies.pack import adaptors, catalogue
from changegate.rego.bundle import Module, shipped

if TYPE_CHECKING:
    from collections.abc import Iterable

KIND = "ChangegateDecision"
_ADAPTOR = "changegate/gatekeeper.rego"
_PACKAGE = re.compile(r"^package changegate\b.*$", re.MULTILINE)
_IMPORT = re.compile(r"^import data\.changegate\b", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*#.*\n", re.MULTILINE)
_REFERENCE = re.compile(r"(?<!import )\bdata\.changegate\.((?:[a-z_]+\.)+)([a-z_]+)\b")


def template() -> bytes:
    """The template as YAML; the same policies give the same bytes."""
    import yaml

    class Readable(yaml.SafeDumper):
        """Writes policies as they look."""

    def text(dumper: Any, value: str) -> Any:
        style = "|" if "\n" in value else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    Readable.add_representer(str, text)
    head = "# Written by `changegate policy bundle --format gatekeeper`.\n"
    made = yaml.dump(_document(), Dumper=Readable, sort_keys=False, allow_unicode=True, width=1000)
    return (head + made).encode()


def _document() -> dict[str, Any]:
    bundle = shipped()
    beside = {module.name: module for module in adaptors()}
    adaptor = beside[_ADAPTOR]
    every = (*bundle.modules, beside["changegate/findings.rego"], catalogue(bundle))
    libraries = _joined(map(_moved, every))
    source = {"version": "v1", "rego": _moved(adaptor), "libs": libraries}
    code = [{"engine": "Rego", "source": source}]
    parameters = {"warnings": {"type": "boolean", "description": "Whether warnings count as violations, too."}}
    return {
        "apiVersion": "templates.gatekeeper.sh/v1",
        "kind": "ConstraintTemplate",
        "metadata": {"name": KIND.lower(), "annotations": {"changegate.dev/revision": bundle.digest}},
        "spec": {
            "crd": {
                "spec": {
                    "names": {"kind": KIND},
                    "validation": {"openAPIV3Schema": {"type": "object", "properties": parameters}},
                }
            },
            "targets": [{"target": "admission.k8s.gatekeeper.sh", "code": code}],
        },
    }


def _joined(modules: Iterable[str]) -> list[str]:
    """One library for each package, without indents and lines that Rego does not need.

    NOTE: an API server takes objects of 1.5 MiB. `kubectl apply` alone keeps a copy beside an object, of 256 KiB at
    most: so the template is applied with `--server-side`.
    """
    packages: dict[str, tuple[set[str], list[str]]] = {}
    for text in modules:
        head, *lines = (line.strip() for line in text.splitlines())
        imports, rest = packages.setdefault(head, (set(), []))
        imports.update(line for line in lines if line.startswith("import "))
        rest += [line for line in lines if not line.startswith("import ")]
    return ["\n".join([head, *sorted(imports), *rest]) + "\n" for head, (imports, rest) in packages.items()]


def _moved(module: Module) -> str:
    """The module below `lib`, with an import for every reference.

    NOTE: Gatekeeper moves libraries once more, and of references only those in imports and at the top of an expression:
    one in `some … in data.lib.…` would be left behind, and undefined without a word.
    """
    named: dict[str, str] = {}

    def alias(found: re.Match[str]) -> str:
        package = found[1].rstrip(".")
        name = named[package] = "of_" + package.replace(".", "_")
        return f"{name}.{found[2]}"

    text = _COMMENT.sub("", module.text)  # half of it
    text = _IMPORT.sub("import data.lib.changegate", _REFERENCE.sub(alias, text))
    imports = "".join(f"\nimport data.lib.changegate.{package} as {name}" for package, name in sorted(named.items()))
    text = _PACKAGE.sub(lambda found: found[0].replace("changegate", "lib.changegate", 1) + imports, text, count=1)
    # NOTE: YAML writes a text with tabs or with spaces at the ends of lines as one long line.
    return "\n".join(line.rstrip() for line in text.replace("\t", " ").splitlines() if line.strip()) + "\n"
