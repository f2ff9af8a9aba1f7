"""The look of our own markup, in one sheet.

Colours follow the theme through `light-dark()`; hooks are our own classes and the `st-key-…` classes of our own
containers, never Streamlit's internal ones.
"""

from readout.ui import markup, print_style

SHEET = """
:root {
  --r-ink: light-dark(#16232c, #e4e9eb); --r-soft: light-dark(#4d5b65, #a9b5bc);
  --r-muted: light-dark(#66737c, #8f9ca4);
  --r-line: light-dark(#dcd8cf, #2c3a43); --r-rule: light-dark(#16232c, #7f8d95);
  --r-panel: light-dark(#ffffff, #151e24);
  --r-good: light-dark(#0b6e5f, #4fc3ab); --r-bad: light-dark(#b3401f, #f0906b);
  --r-warn: light-dark(#8a5c00, #dfae58);
  --r-brand: light-dark(#0f5c6b, #6fc3cc); --r-tint: light-dark(#f1efe9, #182229);
  --r-warn-tint: light-dark(#fbf1d9, #2b2416);
}
.st-key-frame { max-width: 1280px; margin-inline: auto; }
.st-key-url { display: none; }
.st-key-shown_system [data-tag] *, .st-key-actions [kind="primary"] * { color: var(--r-panel); }
.r { color: var(--r-ink); line-height: 1.45; }
.r td.n, .r-big, .r-tile p { font-variant-numeric: tabular-nums; }
.r h1, .r h2, .r h3, .r p, .r dl, .r dd, .r ul { margin: 0; padding: 0; }
.r-muted { color: var(--r-muted); font-weight: 400; }
.r-small { font-size: .8rem; }
.r-why { color: var(--r-muted); font-size: .78rem; font-weight: 400; line-height: 1.3; display: inline-block; }
.r-good { color: var(--r-good); } .r-bad { color: var(--r-bad); } .r-neutral { color: var(--r-soft); }
.r-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }

.r-link { color: inherit; text-decoration: underline; text-decoration-color: var(--r-line);
  text-decoration-thickness: 1px; text-underline-offset: .22em; }
.r-link:hover, .r-link:focus-visible { color: var(--r-brand); text-decoration-color: currentColor; }

.r-asof { color: var(--r-muted); font-size: .78rem; border-bottom: 1px solid var(--r-line); padding-bottom: .5rem; }
.r-asof span:last-child { white-space: nowrap; }
.r-asof span + span::before { content: "\\00b7"; margin-inline: .5em; }
.r-head { margin-top: .35rem; }
.r-tiles { margin-top: .35rem; }
.r-head h1 { font-size: clamp(1.2rem, 1.75vw, 1.6rem); font-weight: 600; line-height: 1.3; letter-spacing: -.012em;
  max-width: 78ch; text-wrap: pretty; }
.r-head p { color: var(--r-muted); font-size: .82rem; margin-bottom: .3rem; }
.r-head p.r-lede { font-size: 1rem; color: var(--r-soft); margin: .35rem 0 0; max-width: 100ch; }
.r-about { margin-top: .35rem; font-size: .8rem; color: var(--r-muted); max-width: 90ch; }
.r-about summary { cursor: pointer; width: fit-content; }
.r-about summary:hover, .r-about summary:focus-visible { color: var(--r-brand); }
.r-head .r-about p { font-size: .86rem; color: var(--r-soft); margin: .3rem 0 0; }
.r-changes { list-style: none; display: grid; gap: .75rem; margin-top: .3rem; font-size: .88rem; }
.r-changes li { border-top: 1px solid var(--r-line); padding-top: .55rem; }
.r-changes p { font-size: .9rem; } .r-changes p + p { margin-top: .12rem; }
.r-changes .r-soft { color: var(--r-soft); font-size: .82rem; }
.r-box { border-collapse: collapse; width: 100%; font-size: .8rem; font-variant-numeric: tabular-nums; }
.r-box th, .r-box td { text-align: right; padding: .2rem .3rem; white-space: nowrap;
  border-left: 1px solid var(--r-line); }
.r-box th:first-child, .r-box td:first-child { border-left: 0; padding-left: 0; }
.r-box th { color: var(--r-muted); font-weight: 480; font-size: .72rem; border-bottom: 1px solid var(--r-line); }
.r-head p b { color: var(--r-brand); font-weight: 620; }
.r-mark { display: inline-block; width: .32em; height: .95em; margin-right: .45em; vertical-align: -.08em;
  border-radius: 1px;
  background: var(--r-line); }
.r-mark.good { background: var(--r-good); } .r-mark.bad { background: var(--r-bad); }

.r-tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 10.6rem), 1fr));
  gap: 1rem 1.6rem; }
.r-tile { border-top: 2px solid var(--r-rule); padding-top: .5rem; min-width: 0; }
.r-tile h2 { font-size: .82rem; font-weight: 560; color: var(--r-soft); display: flex; gap: .4em;
  align-items: baseline;
  justify-content: space-between; line-height: 1.3; min-height: 2.6em; }
.r-big { font-size: 1.9rem; font-weight: 620; letter-spacing: -.022em; line-height: 1.2; white-space: nowrap; }
.r-none { color: var(--r-muted); font-size: .82rem; line-height: 1.35; padding-block: .35rem; }
.r-tile p { font-size: .8rem; line-height: 1.4; color: var(--r-soft); }
.r-tile p b { font-weight: 620; }
.r-tile img { display: block; width: 150px; max-width: 100%; height: 30px; margin-top: .3rem; object-fit: contain;
  object-position: left; }

.r-section { display: flex; gap: .6em; align-items: baseline; justify-content: space-between; margin-top: 1.1rem; }
.r-section h2 { font-size: 1rem; font-weight: 620; line-height: 1.35; }
.r-section h2 span { font-weight: 400; color: var(--r-muted); }
.r-note { color: var(--r-muted); font-size: .8rem; max-width: 90ch; }

.r-scroll { overflow-x: auto; }
.r-table { border-collapse: collapse; width: 100%; font-size: .88rem; }
.r-table th { font-size: .76rem; font-weight: 520; color: var(--r-muted); text-align: right; vertical-align: bottom;
  padding: .3rem .55rem; border-bottom: 1px solid var(--r-rule); line-height: 1.25; }
.r-table th small { display: block; font-size: .72rem; font-weight: 400; }
.r-table td { text-align: right; padding: .42rem .55rem; border-bottom: 1px solid var(--r-line); vertical-align: top;
  white-space: nowrap; }
.r-table .t, .r-table th.t { text-align: left; white-space: normal; }
.r-table th:first-child, .r-table td:first-child { padding-left: 0; }
.r-table th:last-child, .r-table td:last-child { padding-right: 0; }
.r-table td.t:first-child { min-width: 10.5rem; }
.r-table td b { font-weight: 600; }
.r-table td small { display: block; font-size: .76rem; color: var(--r-muted); line-height: 1.35; }
.r-table td small.r-good { color: var(--r-good); } .r-table td small.r-bad { color: var(--r-bad); }
.r-table td .r-why { white-space: normal; max-width: 9.5rem; }
.r-table td img { display: block; width: 76px; height: 22px; margin-left: auto; }
.r-fig { display: inline-grid; grid-template-columns: auto auto; gap: .75rem; align-items: center; }
.r-table tbody tr:hover td { background: light-dark(#f6f4ee, #141d23); }
.r-long { display: inline-block; min-width: 11rem; }
.r-table tr.total td { border-top: 1px solid var(--r-rule); font-weight: 600; }
.r-table tr.part td { border-bottom-color: transparent; padding-block: .22rem; }
.r-table tr.part + tr:not(.part) td { padding-top: .22rem; }
.r-table td.dim { color: var(--r-muted); }

.r-load { display: block; position: relative; width: 62px; height: 7px; background: var(--r-tint);
  outline: 1px solid var(--r-line); }
.r-load i { position: absolute; inset: 0 auto 0 0; background: var(--r-brand); }
.r-load u { position: absolute; top: -3px; bottom: -3px; width: 2px; background: var(--r-ink); }

.r-keep { white-space: nowrap; }
.r-swing { display: block; position: relative; width: 9rem; height: .6rem; margin-top: .3rem;
  background: var(--r-tint); }
.r-swing i { position: absolute; inset: 0 auto 0 auto; background: var(--r-brand); }

.r-state { white-space: nowrap; }
.r-state::before { content: ""; display: inline-block; width: .55em; height: .55em; border-radius: 50%;
  margin-right: .45em;
  border: 1.5px solid currentColor; }
.r-state.r-good::before, .r-state.r-bad::before { background: currentColor; }

.r-cols { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1.4rem 2rem; }
.r-gate { border-top: 2px solid var(--r-rule); padding-top: .55rem; margin-top: .7rem; min-width: 0; }
.r-gate header { display: flex; flex-wrap: wrap; gap: .2rem 1rem; justify-content: space-between;
  align-items: baseline; }
.r-gate h2 { font-size: 1.05rem; font-weight: 620; }
.r-gate > p { margin-top: .15rem; }
.r-facts { display: flex; flex-wrap: wrap; gap: .3rem 2.2rem; font-size: .82rem; margin-top: .35rem; }
.r-facts div { min-width: 0; } .r-facts span { display: block; color: var(--r-muted); font-size: .76rem; }
.r-standing { font-size: .86rem; margin: .35rem 0 .1rem; }
.r-dots { letter-spacing: .12em; color: var(--r-brand); }
.r-standing .r-evidence { display: inline-block; vertical-align: .05em; width: 5.5rem; height: .5rem;
  margin-right: .5em;
  background: var(--r-tint); border: 1px solid var(--r-line); border-radius: 2px; overflow: hidden; }
.r-evidence i { display: block; height: 100%; background: var(--r-muted); }
.r-evidence i.full { background: var(--r-good); }
.r-cond { display: grid; grid-template-columns: 13.5rem minmax(0, 1fr) 18rem; gap: .2rem 1.2rem; align-items: center;
  padding: .5rem 0; border-bottom: 1px solid var(--r-line); font-size: .86rem; }
.r-cond:last-of-type { border-bottom: 0; }
.r-cond img { width: 100%; max-width: 640px; height: 58px; object-fit: contain; object-position: left; }
.r-weeks { display: flex; gap: 3px; list-style: none; flex-wrap: wrap; }
.r-weeks li { width: 17px; height: 17px; border-radius: 2px; border: 1.5px solid var(--r-muted); display: grid;
  place-items: center; font-size: .68rem; line-height: 1; color: var(--r-muted); }
.r-weeks li.met { background: var(--r-good); border-color: var(--r-good); color: var(--r-panel); }
.r-weeks li.missed, .r-weeks li.breach { border-color: var(--r-bad); color: var(--r-bad); }
.r-weeks li.partial { border-style: dashed; }
.r-weeks li.no_data { border-color: var(--r-line); }
.r-key { display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; font-size: .78rem; color: var(--r-muted);
  align-items: center; }
.r-key span { display: inline-flex; gap: .4em; align-items: center; }

.st-key-policy_text textarea { font-family: ui-monospace, "Source Code Pro", Menlo, Consolas, monospace;
  font-size: .8rem; line-height: 1.5; }
.r-gate h3 { font-size: .95rem; font-weight: 620; }
.r-gate > .r-weeks { margin-block: .5rem .3rem; }
.r .r-list { padding-left: 1.1rem; margin-top: .25rem; font-size: .86rem; }
.r-notice h2 { font-size: 1.05rem; font-weight: 620; }

.r-how { all: unset; cursor: pointer; flex: none; width: 1.25em; height: 1.25em; border-radius: 50%;
  text-align: center;
  font-size: .74rem; line-height: 1.25em; color: var(--r-muted); border: 1px solid var(--r-line); }
.r-how:hover { color: var(--r-brand); border-color: var(--r-brand); }
.r-how:focus-visible, .r-close:focus-visible { outline: 2px solid var(--r-brand); outline-offset: 2px; }
.r-pop { color: var(--r-ink); background: var(--r-panel); border: 1px solid var(--r-line); border-radius: 8px;
  padding: 1.1rem 1.3rem; width: min(33rem, calc(100vw - 2rem)); max-height: 80vh; overflow: auto; text-align: left;
  box-shadow: 0 12px 40px rgb(0 0 0 / .22); font-size: .86rem; white-space: normal; font-weight: 400; inset: 0;
  margin: auto;
  height: fit-content; }
.r-pop::backdrop { background: rgb(10 18 24 / .32); }
.r-pop h4 { font-size: 1rem; font-weight: 620; margin: 0 0 .6rem; padding: 0; }
.r-pop dl { display: grid; grid-template-columns: 8.5rem 1fr; gap: .35rem 1rem; margin: 0; }
.r-pop dt { color: var(--r-muted); } .r-pop dd { margin: 0; overflow-wrap: anywhere; }
.r-ways { display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; }
.r .r-ways { margin-bottom: .7rem; color: var(--r-brand); }
.r-facts dl { display: grid; grid-template-columns: 10rem 1fr; gap: .3rem 1.2rem; font-size: .86rem; max-width: 92ch; }
.r-facts dt { color: var(--r-muted); } .r-facts dd { overflow-wrap: anywhere; }
.r-close { all: unset; cursor: pointer; color: var(--r-brand); font-weight: 560; margin-top: .9rem; }

.r-notice { border: 1px solid var(--r-line); border-left: 4px solid var(--r-muted); border-radius: 6px;
  background: var(--r-panel); padding: 1.1rem 1.3rem; max-width: 46rem; margin-top: .8rem; }
.r-notice.bad { border-left-color: var(--r-bad); } .r-notice.warn { border-left-color: var(--r-warn); }
.r-notice h1 { font-size: 1.3rem; font-weight: 620; margin-bottom: .35rem; }
.r-notice p + p { margin-top: .45rem; }
.r-notice code { background: var(--r-tint); color: var(--r-ink); padding: .15em .5em; border-radius: 4px; }
.r-banner { background: var(--r-warn-tint); border-left: 4px solid var(--r-warn); border-radius: 4px;
  padding: .55rem .9rem;
  font-size: .88rem; }
.r-banner b { color: var(--r-warn); }

@media screen and (max-width: 760px) {
  .st-key-filters, .st-key-bridge_choices { display: grid; gap: .5rem;
    grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .st-key-filters > *, .st-key-bridge_choices > * { width: 100% !important; min-width: 0; }
  .r-tile h2 { min-height: 0; } .r-head h1 { font-size: 1.15rem; }
  .r-tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .9rem 1rem; }
  .r-tile img { max-width: 100%; }
  .r-big { font-size: 1.55rem; }
  .r-table td.t:first-child, .r-table th.t:first-child { position: sticky; left: 0; z-index: 1; min-width: 8rem;
    max-width: 9rem; background: light-dark(#fbfaf7, #0f161b); }
  .r-table td.t:first-child .r-keep { white-space: normal; } .r-rung { min-width: 7.5rem; }
  .r-cond { grid-template-columns: 1fr; }
  .r-pop dl, .r-facts dl { grid-template-columns: 1fr; gap: 0; }
  .r-pop dd, .r-facts dl dd { margin-bottom: .45rem; }
}
@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after { animation-duration: .01ms !important; animation-iteration-count: 1 !important;
    transition-duration: .01ms !important; scroll-behavior: auto !important; }
}
@media screen and (max-width: 760px) {
  .r-stack thead { display: none; }
  .r-stack .r-table, .r-stack tbody, .r-stack tr { display: block; }
  .r-stack tr { padding: .55rem 0; border-bottom: 1px solid var(--r-line); }
  .r-stack .r-table td { display: grid; grid-template-columns: 7rem minmax(0, 1fr); text-align: left; padding: .12rem 0;
    border: 0; white-space: normal; }
  .r-stack .r-table td::before { content: attr(data-head); font-size: .76rem; color: var(--r-muted);
    padding-top: .1rem; }
  .r-stack .r-table td:first-child { display: block; position: static; max-width: none; }
  .r-stack .r-table td:first-child::before { content: none; } .r-stack .r-table td .r-why { max-width: none; }
}
"""


def show() -> None:
    """Put the sheet on the page, once per run."""
    markup.show(f"<style>{SHEET}{print_style.SHEET}</style>")
