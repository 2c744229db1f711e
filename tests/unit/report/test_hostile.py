"""One table: every text that tries to be something else, in every field, in every format of a report."""

from __future__ import annotations

import html.parser
import json
import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import pytest
from markdown_it import MarkdownIt

from changegate.report import REPORTS, ReportOptions, load_reporter
from changegate.report.plan_folder import index, write_folder
from changegate.verdict import RolloutFiles
from support.records import replace
from support.verdicts import everywhere

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TEXTS = {
    "a workflow command": "::error file=x::owned",
    "a workflow command on a line of its own": "a\n::set-output name=a::b\r\n::stop-commands::x",
    "a command of the older form": "a ##[add-mask]x ##[group]y",
    "a command of Azure": "a\n##vso[task.setvariable variable=PATH]x",
    "a property of a command": "a,title=b%0A::error::c;type=warning;]d",
    "colours": "\x1b[31mred\x1b[0m \x9b31m",
    "a link of a terminal": "\x1b]8;;http://e.vil\x07click\x1b]8;;\x07",
    "a line that is gone": "a\rb\x08\x08c\x7f\x00",
    "a text that runs backwards": "\u202egnp.exe\u2066x\u200f",
    "half a character": "a\ud800b\ufffe\uffff",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)><style>*{display:none}</style>",
    "the end of an attribute": '" onmouseover="alert(1)" x=\'y\' ><svg/onload=alert(1)>',
    "the end of an element": "</code></summary></details></main><!-- x --> <![CDATA[x]]> ]]>",
    "an entity": "&lt;b&gt; &#60;script&#62; &amp;quot;",
    "a link": "[a](http://e.vil) ![b](//e.vil/x.png) <http://e.vil> http://e.vil www.e.vil",
    "an unsafe link": "[a](javascript:alert(1)) [b]: http://e.vil",
    "mentions": "@acme/owners @ana a@e.vil #123 GH-7 !9 ~label %milestone &epic",
    "slash commands": "/approve\n/merge\n/label ~x",
    "headings and lists": "# a\n- b\n1. c\n> d\n---\n```\ne",
    "cells of a table": "a | b | c\\| d \\\\| e",
    "ticks": "`a` ``b` ```c",
    "a commit": "0123456789abcdef0123456789abcdef01234567",
    "a directive of TAP": "x # SKIP all is well\nok 1 - y # TODO",
    "a document of YAML": "...\n---\n- a: &b *b !!python/object/apply:os.system [id]",
    "our own words": "open: 1 release: everything that was checked holds\n  1. nothing to do",
    "the marker of a comment": "<!-- changegate -->",
    "nothing": "",
    "a very long text": "a" * 5_000 + "`" * 3 + "|" * 100,
}


def lines_of_commands(pattern: str) -> Callable[[str], None]:
    def check(shown: str) -> None:
        for line in shown.splitlines():
            match = re.match(pattern, line)
            assert match, line
            assert not re.search(r"##\w*\[", line[match.end() :])

    return check


def log(shown: str) -> None:
    assert not [line for line in shown.splitlines() if line.lstrip().startswith("::")]
    assert not re.search(r"##\w*\[", shown)


def data(shown: str) -> None:
    shown.encode("ascii")
    json.loads(shown)
    log(shown)


def elements(shown: str) -> None:
    ET.fromstring(shown)
    log(shown)


def points(shown: str) -> None:
    log(shown)
    inside = False
    for line in shown.splitlines()[1:]:
        if line in {"  ---", "  ..."}:
            inside = line == "  ---"
        elif inside:
            assert isinstance(json.loads(line.strip().partition(": ")[2]), str)
        else:
            assert re.match(r"(?:not )?ok \d+ - |1\.\.\d+|# ", line), line


OURS = "h2|h3|h4|p|ul|ol|li|table|thead|tbody|tr|th|td|code|strong|em|br|span|sub|details|summary|b|blockquote"


def markdown(shown: str) -> None:
    page = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(shown)
    for tag in re.findall(r"<(/?[a-zA-Z][^>]*|!--.*?--)>", page):
        assert re.fullmatch(rf"/?(?:{OURS})(?: /| style=\"text-align:\w+\")?|!-- changegate --", tag), tag
    assert page.startswith("<!-- changegate -->\n")
    assert page.count("<!-- changegate -->") == 1
    assert not re.search(r"^\s*/\w", shown, re.MULTILINE)
    assert page.count("<details>") == page.count("</details>")
    log(shown)


class Tags(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        assert not [key for key, _ in attrs if key.startswith("on") or key in {"src", "style", "srcset"}]
        assert tag != "a" or all(re.match(r"#|https://", value or "") for key, value in attrs if key == "href")


def page(shown: str) -> None:
    tags = Tags()
    tags.feed(shown)
    assert not tags.found & {"script", "img", "iframe", "object", "link", "form", "input", "base"}
    assert shown.count("<style>") == shown.count("</main>") == shown.count("<title>") == 1
    log(shown)


CHECKS: dict[str, Callable[[str], None]] = {
    "azure": lines_of_commands(r"##vso\[task\.logissue type=(?:error|warning);(?:[a-z]+=[^;\]]*;)*\]|changegate: "),
    "codequality": data,
    "console": log,
    "github": lines_of_commands(r"::(?:error|warning|notice) (?:\w+=[^:,]*,)*title=[^:,]*::"),
    "html": page,
    "json": data,
    "junit": elements,
    "markdown": markdown,
    "record": data,
    "sarif": data,
    "tap": points,
}


def test_every_format_has_a_check() -> None:
    assert CHECKS.keys() == REPORTS.keys()


@pytest.mark.parametrize("form", CHECKS)
@pytest.mark.parametrize("text", TEXTS)
def test_a_text_stays_text(form: str, text: str) -> None:
    verdict = everywhere(TEXTS[text])
    for options in (ReportOptions(), ReportOptions(verbose=True, width=40), ReportOptions(quiet=True)):
        shown = load_reporter(form).render(verdict, options)
        assert all(char == "\n" or char.isprintable() or char == "\ufe0f" for char in shown)
        CHECKS[form](shown)


@pytest.mark.parametrize("text", TEXTS)
def test_a_plan_stays_in_its_folder(text: str, tmp_path: Path) -> None:
    files = RolloutFiles((("plan.json", "{}\n"),), TEXTS[text], (), (TEXTS[text],), TEXTS[text], TEXTS[text])
    verdict = everywhere(TEXTS[text])
    given: Any = replace(verdict, subjects=(replace(verdict.subjects[0], rollout=files), *verdict.subjects[1:]))
    write_folder(given, tmp_path / "deep" / "plan", tmp_path)
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    folder = index(given)["releases"][0]["folder"]
    assert re.fullmatch(r"release-[0-9a-f]{16}|[a-z0-9@._-]+", folder)
    assert written == {"deep/plan/index.json", f"deep/plan/{folder}/plan.json"}
    data((tmp_path / "deep" / "plan" / "index.json").read_text("utf-8"))
