"""How pages look on paper, in one sheet: a report on white, without anything that only a screen can use.

What a reader chose stays, as plain words; what can be pressed goes. Streamlit's columns stand under each other, and
its controls are named by their role, so that a new kind of control is covered as well.
"""

SHEET = """
@page { margin: 12mm 8mm 14mm; }
@media print {
  /* paper is white, whatever the screen is: our colours follow color-scheme, Streamlit's and Plotly's are set here */
  :root, body, .stApp, .st-key-frame { color-scheme: light !important; background: #fff !important; }
  .st-key-frame, .st-key-frame :is(label, summary, button, input, textarea, pre, .stMarkdown, .stCaption),
  .st-key-frame :is(label, summary, button, pre, .stMarkdown, .stCaption) * {
    color: #16232c !important; -webkit-text-fill-color: currentColor; background: none !important; }

  .st-key-filters, .st-key-url, .st-key-actions, .st-key-take_tables, .st-key-how_to_explain,
  .st-key-report_offer, .st-key-charge_choice, .r-how, .r-pop, .r-about, .r-go, .modebar-container {
    display: none !important; }
  .st-key-frame button:not([aria-checked="true"]) { display: none !important; }
  .st-key-frame :is([role="group"], input, textarea, button, details, pre, div:has(> input, > textarea)) {
    border: 0 !important; background: none !important; padding: 0 !important; min-height: 0 !important;
    height: auto !important; }
  .st-key-frame button * { max-width: none; overflow: visible; }
  .st-key-frame textarea { field-sizing: content; resize: none; overflow: hidden; max-height: none !important; }
  .st-key-frame pre, .st-key-frame code { white-space: pre-wrap !important; overflow-wrap: anywhere; font-size: 7.5pt;
    max-height: none !important; overflow: visible !important; }

  .st-key-frame { padding-top: 2.8rem; max-width: none; }
  /* blocks, not Streamlit's flex boxes: those overlap where a sheet ends */
  .st-key-frame, .st-key-frame .stVerticalBlock, .st-key-frame .stHorizontalBlock, .st-key-frame .stColumn {
    display: block; width: auto; }
  .st-key-frame .stElementContainer { width: auto; margin-bottom: .35rem; }
  .st-key-frame .stElementContainer:has(input, [role="radiogroup"]) { display: inline-block; margin-right: 1.6rem; }

  .r-scroll { overflow: visible; } .r-note, .r-head h1, .r-head p { max-width: none; }
  .r-table, .r-tile p, .r-table td .r-why { font-size: 7.5pt; } .r-big { font-size: 14pt; }
  .r-table td, .r-table th { padding: .2rem .3rem; } .r-table td img { width: 44px; }
  .r-table td.t, .r-table td small, .r-table td .r-why, .r-table td .r-keep, .r-table td .r-long { white-space: normal;
    min-width: 0; max-width: none; }
  .r-table td small, .r-table:has(th:nth-child(9)), .r-table:has(th:nth-child(9)) th { font-size: 6.5pt; }
  .r-table:has(th:nth-child(12)) :is(td, th) { font-size: 5.5pt; padding-inline: .12rem; }
  .r-table td.t:first-child { min-width: 6rem; } .r-fig { gap: .4rem; } .r-load { display: none; }
  .r-tiles { grid-template-columns: repeat(6, minmax(0, 1fr)); gap: .5rem; } .r-tile h2 { font-size: 8pt; }
  .r-box { font-size: 6.5pt; }
  .r-gate, .r-table tr, .r-tile, .r-changes li, [class*="st-key-panel_"] { break-inside: avoid; }
  .r-section { break-after: avoid; } .r-table thead { display: table-header-group; }
  .r-table tbody tr:first-child { break-before: avoid; }
  .r-cond { grid-template-columns: 10rem minmax(0, 1fr) 15rem; gap: .2rem .8rem; padding: .3rem 0; }
  .r-cond img { height: 40px; } .r-weeks li { width: 13px; height: 13px; border-width: 1px; }

  /* a chart keeps its screen's width on paper: it is scaled to fit, never cut, and its words stay readable */
  [class*="st-key-chart_"] { zoom: .54; break-inside: avoid; }
  [class*="st-key-half_chart_"] { zoom: .8; break-inside: avoid; }
  [class*="chart_"] text { fill: #16232c !important; }
  [class*="st-key-chart_"]:not(.st-key-chart_bridge) text { font-size: 15px !important; }
}
"""
