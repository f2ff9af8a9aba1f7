"""Whether a report may leave by itself: it fails closed. Pure."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from readout.briefs.results_report import UnitCostReport
from readout.delivery import Event, stable_id
from readout.finance import LEVELS
from readout.reports.unit_cost.checks_sheet import Check
from readout.reports.unit_cost.files import Made
from readout.reports.unit_cost.frame import origin
from readout.words import reconciliation
from readout.words import report as words

SUBJECT = "report/unit-cost"


def held_back(report: UnitCostReport, checks: Iterable[Check], settle_days: int) -> tuple[str, ...]:
    """Return why a report is not sent, each in a sentence; empty where it may be.

    It is held back where a check fails, the data is stale, the period has not ended or its accepted tasks can still be
    reopened, or the cost of a system that carries load is not known.
    """
    return (*_checked(checks), *not_whole(report, settle_days), *_tied(report))


def not_whole(report: UnitCostReport, settle_days: int) -> tuple[str, ...]:
    """Return what of the data itself keeps a report from leaving: it is stale, still moving, or has gaps of cost."""
    return (*_fresh(report), *_ended(report, settle_days), *_whole(report))


def _checked(checks: Iterable[Check]) -> Iterator[str]:
    for check in checks:
        if not check.passes:
            yield words.check_fails(check.name, check.expected, check.found)


def _fresh(report: UnitCostReport) -> Iterator[str]:
    if report.status == "open" and report.header.stale_hours is not None:
        yield words.is_stale(report.header)


def _ended(report: UnitCostReport, settle_days: int) -> Iterator[str]:
    open_until = report.open_until(settle_days)
    if report.status == "open" and open_until is not None:
        yield words.still_open(report.header, open_until, settle_days)


def _tied(report: UnitCostReport) -> Iterator[str]:
    found = report.reconciliation
    if found is None:
        yield words.NOT_RECONCILED
    elif found.state != "pass":
        yield reconciliation.sentence(found, report.period)[0]


def _whole(report: UnitCostReport) -> Iterator[str]:
    for column in report.statement.systems():
        level = next((level for level in LEVELS if column.reason(level)), "")
        if level:
            yield words.not_whole(report.name_of(column.system_id), level, column.reason(level))
    if not report.statement.systems():
        yield words.NO_SYSTEM


def message_of(report: UnitCostReport, made: Made, path: Path, to: Iterable[str], reasons: tuple[str, ...]) -> Event:
    """Return the message that brings the report, or the one that tells its owner why it was held back.

    It is the same message for the same period, figures and recipients, so that a repeated run sends nothing twice.
    """
    title = f"{words.TITLE}, {report.period}"
    parts = (report.period, *report.systems, made.format, report.snapshot or report.header.data_version, *to, *reasons)
    at = report.header.as_of
    if reasons:
        text = words.held(title, reasons)
        return Event(stable_id("report.held", *parts), "report.held", SUBJECT, at, f"Not sent: {title}", text)
    files = [
        {"name": one.name, "path": str(path.with_name(one.name).resolve()), "sha256": one.sha256} for one in made.files
    ]
    text = words.sent(title, report.header, [*origin(report), f"Checks: {made.manifest['checks']}"])
    return Event(stable_id("report.sent", *parts), "report.sent", SUBJECT, at, title, text, {"attachments": files})
