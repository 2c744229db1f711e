"""Text of others stays text in every medium."""

from __future__ import annotations

import html as htmllib
import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from changegate import escape
from support.verdicts import HOSTILE

PIECES = [
    "@acme", "#12", "GH-7", "!9", "/approve", "https://e.vil/x", "www.e.vil", "a@b.c", ":tada:", "$x$", "`", "``", "|",
    "\\", "\\|", "*", "**", "_", "[a](b)", "![", "<b>", "<!--", "-->", "</details>", "&amp;", "&#64;", "~~", "> ", "# ",
    "- ", "1. ", "+ ", "===", "\n", "\r", "\t", "::", "##[", "##vso[", "%0A", ",", "\x1b[31m", "\u202e", "\udc80",
    "\ud800", "\ufffe", "\x7f", "\x85", "\u2028", "é", "模", "0123456789abcdef", "deadbeef" * 5, "]]>", " ",
    "owner/repo",
]  # fmt: skip
ANY = st.text(st.characters(exclude_categories=()), max_size=40)
"""Any code points, lone surrogates among them."""
HOSTILE_TEXT = st.lists(st.sampled_from(PIECES) | ANY, max_size=12).map("".join)


@given(HOSTILE_TEXT)
@example(HOSTILE)
def test_a_terminal_sees_printable_characters_only(text: str) -> None:
    shown = escape.terminal(text)
    assert shown.isprintable()
    assert not re.search(r"##\w*\[", shown)


@given(HOSTILE_TEXT)
def test_a_terminal_keeps_lines_where_they_are_ours(text: str) -> None:
    shown = escape.terminal(text, lines=True)
    assert shown.count("\n") == text.count("\n")
    assert shown.replace("\n", "").isprintable()
    assert not re.search(r"##\w*\[", shown)


@given(st.text("abc äß模é.,-/:|*", max_size=40))
def test_plain_text_is_left_as_it_is(text: str) -> None:
    assert escape.terminal(text) == text
    assert escape.path(text) == text


def test_what_cannot_be_shown_is_made_visible() -> None:
    assert escape.terminal("a\x1b[31m\u202e\n\t\r\udc80\U000e0001") == r"a\x1b[31m\u202e\n\t\r\udc80\U000e0001"


def unquote(shown: str) -> str:
    """What git's `unquote_c_style` does."""
    if not shown.startswith('"'):
        return shown
    named = {"a": 7, "b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13, '"': 34, "\\": 92}
    data, rest = bytearray(), shown[1:-1]
    while rest:
        if rest[0] != "\\":
            data += rest[0].encode()
            rest = rest[1:]
        elif rest[1] in named:
            data.append(named[rest[1]])
            rest = rest[2:]
        else:
            data.append(int(rest[1:4], 8))
            rest = rest[4:]
    return data.decode("utf-8", "surrogateescape")


@given(st.binary(max_size=40))
@example(b'"quoted"')
@example(b"a\\b\xff\xe2\x80\xae\n")
def test_a_path_can_be_turned_back_into_its_bytes(data: bytes) -> None:
    name = data.decode("utf-8", "surrogateescape")
    shown = escape.path(name)
    assert shown.isprintable()
    assert unquote(shown) == name


def test_a_path_is_quoted_as_git_does() -> None:
    assert escape.path("models/größe.yaml") == "models/größe.yaml"
    assert escape.path("a b.yaml") == "a b.yaml"
    assert escape.path('caf\udce9\n".yaml') == r'"caf\351\n\".yaml"'


def test_a_path_is_no_command_in_a_log() -> None:
    assert escape.path("a##vso[task.x]##[y") == r'"a#\043vso[task.x]#\043[y"'
    assert unquote(escape.path("a##vso[task.x]##[y")) == "a##vso[task.x]##[y"
    assert escape.path("a##b") == "a##b"


def test_half_a_surrogate_that_is_no_byte_does_not_crash_a_path() -> None:
    assert escape.path("\ud800") == r'"\355\240\200"'


@given(HOSTILE_TEXT)
@example(HOSTILE)
def test_workflow_data_is_one_line_that_decodes_to_what_is_shown(text: str) -> None:
    data = escape.workflow_data(text)
    assert "\n" not in data
    assert "\r" not in data
    assert not re.search(r"##\w*\[", data)
    decoded = data.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
    assert decoded == escape.terminal(text, lines=True)


@given(HOSTILE_TEXT)
@example(HOSTILE)
def test_a_workflow_property_ends_nothing(text: str) -> None:
    shown = escape.workflow_property(text)
    assert not set(shown) & set(":,\n\r")
    decoded = shown.replace("%3A", ":").replace("%2C", ",").replace("%25", "%")
    assert decoded == escape.terminal(text)


@given(HOSTILE_TEXT)
@example(HOSTILE)
def test_xml_can_hold_it(text: str) -> None:
    element = ET.Element("a", {"b": escape.xml(text)})
    element.text = escape.xml(text)
    read = ET.fromstring(ET.tostring(element, encoding="unicode"))
    assert read.text or not text
    assert read.get("b") == escape.xml(text) == (read.text or "")
    assert not any(line.lstrip().startswith("::") for line in escape.xml(text, lines=True).split("\n"))


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.texts: list[str] = [""]
        self.code = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        assert not attrs
        self.tags.append(tag)
        self.code += tag == "code"
        self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        self.code -= tag == "code"
        self.texts.append("")

    def handle_data(self, data: str) -> None:
        self.texts[-1] += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


LIVE = re.compile(r"@\w | [#!]\d | GH-\d | \w+://\w | www\.\w | \w@\w | :[\w+-]+: | \$\w | \b[0-9a-fA-F]{7,40}\b", re.X)
"""What a host looks for in the text of a rendered page, one text node at a time."""


@given(HOSTILE_TEXT)
@example(HOSTILE)
def test_html_is_text_alone_and_nothing_in_it_is_live(text: str) -> None:
    shown = escape.html(text)
    parser = _Tags()
    parser.feed(shown)
    parser.close()
    assert set(parser.tags) <= {"span"}
    assert "".join(parser.texts) == escape.terminal(text)
    assert not [part for part in parser.texts if LIVE.search(part)]


RENDER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def inline(source: str, prefix: str) -> tuple[str, list[str]]:
    """Render as a host does, and give the text and the text nodes outside of code."""
    page = RENDER.render(prefix + source)
    parser = _Tags()
    parser.feed(page)
    parser.close()
    return page, parser.texts


@pytest.mark.parametrize("prefix", ["", "- ", "1. ", "**x** "])
@given(text=HOSTILE_TEXT)
@example(text=HOSTILE)
@example(text="1) a")
@example(text="===")
@example(text="/approve")
@example(text="- [ ] a")
def test_markdown_is_text_alone_and_nothing_in_it_is_live(prefix: str, text: str) -> None:
    shown = escape.markdown(text)
    page, nodes = inline(shown, prefix)
    assert "\n" not in shown
    assert set(re.findall(r"</?(\w+)", page)) <= {"p", "span", "ul", "ol", "li", "strong"}
    assert ("<ul>" in page) == (prefix == "- ")
    assert ("<ol" in page) == (prefix == "1. ")
    assert re.sub(r"\s+", "", "".join(nodes)).removeprefix(prefix.strip(" -1.*")) == re.sub(
        r"\s+", "", escape.terminal(text)
    )
    assert not [node for node in nodes if LIVE.search(node)]


@given(HOSTILE_TEXT)
@example(HOSTILE)
@example(r"a\|b|c\\|d")
@example("|")
@example("\\|")
@example("`|`")
def test_a_cell_of_a_table_stays_one_cell(text: str) -> None:
    for shown in (escape.code(text, table=True), escape.prose(text), escape.markdown(text)):
        page = RENDER.render(f"| a | b |\n|---|---|\n| {shown} | end |\n")
        assert page.count("<td") == 2
        assert page.count("<tr") == 2
        assert ">end</td>" in page


@given(HOSTILE_TEXT)
@example(HOSTILE)
@example("`a``b```")
@example(" a ")
def test_code_is_one_span_that_shows_the_text(text: str) -> None:
    shown = escape.code(text)
    page = RENDER.render(f"x {shown} y")
    found = re.fullmatch(r"<p>x (?:<code>(.*?)</code>)? ?y</p>\n", page, re.S)
    assert found, page
    assert htmllib.unescape(found[1] or "") == escape.terminal(text)


@given(HOSTILE_TEXT)
@example(HOSTILE)
@example("a `b` `@c` ``d``")
def test_prose_makes_nothing_but_code(text: str) -> None:
    shown = escape.prose(text)
    page = RENDER.render(f"x {shown}")
    assert set(re.findall(r"</?(\w+)", page)) <= {"p", "span", "code"}
    outside = re.sub(r"<code>.*?</code>", "<code></code>", page)
    assert not [node for node in re.split(r"<[^>]*>", htmllib.unescape(outside)) if LIVE.search(node)]


def test_prose_shows_pairs_of_backticks_as_code() -> None:
    assert escape.prose("write `bake: 30m` here") == "write `bake: 30m` here"
    assert escape.html_prose("write `a<b` here") == "write <code>a&#60;b</code> here"
    assert escape.prose("one ` alone") == "one &#96; alone"


def test_a_cut_is_announced_and_keeps_the_limit() -> None:
    assert escape.shorten("abcdef", 6) == "abcdef"
    assert escape.shorten("abcdefg", 6) == "abcde…"


@pytest.mark.parametrize("text", ["::error::x", "  ::error::x", "::warning file=a::x"])
def test_no_text_for_a_log_begins_a_workflow_command(text: str) -> None:
    """A runner reads one wherever `::` is the first thing of a line, after blanks too."""
    assert not escape.log_line(text).lstrip().startswith("::")
    assert not escape.path(text).lstrip().startswith("::")
    assert escape.log_line("a::b") == escape.path("a::b") == "a::b"


@pytest.mark.parametrize("value", ["##[error]x", "##vso[task.setvariable variable=a]x"])
def test_json_in_a_log_is_no_command_and_the_same_json(value: str) -> None:
    shown = escape.json_text(json.dumps({value: [value]}, indent=2))
    assert "##[" not in shown
    assert "##vso[" not in shown
    assert json.loads(shown) == {value: [value]}
