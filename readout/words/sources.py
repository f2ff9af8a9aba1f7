"""What stands in a section that shows no declared metric, and where it is read from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from readout.words.names import listed

REGISTRY = "the portfolio's files"
LEDGER = "the gate ledger in the journal"
JOURNAL = "the journal"


@dataclass(frozen=True)
class Source:
    """What a section shows, "" where its own note says it; the queries that it is read by; what else it rests on."""

    shows: str = ""
    queries: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


_GATE = ("read/gate_facts", "read/releases")
_VENDORS = ("read/demand", "read/prices")
_BRIDGE = ("read/run_cost", "read/charges", "read/token_use", "read/prices")
_TIES = ("read/postings", "read/run_cost", "read/charges", "read/usage")

SECTION_SOURCES: Mapping[str, Source] = {
    "backlog": Source("Tasks that are open at as-of, by the time since their creation.", ("read/backlog",)),
    "changed": Source("", ("read/measures", "read/verdicts", "read/releases", "read/incidents"), (REGISTRY,)),
    "decisions": Source("", _GATE, (REGISTRY, LEDGER)),
    "exceptions": Source("", ("read/measures", "read/verdicts"), (JOURNAL,)),
    "under_load": Source(
        "Hours are ordered by the tasks that came in; the busiest tenth stands against the rest, with latency under "
        "the gate's line and accuracy by the judge that speaks for the system.",
        ("read/under_load", "read/incidents"),
    ),
    "ladder": Source("The stage of each system as recorded, and the state of the gate that leads on.",
                     ("read/stage_changes", *_GATE), (REGISTRY,)),
    "conditions": Source("", _GATE, (REGISTRY,)),
    "system_gates": Source("", _GATE, (REGISTRY,)),
    "gate_lines": Source("The gate's measure in each closed week, with one-sided bounds at the policy's level.", _GATE,
                         (REGISTRY,)),
    "gate_weeks": Source("What one release carried in each week, judged by the policy; a week that is split, "
                         "running or not settled does not count.", _GATE, (REGISTRY,)),
    "gate_watch": Source("How fast the allowance of a breach line was used up on each of the last days.", _GATE,
                         (REGISTRY,)),
    "policy": Source("The gate as its file says it, with the hash that decisions are sealed with.", (), (REGISTRY,)),
    "gate_ledger": Source("Decisions as they were sealed, each with the hash of the one before.", (), (LEDGER,)),
    "gate_people": Source("What people signed and waived, with their reasons.", (), (LEDGER,)),
    "gate_sent": Source("What left about this gate, to whom, and what came of it.", (), ("the outbox in the journal",)),
    "gate_policies": Source("The policies that decisions were made by, and what changed from one to the next.", (),
                            (LEDGER,)),
    "gate_cares": Source("", _GATE, (REGISTRY, LEDGER)),
    "gate_list": Source("", _GATE, (REGISTRY, LEDGER)),
    "bench_text": Source("", (), (REGISTRY,)),
    "bench_weeks": Source("", _GATE, (REGISTRY,)),
    "bench_odds": Source("", _GATE, (REGISTRY,)),
    "bench_stakes": Source("", (*_GATE, "read/measures"), (REGISTRY,)),
    "stall_ways": Source("", ("read/stage_changes", "read/fact_counts", "read/task_days", *_GATE), (REGISTRY,)),
    "stall_findings": Source("What shows that a system stands still, and the next step.",
                             ("read/stage_changes", "read/fact_counts", "read/task_days", *_GATE), (REGISTRY,)),
    "checks": Source("Each check counts the facts that break a rule; what is repaired is counted too.",
                     ("read/fact_counts", "read/invoiced", "read/loads", "read/task_days")),
    "freshness": Source("The newest row of each source against the promise of the organisation.", ("read/state",
                        "read/loads"), (REGISTRY,)),
    "coverage": Source("Of the tasks of the period, the share for which a measure is known.", ("read/measures",)),
    "not_measurable": Source("Metrics of which no column was ever recorded, with what would record it.",
                             ("read/recorded_columns", "read/dimensions")),
    "loads": Source("Rows by what became of them, for each file that was loaded.", ("read/loads",)),
    "rejects": Source("Rows that were not loaded, with file, line, column and reason.", ("read/rejects",)),
    "choices": Source("Every system in the data or in the portfolio.", ("read/measures",), (REGISTRY,)),
    "stages": Source("Stages as they were recorded, with who decided.", ("read/stage_changes",), (REGISTRY,)),
    "workflow": Source("Before and after the AI, as the business owner describes it.", (), (REGISTRY,)),
    "answerable": Source("Owners and sign-offs, as the portfolio names them.", (), (REGISTRY,)),
    "connections": Source("Where the system's data comes from, what it hooks into, and the way back.", (), (REGISTRY,)),
    "modules": Source("Parts that other systems can use, or use.", (), (REGISTRY,)),
    "targets": Source("Targets of the portfolio against the metric of the same name.", ("read/measures",), (REGISTRY,)),
    "releases": Source("Versions in service as they were recorded.", ("read/releases",)),
    "incidents": Source("Outages, degradations, fallbacks and rollbacks as they were recorded.", ("read/incidents",)),
    "charges": Source("", ("read/charges",)),
    "vendor_models": Source("", _VENDORS),
    "vendor_weekly": Source("", _VENDORS),
    "vendor_prices": Source("", ("read/prices", "read/price_changes")),
    "vendor_what_if": Source("", _VENDORS),
    "vendor_dependence": Source("", ("read/demand", *_GATE), (REGISTRY,)),
    "vendor_purposes": Source("", _VENDORS),
    "bridge_bars": Source("", _BRIDGE),
    "bridge_explained": Source("", _BRIDGE),
    "bridge_table": Source("", _BRIDGE),
    "reconciliation": Source("", _TIES, (JOURNAL,)),
    "unexplained": Source("What is left of each line once every difference that has a name is taken off.", _TIES),
    "invoices": Source("Each invoice of the month against the ledger and against our own measured usage.",
                       ("read/invoice_rows", "read/usage", "read/postings")),
    "line_rows": Source("The rows of the line that is chosen; they add up to it.", _TIES),
    "adjustments": Source("", ("read/run_cost", "read/charges"), (JOURNAL,)),
    "rows_charges": Source("", ("facts/figure_charges",)),
    "rows_lonely": Source("", ("facts/figure_calls",)),
    **dict.fromkeys(
        ("terms_work", "terms_stages", "terms_gates", "terms_states", "terms_signals", "terms_money", "terms_metrics"),
        Source("Terms as every page of the readout uses them.", ("read/recorded_columns",)),
    ),
}  # fmt: skip


def source(section: str) -> Source:
    """Return what a section shows and rests on; nothing where its metrics say it."""
    return SECTION_SOURCES.get(section, Source())


def rests_on(queries: Iterable[str], others: Iterable[str] = ()) -> str:
    """Return in words where figures come from: query read/backlog and the portfolio's files."""
    names, rest = tuple(queries), tuple(others)
    read = f"{'query' if len(names) == 1 else 'queries'} {listed(names)}" if names else ""
    return listed([part for part in (read, *rest) if part], "the warehouse")
