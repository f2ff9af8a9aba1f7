"""The demo's portfolio keeps its distance to the demo's rows, on whatever day the rows end."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from readout.demo import registers
from readout.demo.clock import WRITTEN_FOR, Clock
from readout.demo.money import money_rows
from readout.demo.portfolio import write_portfolio
from readout.portfolio import Portfolio, read_portfolio

EXAMPLE = Path(__file__).parents[2] / "data" / "portfolio"
OVERDUE = timedelta(weeks=4)
# every weekday, both ends of a year, a leap day, both changes of the clocks
ENDS = [date(2026, 11, 17) + timedelta(days=day) for day in range(7)]
ENDS += [date(2024, 2, 29), date(2026, 12, 31), date(2027, 1, 1), date(2027, 3, 28), date(2027, 10, 31)]


def written(folder: Path, end: date) -> Portfolio:
    write_portfolio(EXAMPLE, folder / str(end), Clock(end, 113))
    return read_portfolio(folder / str(end))


def test_in_the_week_it_was_written_for_the_example_is_copied_as_it_is(tmp_path):
    for end in ENDS[:7]:
        assert Clock(end, 113).anchor == WRITTEN_FOR
        assert written(tmp_path, end) == read_portfolio(EXAMPLE)
    for path in EXAMPLE.rglob("*.yaml"):
        assert (tmp_path / str(ENDS[0]) / path.relative_to(EXAMPLE)).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("end", ENDS)
def test_every_day_moves_by_whole_weeks_and_the_portfolio_stays_valid(tmp_path, end):
    clock = Clock(end, 113)
    found = written(tmp_path, end)
    for name, system in read_portfolio(EXAMPLE).systems.items():
        moved = [clock.moved(one.starts) for one in system.planned_stages]
        assert [one.starts for one in found.systems[name].planned_stages] == moved
    assert (clock.anchor - WRITTEN_FOR).days % 7 == 0
    assert not [gate for gate in found.gates.values() if gate.review_by < end]


@pytest.mark.parametrize("end", ENDS)
def test_stages_that_began_were_planned_for_the_day_on_which_they_began(tmp_path, end):
    rows: list[dict[str, Any]] = [*registers.stage_rows(Clock(end, 113))]
    began = {(row["system_id"], row["stage"], row["effective_at"][:10]) for row in rows}
    systems = written(tmp_path, end).systems
    ahead = {
        (name, one.starts)
        for name, system in systems.items()
        for one in system.planned_stages
        if (name, one.stage, str(one.starts)) not in began
    }
    assert {name for name, day in ahead if day + OVERDUE < end} == {"contract-review"}
    assert len(ahead) == sum(len(system.planned_stages) for system in systems.values()) - len(began)


@pytest.mark.parametrize("end", ENDS)
def test_accounts_change_in_the_month_of_the_claim_that_cites_them(tmp_path, end):
    ledger: list[dict[str, Any]] = [*money_rows(Clock(end, 113), [], [])["ledger"]]
    compared = 0
    for system in written(tmp_path, end).systems.values():
        for claim in system.value.cash_effects if system.value else ():
            if claim.account and claim.month:
                amounts = {row["month"]: row["amount"] for row in ledger if row["account"] == claim.account}
                before = [amount for month, amount in amounts.items() if month < claim.month]
                since = [amount for month, amount in amounts.items() if month >= claim.month]
                if before and since:
                    compared += 1
                    assert min(before) > max(since)
    assert compared >= (5 if end > date(2026, 1, 1) else 0)  # the books begin in 2024


def test_only_days_and_months_of_claims_move(tmp_path):
    write_portfolio(EXAMPLE, tmp_path / "moved", Clock(date(2027, 4, 7), 113))
    for path in EXAMPLE.rglob("*.yaml"):
        kept, moved = (re.sub(r"\d{4}-\d{2}(-\d{2})?", "", one.read_text("utf-8"))
                       for one in (path, tmp_path / "moved" / path.relative_to(EXAMPLE)))  # fmt: skip
        assert kept == moved
    text = (tmp_path / "moved" / "systems" / "tier-one-support.yaml").read_text("utf-8")
    assert "evidence_ref: TS-STUDY-2026-03" in text
    assert "month: 2027-02" in text  # twenty weeks after the middle of September
