"""What a page would lose on paper: a browser is asked how it lays the page out for print."""

from playwright.sync_api import Page, ViewportSize

SHEET: ViewportSize = {"width": 733, "height": 1060}  # A4 between the margins of the print sheet, in pixels
TEXT_WIDTH = 703  # of which the page itself leaves this

_CHARTS = '[class*="chart_"]:has(> * .js-plotly-plot)'
# Light text, a dark ground, what is cut, what leaves the sheet, and what can only be used on a screen.
_SPOILT = """() => {
  const found = new Set(), frame = document.querySelector('.st-key-frame');
  const name = e => `${e.tagName.toLowerCase()}.${e.className.baseVal ?? e.className}: ${e.textContent.slice(0, 40)}`;
  const shade = colour => {
    const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number);
    const part = v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
    return a < .5 ? null : .2126 * part(r) + .7152 * part(g) + .0722 * part(b);
  };
  const ground = e => { for (; e; e = e.parentElement) {
    const own = shade(getComputedStyle(e).backgroundColor); if (own !== null) return own; } return 1; };
  const right = frame.getBoundingClientRect().right + 1;
  for (const e of [document.body, ...document.querySelectorAll('.stApp, .st-key-frame')])
    if (ground(e) < .9) found.add(`dark ground: ${name(e)}`);
  const bar = '[data-testid="stHeader"] :is(button, a):not(:has(img))';
  for (const e of document.querySelectorAll(`${bar}, .st-key-frame *`)) {
    if (!e.checkVisibility({visibilityProperty: true, opacityProperty: true}) || !e.getClientRects().length) continue;
    if (e.closest('.r-hidden, style')) continue;
    if (e.matches(`${bar}, .r-how, button:not([aria-checked="true"])`))
      found.add(`only for a screen: ${name(e)}`);
    if (!frame.contains(e) || e.closest('svg:not(.main-svg)')) continue;
    const style = getComputedStyle(e), drawn = e.closest('svg'), box = e.getBoundingClientRect();
    if (!drawn && box.width && box.right > right && !e.closest('.js-plotly-plot'))
      found.add(`wider than the sheet: ${name(e)}`);
    if (!drawn && !e.closest('.js-plotly-plot, .stFullScreenFrame') && style.overflow !== 'visible' && e.textContent
        && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1))
      found.add(`cut: ${name(e)}`);
    if (![...e.childNodes].some(child => child.nodeType === 3 && child.textContent.trim())) continue;
    const ink = shade(drawn ? style.fill : style.color), paper = drawn ? 1 : ground(e);
    if (ink !== null && (Math.max(ink, paper) + .05) / (Math.min(ink, paper) + .05) < 3) found.add(`pale: ${name(e)}`);
  }
  return [...found];
}"""


def chart_widths(page: Page) -> list[float]:
    """Return the pixels of each chart's width; a print keeps the drawing as the screen had it."""
    page.wait_for_function("() => [...document.querySelectorAll('.stPlotlyChart')].every(e => e.querySelector('svg'))")
    return page.locator(_CHARTS).evaluate_all(
        "all => all.map(one => Number(one.querySelector('.main-svg').getAttribute('width')))"
    )


def chart_scales(page: Page) -> list[float]:
    """Return at which scale the sheet prints each chart."""
    return page.locator(_CHARTS).evaluate_all("all => all.map(one => Number(getComputedStyle(one).zoom))")


def spoilt(page: Page) -> list[str]:
    """Return what is wrong with a page on a sheet of A4, in the colours that the screen has now."""
    page.emulate_media(media="print")
    page.set_viewport_size(SHEET)
    return page.evaluate(_SPOILT)
