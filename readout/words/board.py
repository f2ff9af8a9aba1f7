"""The board document and the snapshot in words: headings, notes and what their command and buttons say."""

from readout.briefs.results import Header, SystemRow
from readout.words import running
from readout.words.dates import days, stamp
from readout.words.gates import gate_state
from readout.words.names import UNREGISTERED, level, listed, stage
from readout.words.numbers import missing, percent
from readout.words.tables import NO_LOAD, planned

TITLE = "AI readout"
OFFERS = {"pdf": "Board PDF", "html": "Snapshot, HTML"}
OFFER_HELP = {
    "pdf": "Two pages of this view. It is read again and compared with the figures before it is handed over.",
    "html": "This view as one file that opens without a network; every figure says how it was calculated.",
}
SYSTEM_HEADS = (
    ("System", "stage", True), ("Load on AI", "% of completed", False), ("Throughput", "tasks completed", False),
    ("Handling time", "against baseline", False), ("Unit cost", "per accepted task", False),
    ("Accuracy", "% of judged, 95% interval", False), ("Gate", "weeks met in a row", True),
)  # fmt: skip
VALUE = ("Value", "since launch")
TREND = ("Cost per accepted task", "whole months")
NO_TREND = "No whole month has a cost per accepted task that is known."
LADDER_SYSTEM = "System"
OPEN = "Open this view in Readout"
DATA = "Period and data"
GROUND = "What the figures rest on"
GLOSSARY = (
    ("Signal", "A week beyond the limits of ordinary weeks, or a row of them on one side. All else is routine."),
    (
        "Association",
        "What is recorded in the two weeks before a signal stands beside it; it is not said to be a cause.",
    ),
    ("Eligible", "A gate's weeks and evidence are there. A person signs off and promotes; eligible is not promoted."),
    ("Not measurable", "A figure that cannot be had says why. It is never shown as zero."),
)


def title(header: Header) -> str:
    """Return the title: AI readout: 31 Aug to 22 Nov 2026."""
    return f"{TITLE}: {days(header.window)}"


def shown(header: Header) -> str:
    """Return which systems and task types are shown."""
    names = listed((header.system_names.get(one, one) for one in header.scope.systems), "all systems")
    return f"{names}, task type {header.scope.task_type}" if header.scope.task_type else names


def system_stage(row: SystemRow) -> str:
    """Return what stands under a system's name."""
    return stage(row.stage) if row.registered else UNREGISTERED


def system_load(row: SystemRow) -> tuple[str, str]:
    """Return a system's load on AI with its plan; the reason and nothing where nothing was completed."""
    return (NO_LOAD, "") if missing(row.load_share) else (percent(row.load_share or 0), planned(row.planned_share))


def system_gate(row: SystemRow) -> tuple[str, str, str]:
    """Return a system's gate, its tone and what stands under it; that it is stalled where it has none."""
    if row.gate_state:
        return (*gate_state(row.gate_state), row.gate_text)
    if row.standstill is not None:
        return (*running.STALLED, running.standstill_short(row.standstill))
    return "–", "neutral", ""


def cost_level(name: str, currency: str) -> str:
    """Return at which level a trend of unit cost is: fully loaded, EUR, whole months."""
    return ", ".join(part for part in (level(name).lower(), currency, TREND[1]) if part)


def more_systems(rows: int) -> str:
    """Return that further systems stand in the snapshot and on the page."""
    return f"{rows} more {'system stands' if rows == 1 else 'systems stand'} on the page." if rows else ""


def of_data(header: Header) -> str:
    """Return as-of, zone and data version in one line."""
    return f"as of {stamp(header.as_of_local)} ({header.time_zone}), data version {header.data_version}"
