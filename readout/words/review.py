"""The weekly business review in words: its nine cells, its axis, exceptions and what their owners say of them."""

from collections.abc import Sequence
from datetime import date, timedelta

from readout.briefs.results import Finding, Header
from readout.briefs.results_review import Compared, Panel, Point, ReviewBrief
from readout.metrics import METRICS
from readout.periods import Calendar, Grain
from readout.warehouse.review_notes import ReviewNote
from readout.words.changes import FROM_ZERO, NO_CHANGE, Change, change
from readout.words.charts import trend
from readout.words.dates import day, period_name
from readout.words.names import listed, sentence
from readout.words.numbers import FORMATS, Number, amount, count, money, plain, rounded, signed
from readout.words.reasons import reason
from readout.words.signals import signal
from readout.words.signals import tone as tone_of

NO_PRIOR = "no prior data"
UNEQUAL = "its counterpart a year before is longer or shorter"
NA = "n/a"
_NAMED = 3
HEADS = ("Last week", "WOW", "YOY", "MTD", "YOY", "QTD", "YOY", "YTD", "YOY")
HEADS_EXPLAINED = (
    "Last week; on the week before (WOW) and on the week 364 days before (YOY); month, quarter and year to date, up to "
    "the end of that week, each on the same days a year before (YOY). Volumes change in %, rates in basis points (bp: "
    "100 bp are one percentage point)."
)
CHART_EXPLAINED = (
    "Left six whole weeks, right twelve whole months. The strong line is this year, the light one a year before: weeks "
    "364 days earlier, so that weekdays agree, months the same month. Both share one scale where months are at most "
    "three times the weeks; else each has its own."
)
MISSING_EXPLAINED = (
    "A day without any record, on a weekday that had one in at least 6 of the 8 weeks before, is missing: a sum over "
    "it is n/a, not a smaller sum. Rates are shown, of what was recorded."
)
YEAR_BEFORE = "a year before"
NO_EXCEPTION = "No exception this week: every system is in routine variation. Nothing to see here."
EXCEPTION_HEADS = (("Exception", "", True), ("Last week", "and what was ordinary", True),
                   ("Explanation of this week", "", True), ("Said the week before", "", True))  # fmt: skip
NOT_EXPLAINED = "Not explained yet"
NOTHING_SAID = "–"
UNREAD = "The journal cannot be read, so nothing that owners have said is shown."
HOW_TO_EXPLAIN = 'readout review note {} {} --as "{}" --explanation "still investigating" --follow-up "…" --by {}'
NOTE = (
    "Systems that signal, the worst first. The owner explains an exception, or says that it is still being "
    "investigated, and what follows by when; routine variation needs no explanation. What is written by command line "
    "is recorded with the operating-system account, unverified. It is kept for good, and shown the week after."
)


def to_date(calendar: Calendar) -> tuple[tuple[str, Grain], ...]:
    """Return the periods to date and their grains: of the fiscal year where that is not the calendar's."""
    if calendar.fiscal.plain:
        return (("mtd", "month"), ("qtd", "quarter"), ("ytd", "year"))
    return (("fiscal_mtd", "fiscal_month"), ("fiscal_qtd", "fiscal_quarter"), ("fiscal_ytd", "fiscal_year"))


def finding(brief: ReviewBrief) -> Finding:
    """Return how many exceptions a week has, and whether a day of it is missing."""
    when = week_name(brief.week, brief.header)
    systems = len(brief.exceptions)
    worse = [row.name for row in brief.exceptions if tone_of(row.signals[0].metric, row.signals[0].verdict) == "bad"]
    if not systems:
        text = f"{when}: no exception, every system is in routine variation"
    else:
        text = f"{when}: {count(systems)} {'system signals' if systems == 1 else 'systems signal'}"
        names = [*worse[:_NAMED], *([f"{len(worse) - _NAMED} more"] if len(worse) > _NAMED else [])]
        text += f", for the worse {listed(names)}" if worse else ", none for the worse"
    if brief.missing:
        text += f"; {listed(day(one, year=False) for one in brief.missing)} {_is(brief.missing)} missing"
    return Finding(f"{text}.", "bad" if worse or brief.missing else "neutral")


def _is(items: Sequence[object]) -> str:
    return "is" if len(items) == 1 else "are"


def week_name(week: date, header: Header) -> str:
    """Return a week's name: Week 2026-W47 (16–22 Nov)."""
    return f"Week {period_name(week, 'week', header.calendar)}"


def week_label(week: date, header: Header) -> str:
    """Return a week at a chart's axis by its number, which a year of 53 weeks has too: W47."""
    return f"W{header.calendar.week_number(week)[1]:02}"


def month_label(month: date) -> str:
    """Return a month at a chart's axis; January has its year."""
    return f"{month:%b}" if month.month > 1 else f"{month:%b %y}"


def lacks(days: Sequence[date]) -> str:
    """Return why a sum is not said."""
    return f"no record on {listed(day(one, year=False) for one in days[:3])}"


def tone(panel: Panel) -> str:
    """Return whether a panel's signal is good or bad for the business."""
    return tone_of(panel.metric, panel.signal)


def verdict(panel: Panel) -> Change:
    """Return what a panel's weeks say."""
    return signal(panel.metric, panel.signal)


def cells(panel: Panel) -> tuple[tuple[str, str, str], ...]:
    """Return the nine cells, each as its text, its tone and why it is n/a."""
    box = panel.box
    found = [_value(panel, box.week), _moved(panel, box.week), _moved(panel, box.week_year)]
    for one in (box.month, box.quarter, box.year):
        found += [_value(panel, one), _moved(panel, one)]
    return tuple(found)


def _value(panel: Panel, one: Compared) -> tuple[str, str, str]:
    if one.value is None:
        return NA, "neutral", reason(one.reason)
    form = FORMATS[METRICS[panel.metric].unit]
    return form.short(one.value, None, panel.currency), "neutral", ""


def _moved(panel: Panel, one: Compared) -> tuple[str, str, str]:
    if one.value is None or one.before is None:
        return NA, "neutral", reason(one.reason if one.value is None else one.before_reason)
    text = moved(panel.metric, one.value, one.before)
    return text, change(panel.metric, one.value, one.before).tone, ""


def moved(metric: str, now: Number, before: Number) -> str:
    """Return a change as the review writes it: volumes in %, rates in basis points."""
    if FORMATS[METRICS[metric].unit].change != "points":
        if not before:
            return NO_CHANGE if not now else FROM_ZERO
        relative = (float(now) / float(before) - 1) * 100
        decimals = 0 if abs(relative) >= 9.95 else 1  # noqa: PLR2004 - two digits are enough
        return f"{signed(relative, decimals)}%" if rounded(relative, decimals) else NO_CHANGE
    points = (float(now) - float(before)) * 10_000
    return f"{signed(points)} bp" if rounded(points, 0) else NO_CHANGE


def alt(panel: Panel, header: Header) -> str:
    """Return a panel's chart for those who cannot see it."""
    parts = []
    for points, named in (
        (panel.weeks, [week_label(point.start, header) for point in panel.weeks]),
        (panel.months, [month_label(point.start) for point in panel.months]),
    ):
        texts = [amount(panel.metric, point.value, panel.currency) for point in points]
        parts.append(trend(METRICS[panel.metric].label, named, texts, [point.value for point in points]))
    return " ".join(parts)


def value_label(panel: Panel, value: float) -> str:
    """Return a value over its point, in few digits."""
    if METRICS[panel.metric].unit == "share":
        return f"{plain(value * 100, 1 if value < 0.1 else 0)}"  # noqa: PLR2004 - under a tenth a point is much
    if METRICS[panel.metric].unit == "money":
        return money(value, panel.currency, 0 if abs(value) >= 10 else 2)  # noqa: PLR2004 - cents say little above
    return FORMATS[METRICS[panel.metric].unit].short(value, None, panel.currency)


def hover(panel: Panel, point: Point) -> str:
    """Return a point with its counterpart: 94.2%; a year before 71.0%."""
    now, before = (amount(panel.metric, number, panel.currency) for number in (point.value, point.year_before))
    return f"{now}; {YEAR_BEFORE} {before}"


def unlisted(brief: ReviewBrief) -> str:
    """Return which metrics have no panel, and why."""
    said = [f"{METRICS[metric].label}: {reason(why)}" for metric, why in brief.left_out]
    return sentence(f"Not shown: {'; '.join(said)}") if said else ""


def unit(panel: Panel) -> str:
    """Return what a panel's labels leave out."""
    return "%" if METRICS[panel.metric].unit == "share" else ""


# --- what owners say -------------------------------------------------------------------------------------------------


def said(note: ReviewNote | None, today: date) -> tuple[str, str, str]:
    """Return an explanation, who gave it and what follows, and whether that is overdue."""
    if note is None:
        return NOT_EXPLAINED, "", "bad"
    by = f" by {day(note.follow_up_by, year=False)}" if note.follow_up_by else ""
    follow = f"{sentence(note.follow_up).rstrip('.')}{by}. " if note.follow_up else ""
    late = "Overdue. " if note.follow_up_by and note.follow_up_by < today else ""
    who = f"{note.who}{'' if note.verified else ', unverified'}, {day(note.noted_at.date(), year=False)}"
    return sentence(note.explanation), f"{late}{follow}{who}", "bad" if late else "neutral"


def how_to(brief: ReviewBrief) -> str:
    """Return the command that explains the first exception."""
    row = brief.exceptions[0]
    by = (brief.week + timedelta(days=13)).isoformat()
    who = brief.owners.get(row.system_id) or "your name"
    return HOW_TO_EXPLAIN.format(row.system_id, row.signals[0].metric, who, by)
