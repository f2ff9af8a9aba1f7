"""The portfolio ladder as a file: one line a system, numbers unrounded."""

import csv
from io import StringIO

from readout.briefs.results_promotions import PromotionsBrief, Standing
from readout.briefs.tables import write_manifest

COLUMNS = (
    "system_id", "system", "stage", "weeks_in_stage", "business_owner", "gate", "to_stage", "gate_state", "weeks_met",
    "weeks_needed", "evidence", "evidence_needed", "evidence_rule", "proof", "binds", "binding_line",
    "binding_last_week", "can_pass", "weeks_to_pass", "earliest_day", "expected_this_quarter", "lapses_on",
    "hours_waiting_a_week", "reason",
)  # fmt: skip


def promotions_csv(brief: PromotionsBrief) -> str:
    """Return the ladder as RFC 4180 text with a header block; an unknown number is empty, its reason comes last."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    totals = (
        ("fiscal quarter ends on", brief.quarter_end.isoformat()),
        ("control total hours waiting a week", "" if brief.hours is None else repr(brief.hours)),
    )
    write_manifest(writer, "Portfolio ladder", brief.header, totals, period="as of now", compared="nothing")
    writer.writerow(COLUMNS)
    writer.writerows(_line(row) for row in (*brief.rows, *brief.retired))
    return out.getvalue()


def _line(row: Standing) -> list[str]:
    card, line, ahead = row.card, row.binding, row.chance
    last = [week.value for week in line.weeks if week.complete][-1:] if line else []
    return [
        row.system_id,
        row.name,
        row.stage,
        _text(row.weeks_in_stage),
        row.owner,
        *(
            (card.gate, card.to_stage, card.state, str(card.weeks_met), _text(card.weeks_needed or None),
             _text(card.evidence), _text(card.evidence_needed), card.evidence_rule)
            if card else ("",) * 8
        ),
        row.confidence,
        line.metric if line else "",
        line.rule if line else "",
        _text(last[0]) if last else "",
        ahead.why if ahead else "",
        _text(ahead.weeks) if ahead else "",
        row.day.isoformat() if row.day else "",
        row.expected,
        row.valid_until.isoformat() if row.valid_until else "",
        _text(row.hours),
        row.unknown,
    ]  # fmt: skip


def _text(number: float | None) -> str:
    return "" if number is None else repr(number)
