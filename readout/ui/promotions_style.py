"""What the portfolio page adds to the look."""

from readout.ui import markup

_SHEET = """
.r-ladder table { border-collapse: separate; border-spacing: 0; width: 100%; table-layout: fixed; font-size: .86rem; }
.r-ladder th { text-align: left; font-weight: 400; }
.r-ladder thead th { vertical-align: bottom; padding: 0 .6rem 0; border-bottom: 1px solid var(--r-rule); }
.r-ladder thead th span { display: block; font-size: .95rem; font-weight: 620; }
.r-ladder thead th small { display: block; color: var(--r-muted); font-size: .76rem; margin-bottom: .3rem; }
.r-ladder thead th i { display: block; background: var(--r-brand); margin: 0 -.6rem; }
.r-ladder .r-step-1 i { height: 4px; opacity: .3; } .r-ladder .r-step-2 i { height: 9px; opacity: .5; }
.r-ladder .r-step-3 i { height: 14px; opacity: .72; } .r-ladder .r-step-4 i { height: 19px; }
.r-ladder .r-corner { width: 11.5rem; color: var(--r-muted); font-size: .76rem; padding: 0 0 .3rem; }
.r-ladder tbody th { vertical-align: top; padding: .6rem .8rem .6rem 0; border-bottom: 1px solid var(--r-line); }
.r-ladder tbody th b { display: block; font-weight: 620; }
.r-ladder tbody th small { display: block; color: var(--r-muted); font-size: .76rem; line-height: 1.3; }
.r-ladder td { vertical-align: top; padding: .45rem .35rem; border-bottom: 1px solid var(--r-line);
  border-left: 1px solid var(--r-line); }
.r-ladder tbody tr:first-child td { background: var(--r-tint); }
.r-ladder ul { list-style: none; display: grid; gap: .4rem; }
.r-ladder li { background: var(--r-panel); border: 1px solid var(--r-line); border-left: 4px solid var(--r-muted);
  border-radius: 4px; padding: .4rem .6rem; min-width: 0; overflow-wrap: anywhere; }
.r-ladder li.good { border-left-color: var(--r-good); } .r-ladder li.bad { border-left-color: var(--r-bad); }
.r-ladder li b { font-weight: 600; display: block; line-height: 1.3; }
.r-ladder li small { display: block; color: var(--r-soft); font-size: .76rem; line-height: 1.4; }
@media screen and (max-width: 760px) {
  .r-ladder thead, .r-ladder td:not(.r-here), .r-ladder tr:not(:has(.r-here)) { display: none; }
  .r-ladder table, .r-ladder tbody, .r-ladder tr, .r-ladder td, .r-ladder tbody th { display: block; border: 0; }
  .r-ladder tbody th { padding: .7rem 0 .1rem; } .r-ladder td { padding: .2rem 0; }
  .r-ladder tbody tr:first-child td { background: transparent; }
}
@media print {
  .r-ladder { display: block; } .r-ladder table { font-size: 7.5pt; } .r-ladder .r-corner { width: 6.5rem; }
  .r-ladder li { padding: .2rem .35rem; break-inside: avoid; }
}
"""


def show() -> None:
    """Put the page's own rules on it."""
    markup.show(f"<style>{_SHEET}</style>")
