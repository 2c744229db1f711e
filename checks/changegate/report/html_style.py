"""The style of the HTML page: readable in light and dark, on paper and without a network."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark; --bg: #ffffff; --fg: #1b1f24; --muted: #57606a; --line: #d0d7de; --soft: #f6f8fa;
  --error: #b42318; --warning: #7d4e00; --ok: #116329; --approval: #6639ba; --accent: #0550ae; --grey: #6e7781; }
@media (prefers-color-scheme: dark) { :root { --bg: #0d1117; --fg: #e6edf3; --muted: #9da7b1; --line: #30363d;
  --soft: #161b22; --error: #ff7b72; --warning: #e3b341; --ok: #56d364; --approval: #d2a8ff; --accent: #79c0ff;
  --grey: #8b949e; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem; max-width: 62rem; background: var(--bg); color: var(--fg);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.3rem; margin: 2rem 0 .5rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.25rem 0 .25rem; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { position: static; }
.answer { font-size: 1.15rem; font-weight: 600; margin: .25rem 0 1rem; }
.error, .unknown, .closed, .undecided, .worse, .gone { color: var(--error); }
.warning, .not-enforced { color: var(--warning); }
.ok, .open, .better { color: var(--ok); }
.approval, .awaiting-approval { color: var(--approval); }
.muted { color: var(--muted); }
.badge { font-weight: 600; border: 1px solid currentColor; border-radius: .4rem; padding: 0 .4rem; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: 0; margin: 0; }
code, pre { font: .875rem/1.5 ui-monospace, SFMono-Regular, Consolas, monospace; }
code { background: var(--soft); padding: .1rem .25rem; border-radius: .25rem; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: .4rem; padding: .5rem; margin: .5rem 0;
  white-space: pre-wrap; }
pre code { background: none; padding: 0; }
h1 code, h2 code, h3 code { font-size: inherit; }
pre .here { font-weight: 600; }
mark { background: none; color: var(--error); text-decoration: underline wavy; text-underline-offset: .25em; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .5rem; border-bottom: 1px solid var(--line); }
th, td { min-width: 6.5rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
details { border: 1px solid var(--line); border-radius: .4rem; margin: .5rem 0; padding: .4rem .75rem; }
summary { cursor: pointer; }
ul.checks { list-style: none; padding-left: 0; }
ul.checks li { padding-left: 1.75rem; text-indent: -1.75rem; margin: .25rem 0; }
svg { display: block; max-width: 100%; height: auto; }
svg text { fill: var(--fg); font: 12px system-ui, sans-serif; }
.axis { stroke: var(--line); } .limit { stroke: var(--warning); stroke-dasharray: 3 3; }
.before { stroke: var(--grey); fill: var(--grey); } .now { stroke: var(--accent); fill: var(--accent); }
.step { fill: var(--accent); fill-opacity: .25; stroke: var(--accent); }
footer { margin-top: 2rem; color: var(--muted); font-size: .875rem; }
@media print { body { max-width: none; padding: 0; } nav, .skip { display: none; } details { break-inside: avoid; }
  h2, h3, summary { break-after: avoid; } }
"""
"""No address, no font and no picture: the page asks for nothing."""
