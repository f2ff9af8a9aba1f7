"""What one system runs on: its models, and its monthly charges."""

from readout import words
from readout.briefs.results import Header
from readout.briefs.results_system import ChargeRow, ModelRow, SystemProfile
from readout.ui import section, spark, tables
from readout.ui.markup import escape
from readout.ui.system_choice import columns
from readout.words import running


def models(profile: SystemProfile, header: Header) -> None:
    """Draw the models that the system called in the period; nothing where it never made a call."""
    if not profile.recorded:
        return
    section.title("models", header, ("input_tokens", "output_tokens", "cost_total"))
    if not profile.models:
        tables.remark(running.NO_MODELS)
        return
    tables.show(columns(running.MODEL_HEADS), [_model(row) for row in profile.models], words.SECTIONS["models"][0])


def _model(row: ModelRow) -> list[str]:
    cost, known = running.model_cost(row)
    return [
        tables.name(row.model or running.NOT_STATED, row.provider),
        tables.text(running.purpose(row)),
        tables.number("tasks_attempted", row.calls),
        tables.moved(running.calls_change(row)),
        tables.number("input_tokens", row.input_tokens),
        tables.number("output_tokens", row.output_tokens),
        tables.text(cost, known) if cost else tables.why(known),
        tables.moved(running.cost_change(row)),
    ]


def charges(profile: SystemProfile, header: Header) -> None:
    """Draw what is charged for the system beside its calls, the last month against a year before."""
    if not profile.recorded:
        return
    section.title("charges", header, note=running.CHARGES_NOTE)
    if not profile.charges:
        tables.remark(running.NO_CHARGES)
        return
    tables.show(columns(running.CHARGE_HEADS), [_charge(row) for row in profile.charges], words.SECTIONS["charges"][0])
    section.note(running.CHARGES_NOTE)


def _charge(row: ChargeRow) -> list[str]:
    amount, month = running.charged(row)
    shape = [None if known is None else float(known) for _, known in row.months]
    return [
        tables.name(words.human(row.component)),
        f"{escape(amount)}<small>{escape(month)}</small>",
        tables.number("cost_total", row.year_before, row.currency),
        tables.moved(running.charge_change(row)),
        spark.line(shape, running.charges_said(row)),
    ]
