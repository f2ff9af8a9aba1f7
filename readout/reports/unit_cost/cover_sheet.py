"""The sheet Cover: what the file is, where its figures come from, whether its checks pass, and who signs."""

from datetime import datetime

from readout import words as common
from readout.reports.sheets import Cell
from readout.reports.unit_cost.frame import Layout, status_of
from readout.words import dates
from readout.words import report as words

NAME = "Cover"


def lay_out(layout: Layout, all_pass: str, failing: int, made_at: datetime) -> None:
    """Lay out the facts, the result of the checks, the list of sheets and the lines to sign on."""
    report, header = layout.report, layout.report.header
    sheet = layout.book.sheet(NAME, (30, 90))
    sheet.single = True
    sheet.add(Cell(f"{words.TITLE}: {report.period}", "title"))
    sheet.add(Cell(header.organisation, "label"))
    sheet.add()
    for name, value in facts(layout, made_at):
        sheet.add(Cell(name, "line"), value)
    sheet.add()
    sheet.add(Cell("Checks", "label"), Cell(words.failing(failing), "pass", all_pass))
    sheet.add()
    sheet.heads("Sheet", "What it holds", stay=False)
    for name, purpose in words.SHEETS.items():
        sheet.add(Cell(name, "link", link=name), Cell(purpose))
    sheet.add()
    sheet.heads("Sign-off", "Name and day", stay=False)
    sheet.add(Cell("Prepared by"), Cell("", "input_text"))
    sheet.add(Cell("Reviewed by"), Cell("", "input_text"))


def facts(layout: Layout, made_at: datetime) -> list[tuple[str, Cell]]:
    """Return the facts of the report's head, each with its name."""
    report, header = layout.report, layout.report.header
    compared = common.days(header.before) if header.before else words.NO_BEFORE
    cut = [
        common.weeks_start(header.week_start),
        common.fiscal_year(header.calendar) or "fiscal year is the calendar year",
    ]
    return [
        ("Period", Cell(dates.shown_period(header))),
        ("First day", Cell(header.window.start, "fact_date")),
        ("First day after it", Cell(header.window.end, "fact_date")),
        ("Compared with", Cell(compared)),
        ("Status", Cell(status_of(report))),
        ("Basis", Cell(words.BASIS)),
        ("Currency", Cell(layout.money)),
        ("As of", Cell(f"{common.stamp(header.as_of_local)} ({header.time_zone})")),
        ("Time zone", Cell(header.time_zone)),
        ("Calendar", Cell(", ".join(cut))),
        ("Filters", Cell(common.listed((report.name_of(one) for one in report.systems), "none: all systems"))),
        ("Snapshot", Cell(report.snapshot or "none: the period is not closed")),
        ("Data version", Cell(header.data_version)),
        ("Made at (UTC)", Cell(made_at, "fact_instant")),
    ]
