"""What the system page adds to the look."""

from readout.ui import markup

_SHEET = """
.r-banner code { background: transparent; }
.r-notice h2 { font-size: 1.1rem; font-weight: 620; margin-bottom: .25rem; }
.r-note .r-link, .r-others .r-link, .r-modules .r-link { color: var(--r-brand); }
.r-identity { font-size: .95rem; }
.r-identity p { color: var(--r-soft); max-width: 92ch; overflow-wrap: anywhere; text-wrap: pretty; }
.r-identity .r-facts div { overflow-wrap: anywhere; }
.r-dossier { border-top: 2px solid var(--r-rule); margin-top: 1.6rem; padding-top: .55rem; }
.r-dossier h2 { font-size: 1.2rem; font-weight: 620; }
.r-dossier h2 span { font-size: .95rem; font-weight: 400; color: var(--r-muted); }
.r-money dl { display: grid; grid-template-columns: 3.4rem minmax(0, 1fr); gap: .35rem .8rem; margin: 0;
  font-size: .95rem; }
.r-money dt { color: var(--r-muted); } .r-money dd { margin: 0; max-width: 120ch; text-wrap: pretty; }
.r-money .r-link { color: var(--r-brand); white-space: nowrap; font-size: .86rem; margin-left: .35em; }
.r-group { font-size: .76rem; font-weight: 620; color: var(--r-brand); text-transform: none; }
.r-table tr:has(.r-group) td { padding-top: .9rem; border-bottom-color: var(--r-rule); }
.r-whole { white-space: nowrap; }
.r-table td.t { overflow-wrap: break-word; }

.r-flow { display: grid; gap: 1rem; margin-top: .2rem; }
.r-lane h3 { font-size: .82rem; font-weight: 620; color: var(--r-soft); margin-bottom: .4rem; }
.r-lane ol { display: flex; flex-wrap: wrap; gap: .8rem 1.9rem; list-style: none; margin: 0; padding: 0; }
.r-step { position: relative; flex: 1 1 15rem; max-width: 25rem; min-width: 0; box-sizing: border-box;
  border: 1px solid var(--r-line); border-left: 4px solid var(--r-muted); border-radius: 4px;
  background: var(--r-panel); padding: .6rem .8rem .55rem; font-size: .86rem; overflow-wrap: anywhere; }
.r-step:not(:last-child)::after { content: "\\2192"; position: absolute; right: -1.45rem; top: 50%;
  transform: translateY(-50%); color: var(--r-muted); font-size: 1.05rem; }
.r-step header { display: flex; gap: .6rem; justify-content: space-between; align-items: baseline; }
.r-step header b { font-weight: 620; }
.r-step header span { flex: none; font-size: .7rem; font-weight: 600; color: var(--r-muted);
  border: 1px solid var(--r-line); border-radius: 3px; padding: 0 .4em; }
.r-step.by-ai { border-left-color: var(--r-brand); background: light-dark(#eef4f4, #14252b); }
.r-step.by-ai header span { color: var(--r-panel); background: var(--r-brand); border-color: var(--r-brand); }
.r-step.by-software { border-left-style: double; border-left-width: 6px; }
.r-step.is-gone { border-style: dashed; border-left-style: solid; }
.r-step.is-gone header b, .r-step.is-gone > p { color: var(--r-muted); }
.r-step > p, .r-identity p { font-size: inherit; }
.r-step > p { margin-top: .15rem; }
.r-step dl { margin: .35rem 0 0; font-size: .78rem; color: var(--r-soft); }
.r-step dl div { display: flex; gap: .4em; } .r-step dt { flex: none; color: var(--r-muted); }
.r-step dd { margin: 0; }
.r-fate { display: inline-block; margin-top: .35rem; font-style: normal; font-size: .74rem; color: var(--r-muted); }
.r-step.is-new .r-fate, .r-step.is-changed .r-fate { color: var(--r-brand); font-weight: 600; }

.r-panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); gap: 1rem 2.2rem; }
.r-panels h3 { font-size: .82rem; font-weight: 620; color: var(--r-soft); padding-bottom: .3rem;
  border-bottom: 1px solid var(--r-line); }
.r-panels dl { display: grid; grid-template-columns: 6.6rem minmax(0, 1fr); gap: .3rem .8rem; margin: .45rem 0 0;
  font-size: .86rem; }
.r-panels dt { color: var(--r-muted); } .r-panels dd { margin: 0; overflow-wrap: anywhere; }
.r-absent { color: var(--r-warn); }
.r-absent::before { content: ""; display: inline-block; width: .5em; height: .5em; border-radius: 50%;
  border: 1.5px solid currentColor; margin-right: .45em; }

.r-modules { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); gap: .5rem 2.2rem;
  list-style: none; font-size: .86rem; }
.r-modules li { margin: 0; border-top: 1px solid var(--r-line); padding-top: .35rem; overflow-wrap: anywhere; }
.r-modules b { font-weight: 600; display: block; } .r-modules span { color: var(--r-soft); font-size: .82rem; }
.r-others { margin-top: 1.4rem; padding-top: .6rem; border-top: 1px solid var(--r-line); font-size: .86rem;
  display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; }
.r-others span { color: var(--r-muted); }

@media screen and (max-width: 760px) {
  .r-lane ol { flex-direction: column; gap: 1.5rem; }
  .r-step { flex: none; max-width: none; width: 100%; }
  .r-step:not(:last-child)::after { content: "\\2193"; right: auto; left: 50%; top: auto; bottom: -1.5rem;
    transform: translateX(-50%); }
}
@media print {
  .st-key-one_system, .r-others { display: none; }
  .r-table td small { font-size: 6.5pt; }
  .r-step, .r-lane, .r-panels section { break-inside: avoid; }
  .r-step, .r-panels dl, .r-modules { font-size: 8pt; }
  .r-step { flex-basis: 11rem; padding: .35rem .5rem; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""


def show() -> None:
    """Put the sheet on the page, once per run."""
    markup.show(f"<style>{_SHEET}</style>")
