"""Writes into the case files what the engines do: `python tests/parity/record.py`; read the diff.

Each case of the forms and each expression of a builtin gets `expect` where it is not `same`; a refused one gets what
the refusal says, and what the engines would do without it. Evaluates in a process of its own: some crash the engine.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import yaml

from support.engine_pairs import (
    CASES,
    Answer,
    Case,
    builtin_cases,
    form_cases,
    on_embedded,
    on_opa,
    plain,
    refusal,
    verdict,
)
from support.opa_server import binary, opa_server

if TYPE_CHECKING:
    from support.opa_server import OpaServer


def unguarded(case: Case) -> Answer:
    """What the engine does with a policy that is not refused, in a child that may crash."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        os.write(writing, json.dumps(_evaluated(case)).encode()[:60_000])
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        text = answer.read()
    _, status = os.waitpid(child, 0)
    return Answer("crash") if os.WIFSIGNALED(status) else Answer(*json.loads(text))


def _evaluated(case: Case) -> Any:
    import regorus

    try:
        engine = regorus.Engine()
        for name, text in case.modules.items():
            engine.add_policy(name, text)
        if case.data:
            engine.add_data_json(json.dumps(case.data))
        engine.set_input_json(json.dumps(case.input))
        answer = json.loads(engine.eval_rule_as_json(case.query))
        defined = answer != "<undefined>" or bool(json.loads(engine.eval_query_as_json(case.query)).get("result"))
    except BaseException as error:  # noqa: BLE001  (a panic of the engine is one)
        return ("error", str(error)[:200])
    return ("value", plain(answer)) if defined else ("undefined", None)


def judged(server: OpaServer, case: Case) -> dict[str, str]:
    opa, found = on_opa(server, case), refusal(case)
    if found is not None:
        raw = unguarded(case)
        without = "crash" if raw.kind == "crash" else verdict(opa, raw)
        return {"expect": "refused", "says": found.message, "hint": found.hint, "without": without}
    behaves = verdict(opa, on_embedded(case))
    if behaves == "different":
        print(
            f"DIFFERENT {case.group}: {case.told!r}\n    OPA {opa}\n    embedded {on_embedded(case)}", file=sys.stderr
        )
    return {} if behaves == "same" else {"expect": behaves}


def _line(one: Any, key: str, found: dict[str, str]) -> str:
    kept = (
        {name: value for name, value in one.items() if name not in _RECORDED} if isinstance(one, dict) else {key: one}
    )
    if list(kept) == [key] and not found:
        return _written(kept[key])
    return _written({**kept, **found})


def _written(value: Any) -> str:
    """As JSON, readable: only what cannot be seen is escaped."""
    return "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in json.dumps(value, ensure_ascii=False))


_RECORDED = ("expect", "says", "hint", "without")


def _forms(server: OpaServer, path: Path) -> str:
    parts = []
    for name, content in yaml.safe_load(path.read_text("utf-8")).items():
        cases = zip(content, form_cases(name, content), strict=True)
        lines = [_line(one, "policy", judged(server, case)) for one, case in cases]
        parts.append("\n".join([f"{name}:", *(f"  - {line}" for line in lines)]))
    return "\n\n".join(parts)


def _builtins(server: OpaServer, path: Path) -> str:
    parts = []
    for name, content in yaml.safe_load(path.read_text("utf-8")).items():
        found = [(case, judged(server, case)) for case in builtin_cases(name, content)]
        raw = sorted({one.get("without", one.get("expect", "same")) for _, one in found})
        lines = [f"{name}:", f"  seen: {json.dumps(raw)}"]
        lines += [f"  input: {json.dumps(content['input'], ensure_ascii=False)}"] if "input" in content else []
        left = iter(one for _, one in found)
        for part, key in (("args", "args"), ("calls", "call"), ("policies", "policy")):
            if content.get(part):
                lines += [f"  {part}:", *(f"    - {_line(one, key, next(left))}" for one in content[part])]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def main() -> None:
    command = binary()
    assert command, "there is no opa"
    with opa_server(command) as server:
        for kind, write in (("forms", _forms), ("builtins", _builtins)):
            for path in sorted((CASES / kind).glob("*.yaml")):
                head = "".join(f"{line}\n" for line in path.read_text("utf-8").splitlines() if line.startswith("#"))
                path.write_text(head + write(server, path) + "\n", "utf-8")


if __name__ == "__main__":
    main()
