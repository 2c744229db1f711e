"""Measures how many folders of public policies changegate takes unchanged, from clones that lie side by side.

    python benchmarks/public_policies.py CLONES WORK [--engine opa] [--show REASON]

A folder counts that holds Rego which is no test, with the modules of its repository that it refers to. Rego v0 is
converted by `opa fmt --v0-v1`; what OPA refuses does not count; of one repository at most twelve folders count, chosen
by a hash of their paths. Accepted is a folder in which `changegate policy check` finds no error; data that nobody hands
in is a warning there. WORK keeps what was laid out, so that a second run is quick. Needs `opa` on the PATH. Nothing of
the clones is changed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from changegate.author.engines import EMBEDDED, OPA, checked, read_by_embedded
from changegate.author.problem import ERROR, Problem
from changegate.author.problems import problems
from changegate.errors import ChangegateError
from changegate.rego.bundle import Bundle, Module
from changegate.rego.engines import EngineOptions, open_host, parsed_by
from changegate.worker import Limits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST = 12
"""Folders of one repository."""
_PACKAGE = re.compile(r"^\s*package\s+([A-Za-z_][\w.]*)", re.MULTILINE)
_REFERENCE = re.compile(r"\bdata((?:\.[A-Za-z_]\w*)+)")
_DATA = frozenset({".json", ".yaml", ".yml"})


def is_test(name: str) -> bool:
    """Whether a file holds tests, by its name."""
    return name.endswith("_test.rego") or name == "test.rego"


# Laying out


def lay_out(clones: Path, work: Path) -> None:
    """Lay out the chosen folders of every clone, each converted and with what it refers to."""
    done = work / "done"
    if done.exists():
        return
    for clone in sorted(path for path in clones.iterdir() if path.is_dir()):
        _lay_out_clone(clone, work / clone.name)
    done.touch()


def _lay_out_clone(clone: Path, work: Path) -> None:
    texts = {
        str(file.relative_to(clone)): text
        for file in sorted(clone.rglob("*.rego"))
        if file.is_file() and not file.is_symlink() and (text := _converted(file)) is not None
    }
    packages = _packages(texts)
    folders = sorted({str(Path(name).parent) for name in texts if not is_test(Path(name).name)}, key=_hash)
    taken = 0
    for folder in folders:
        if taken == MOST:
            return
        place = work / _hash(folder)[:12]
        shutil.rmtree(place, ignore_errors=True)
        names = _needed(folder, texts, packages)
        for name in names:
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_text(texts[name], "utf-8")
        if _loads(place, [name for name in names if not is_test(Path(name).name)]):
            taken += 1
            (place / ".folder").write_text(folder, "utf-8")
            _copy_data(clone / folder, place / folder)
        else:
            shutil.rmtree(place)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _converted(file: Path) -> str | None:
    """The text as Rego v1; nothing where OPA cannot read it."""
    if _run("opa", "parse", str(file)).returncode == 0:
        return file.read_text("utf-8", "replace")
    done = _run("opa", "fmt", "--v0-v1", str(file))
    return done.stdout if done.returncode == 0 and done.stdout else None


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def _packages(texts: dict[str, str]) -> dict[str, list[str]]:
    """Package -> the files of it."""
    found: dict[str, list[str]] = {}
    for name, text in texts.items():
        package = _PACKAGE.search(text)
        if package is not None:
            found.setdefault(package[1], []).append(name)
    return found


def _needed(folder: str, texts: dict[str, str], packages: dict[str, list[str]]) -> list[str]:
    """The files of a folder, and those that they refer to, and so on."""
    wanted = dict.fromkeys(name for name in texts if str(Path(name).parent) == folder)
    pending = [name for name in wanted if not is_test(Path(name).name)]
    while pending:
        for path in _REFERENCE.findall(texts[pending.pop()]):
            for name in _files_of(path[1:], packages):
                if name not in wanted and not is_test(Path(name).name):
                    wanted[name] = None
                    pending.append(name)
    return list(wanted)


def _files_of(path: str, packages: dict[str, list[str]]) -> Iterable[str]:
    parts = path.split(".")
    for size in range(len(parts), 0, -1):
        package = ".".join(parts[:size])
        if package in packages:
            return packages[package]
    return [name for package, names in packages.items() if package.startswith(f"{path}.") for name in names]


def _loads(place: Path, names: list[str]) -> bool:
    return bool(names) and _run("opa", "check", *(str(place / name) for name in names)).returncode == 0


def _copy_data(source: Path, target: Path) -> None:
    for file in source.iterdir():
        if file.suffix in _DATA and file.is_file() and not file.is_symlink() and file.stat().st_size < 1 << 20:
            shutil.copy(file, target / file.name)


# Measuring


def places(work: Path) -> Iterator[Path]:
    """Every folder that was laid out."""
    for mark in sorted(work.glob("*/*/.folder")):
        yield mark.parent


def modules_of(place: Path) -> Bundle:
    """The policies of a folder, and what they refer to, without tests."""
    files = (file for file in sorted(place.rglob("*.rego")) if not is_test(file.name))
    return Bundle(tuple(Module(str(file.relative_to(place)), file.read_text("utf-8")) for file in files))


def accepted(place: Path, engine: str = EMBEDDED) -> list[Problem]:
    """What `changegate policy check` finds wrong in a folder, without its tests, for an engine."""
    bundle = modules_of(place)
    try:
        found = checked(bundle, engine).problems if engine == OPA else problems(read_by_embedded(bundle))
    except ChangegateError as error:
        return [Problem("", 1, ERROR, error.message)]
    return [one for one in found if one.level == ERROR]


def seconds_to_load(place: Path, engine: str) -> float:
    """How long it takes from the texts of a folder to a first answer, with an engine that is there already."""
    options, bundle = EngineOptions(engine), modules_of(place)
    with closing(open_host(options)) as host:
        began = time.monotonic()
        parsed = bundle._replace(modules=parsed_by(options, bundle.modules, Limits(120, 2 << 30)), now=0)
        host.load(parsed).query([], {})
        return time.monotonic() - began


def _reason(message: str) -> str:
    return re.sub(r"`[^`]*`|'[^']*'|\b\d+\b|data\.[\w.]+|\binput[\w.]*", "…", message)[:90]


def main() -> int:
    """Lay out, measure, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clones", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--engine", choices=[EMBEDDED, OPA], default=EMBEDDED)
    parser.add_argument("--show", default=None, help="name the folders with a reason in which this is found")
    parser.add_argument("--output", type=Path, help="write what was found as JSON")
    wanted = parser.parse_args()
    wanted.work.mkdir(parents=True, exist_ok=True)
    lay_out(wanted.clones, wanted.work)
    reasons: Counter[str] = Counter()
    found: dict[str, list[str]] = {}
    took: list[float] = []
    for place in places(wanted.work):
        wrong = accepted(place, wanted.engine)
        took += [] if wrong or wanted.engine != OPA else [seconds_to_load(place, OPA)]
        found[f"{place.parent.name}/{(place / '.folder').read_text('utf-8')}"] = [one.message for one in wrong]
        reasons.update({_reason(one.message) for one in wrong})
        for one in wrong if wanted.show is not None else ():
            if wanted.show in one.message:
                sys.stdout.write(f"{place}/{one.file}:{one.line}: {one.message}\n")
    if wanted.output:
        wanted.output.write_text(json.dumps(found, indent=1), "utf-8")
    good = sum(not wrong for wrong in found.values())
    for reason, number in reasons.most_common(40):
        sys.stdout.write(f"{number:4} {reason}\n")
    if took:
        sys.stdout.write(f"loading one: median {median(took):.2f} s, longest {max(took):.2f} s\n")
    sys.stdout.write(f"{good} of {len(found)} folders are accepted ({100 * good / max(len(found), 1):.1f}%)\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
