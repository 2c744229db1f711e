"""The summary: what a reviewer reads, links to, and how it stays within its bounds."""

from __future__ import annotations

import html as htmllib
import re

import pytest
from markdown_it import MarkdownIt

from changegate.names import Change, Location
from changegate.report import ReportOptions, load_reporter
from changegate.report.plan_table import duration, rollout_rows
from changegate.verdict import RequiredApproval, Verdict
from support.records import replace
from support.verdicts import FRAUD, HOSTILE, VERDICTS, awaiting, finding, open_, sample

PAGE = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def shown(verdict: Verdict, options: ReportOptions | None = None) -> str:
    return load_reporter("markdown").render(verdict, options or ReportOptions())


@pytest.mark.parametrize("name", VERDICTS)
def test_the_first_line_is_the_marker_and_the_next_the_verdict(name: str) -> None:
    lines = shown(VERDICTS[name]()).splitlines()
    assert lines[0] == "<!-- changegate -->"
    assert lines[1].startswith("## ")
    assert "changegate: " in lines[1]


def test_approvals_say_who_is_needed_and_who_can() -> None:
    text = shown(awaiting())
    assert "| `fraud-detector 2.4.0` | `model-risk` | 1 of 2 | `cy` | `ana`, `bo` |" in text
    assert "| `fraud-detector 2.4.0` | `owner` | ✓ 1 of 1 | `dee` |  |" in text  # who has approved is told, too
    assert "| `privacy\\|office` | 0 of 1 | nobody yet | **nobody: add people to the role** |" in shown(sample())
    needs = awaiting().subjects[0].approvals[1:]
    still = replace(open_(), subjects=(replace(open_().subjects[0], approvals=needs),))
    assert "| `owner` | ✓ 1 of 1 | `dee` |  |" in shown(still)


def test_what_changed_is_a_table() -> None:
    text = shown(sample())
    assert "#### What changed since `2.3.1`" in text
    assert "| compatible | documentation | Label `a.b/c` is gone. |" in text


def test_risk_is_given_with_its_reasons() -> None:
    assert "Risk is **high**: it affects users; it serves over 1% of revenue." in shown(sample())


def test_the_rollout_is_a_table() -> None:
    text = shown(sample())
    assert "| 1 | 5 % | 30m | error-rate&#124;a, latency-p95 | 1,361 requests, 19,800 expected |" in text
    assert "| 2 | 25 % (comes to 33.3 %) | 10m | error-rate&#124;a | 1,500 requests: traffic not declared |" in text
    assert "| 3 | 100 % |  |  |  |" in text
    assert "Rolls back to 2.3.1, automatically." in text


@pytest.mark.parametrize(
    "plan",
    [
        {"steps": None},
        {"steps": [1, {}], "analysis": [None], "shadow": 3, "rollback": [], "losses": None},
        {"steps": [{"weightPercent": 5}]},
        {"steps": [{"position": "x", "weightPercent": "5", "bakeSeconds": True, "requiredRequestsCount": []}]},
    ],
)
def test_an_odd_plan_is_shown_as_far_as_it_goes(plan: dict[str, object]) -> None:
    rows, sentences = rollout_rows(plan)
    assert all(len(row) == 5 for row in rows)
    assert sentences[0] == "Strategy: not stated."


def test_a_share_that_is_not_known_is_told() -> None:
    rows, _ = rollout_rows({"steps": [{"position": 0, "weightPercent": 5}]})
    assert rows[0][1] == "5 % (what it comes to is not known)"


def test_what_the_target_loses_is_told_beside_the_plan() -> None:
    _, sentences = rollout_rows({"strategy": "canary"}, {"target": "argo-rollouts", "losses": ["one", "two"]})
    assert sentences[0] == "Strategy: canary by argo-rollouts."
    assert sentences[-2:] == ["Not expressed for the target: one", "Not expressed for the target: two"]


def test_no_plan_is_no_table() -> None:
    assert rollout_rows(None) == ([], [])
    assert "How it rolls out" not in shown(replace(open_(), subjects=(replace(open_().subjects[0], plan=None),)))


def test_durations_are_written_as_people_do() -> None:
    assert [duration(given) for given in (5400, 86_400, 59, 0, None)] == ["1h30m", "1d", "59s", "", ""]


def test_a_place_is_a_link_where_the_host_is_known() -> None:
    options = ReportOptions(blob_url="https://github.com/acme/models/blob/" + "b" * 40)
    text = shown(sample(), options)
    blob = options.blob_url
    assert f"[`models/fraud.yaml:41:26`]({blob}/models/fraud.yaml#L41)" in text
    assert f"({blob}/models/brok%E9n%20%E2%80%AE.yaml#L2)" in text
    base = "https://github.com/acme/models/blob/" + "a" * 40
    assert f"[`models/gone.yaml:1:1 (at the base)`]({base}/models/gone.yaml#L1)" in text
    assert (
        f"- see also [`models/fraud.yaml:39:26 (at the base)`]({base}/models/fraud.yaml#L39): the previous rel" in text
    )
    tagged = "https://github.com/acme/models/blob/" + "d" * 40
    assert f"[`models/old name.yaml:7:3 (at dddddddddddd)`]({tagged}/models/old%20name.yaml#L7)" in text
    assert "\n`models/fraud.yaml:41:26`\n" in shown(sample())


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://x/)[a](b", "https://x y", "https://x/\n", "//x"])
def test_an_odd_address_makes_no_link(url: str) -> None:
    assert "](" not in re.sub(r"`[^`]*`", "", shown(open_(), ReportOptions(blob_url=url, run_url=url)))


@pytest.mark.parametrize(
    "reference", ["https://e.vil/)[x](y", "javascript:x", "https://e.vil/<b>", "http://plain.example"]
)
def test_a_reference_is_a_link_only_in_its_plain_form(reference: str) -> None:
    item = finding("a/b", references=(reference, "https://good.example/x?y=1#z"))
    text = shown(replace(sample(), subjects=(replace(sample().subjects[0], findings=(item,)),)))
    assert re.findall(r"<(https?:[^>]*)>", text) == ["https://good.example/x?y=1#z"]


def live(page: str) -> list[str]:
    """Tags of a rendered page that are not of our making."""
    ours = "h2|h3|h4|p|ul|ol|li|table|thead|tbody|tr|th|td|code|strong|em|br|span|sub|details|summary|b|blockquote"
    return [
        tag
        for tag in re.findall(r"<(/?[a-zA-Z][^>]*|!--.*?--)>", page)
        if not re.fullmatch(rf"/?(?:{ours})(?: /| style=\"text-align:\w+\")?", tag)
    ]


@pytest.mark.parametrize("name", VERDICTS)
def test_a_page_holds_nothing_that_others_wrote_but_text(name: str) -> None:
    page = PAGE.render(shown(VERDICTS[name](), ReportOptions()))
    allowed = {"!-- changegate --", 'a href="https://sre.google/workbook/canarying-releases/"', "/a"}
    assert set(live(page)) <= allowed
    outside = re.sub(r"<code>.*?</code>", "", page, flags=re.S)
    nodes = [htmllib.unescape(node) for node in re.split(r"<[^>]*>", outside)]
    assert not [node for node in nodes if re.search(r"@\w|#\d|GH-\d|\w://e|www\.\w|:tada:", node)]
    assert not re.search(r"^\s*/\w", shown(VERDICTS[name]()), re.M)


def test_every_row_of_a_table_has_all_its_cells() -> None:
    page = PAGE.render(shown(sample()))
    for table in re.findall(r"<table>.*?</table>", page, re.S):
        columns = len(re.findall(r"<th[ >]", table))
        rows = re.findall(r"<tr>.*?</tr>", table, re.S)
        assert len(rows) > 1
        assert all(len(re.findall(r"<t[dh][ >]", row)) == columns for row in rows), table


def large() -> Verdict:
    findings = tuple(
        finding(f"a/rule-{number}", message=HOSTILE, remediation=HOSTILE, location=Location("a|`b.yaml", number, 1))
        for number in range(1, 400)
    )
    changes = tuple(Change(("a", f"b|{n}"), "changed", HOSTILE, HOSTILE, "x", "breaking") for n in range(400))
    needs = tuple(RequiredApproval(f"role|{number}", 1, (), ("a|b",) * 40) for number in range(400))
    subject = replace(sample().subjects[0], findings=findings, changes=changes, approvals=needs)
    return replace(sample(), subjects=(subject, replace(subject, subject=replace(FRAUD, file="b.yaml"))))


@pytest.mark.parametrize("most", [2_000, 5_000, 20_000, 65_536, 200_000])
def test_a_large_report_is_cut_between_blocks_and_says_so(most: int) -> None:
    text = shown(large(), ReportOptions(max_bytes=most))
    assert len(text.encode()) <= most
    assert "> This summary was cut to fit." in text
    assert text.count("<details>") == text.count("</details>")
    page = PAGE.render(text)
    for table in re.findall(r"<table>.*?</table>", page, re.S):
        columns = len(re.findall(r"<th[ >]", table))
        assert all(len(re.findall(r"<t[dh][ >]", row)) == columns for row in re.findall(r"<tr>.*?</tr>", table, re.S))
    assert text.startswith("<!-- changegate -->\n## ")


def test_what_is_left_out_is_counted() -> None:
    text = shown(large(), ReportOptions(max_bytes=20_000))
    kept = len(re.findall(r"^\| `fraud-detector 2.4.0` \| `role", text, re.M))
    left = re.search(r"… and (\d+) more, left out for size\.", text)
    assert left is not None
    assert kept + int(left[1]) == 800  # two releases with 400 roles each


def test_links_come_from_the_ci_host_and_from_nothing_else() -> None:
    github = {
        "GITHUB_ACTIONS": "true", "GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "acme/models",
        "GITHUB_SHA": "b" * 40, "GITHUB_RUN_ID": "7",
    }  # fmt: skip
    options = ReportOptions(verbose=True).linked(github)
    assert options.blob_url == f"https://github.com/acme/models/blob/{'b' * 40}"
    assert options.run_url == "https://github.com/acme/models/actions/runs/7"
    assert options.verbose
    assert not options.case_files
    gitlab = {
        "GITLAB_CI": "true",
        "CI_PROJECT_URL": "https://gl.example/a/b",
        "CI_COMMIT_SHA": "c",
        "CI_JOB_URL": "https://gl.example/j/1",
    }
    assert ReportOptions().linked(gitlab) == ReportOptions(
        blob_url="https://gl.example/a/b/-/blob/c", run_url="https://gl.example/j/1", case_files=True
    )
    assert ReportOptions().linked({}) == ReportOptions()


def test_the_previous_version_is_found_in_the_diff_where_nothing_else_states_it() -> None:
    subject = replace(sample().subjects[0], previous={"status": "present", "how": "identity"})
    assert "update of 2.3.1, high risk" in shown(replace(sample(), subjects=(subject,)))
    unknown = replace(subject, changes=())
    assert "\nupdate, high risk, in" in shown(replace(sample(), subjects=(unknown,)))
