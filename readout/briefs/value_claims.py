"""The claims of one system in their three lines: what counts, what it rests on, what moves it most, what it lacks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import sqrt
from typing import Any

import pandas as pd

from readout.briefs.book import Book
from readout.briefs.capacity import Capacity, Z, capacity
from readout.briefs.reduction import HandlingSums
from readout.briefs.results_value import Claim, Lever
from readout.claims import AvoidedClaim, CashClaim, ValueClaims
from readout.finance import (
    Baseline,
    CashEffect,
    Confirmation,
    CostAvoided,
    Evidence,
    SignedFall,
    claimed_before,
    confirm,
)  # fmt: skip
from readout.periods import months_before, next_month
from readout.stats import mean_half_width

TENTH = 0.1
UNCLAIMED = ValueClaims()


@dataclass(frozen=True)
class Ledger:
    """Balances of named accounts per month, and the whole months in which the ledger has any posting."""

    balances: Mapping[tuple[str, str], Mapping[date, Decimal]]
    closed: frozenset[date]

    @property
    def last(self) -> date | None:
        """The last month that can be read, None without a ledger."""
        return max(self.closed, default=None)


def ledger_of(frame: pd.DataFrame, through: date) -> Ledger:
    """Return the ledger of read/account_months up to the end of the last whole month (exclusive)."""
    balances: dict[tuple[str, str], dict[date, Decimal]] = {}
    closed = set()
    for row in frame.to_dict("records"):
        if row["month"] >= through:
            continue
        closed.add(row["month"])
        if row["account"]:
            balances.setdefault((row["account"], row["currency"]), {})[row["month"]] = row["amount"]
    return Ledger(balances, frozenset(closed))


def accounts_of(book: Book, systems: Iterable[str]) -> list[str]:
    """Return the accounts that claims of some systems name, sorted."""
    blocks = [block for system in systems if (block := block_of(book, system))]
    return sorted({claim.account for block in blocks for claim in block.cash_effects if claim.account})


def block_of(book: Book, system: str) -> ValueClaims | None:
    """Return a system's value block, None where the registry has none."""
    known = book.portfolio.systems.get(system)
    return known.value if known else None


def owner_of(book: Book, system: str, own: str = "") -> str:
    """Return who answers for a claim: its own owner, the block's, else the system's business owner."""
    known = book.portfolio.systems.get(system)
    block = block_of(book, system) or UNCLAIMED
    return own or block.owner or (known.owners.business if known else "")


def cash_claims(book: Book, systems: Sequence[str], ledger: Ledger) -> list[Claim]:
    """Return the cash effects of all systems, each asked of the ledger; the same fall counts once."""
    given = [(system, one) for system in systems if (block := block_of(book, system)) for one in block.cash_effects]
    falls = [
        SignedFall(
            one.account, one.currency or book.currency, one.monthly_before, one.monthly_now,
            one.signed_on if one.signed_by and one.month else None,
        )
        for _, one in given
    ]  # fmt: skip
    twice = claimed_before(falls)
    return [
        _cash(book, system, one, ledger, "" if other is None else book.name_of(given[other][0]))
        for (system, one), other in zip(given, twice, strict=True)
    ]


def _cash(book: Book, system: str, one: CashClaim, ledger: Ledger, other: str) -> Claim:
    currency = one.currency or book.currency
    found = confirm(
        one.monthly_before, one.monthly_now, one.month, ledger.balances.get((one.account, currency), {}), ledger.closed
    )
    signed = one.monthly_before - one.monthly_now
    baseline = _months_before(found, one.month, currency)
    evidence = Evidence(
        "before_after" if found.confirmed else "self_report", owner_of(book, system, one.owner), baseline, one.month
    )
    effect = CashEffect(found.to_date, currency, evidence, one.account, one.month, one.signed_by)
    lacking = effect.lacking
    if not lacking and other:
        lacking = ("claimed_before",)
    elif one.account and one.month and not found.confirmed:
        lacking = (*lacking, found.status)
    half = _level_half(found)
    bounds = found.within(half) if half is not None and not lacking else (None, None)
    return Claim(
        line="cash",
        system_id=system,
        system_name=book.name_of(system),
        what=one.what,
        amount=None if lacking else effect.amount,
        claimed=signed,
        currency=currency,
        grade=evidence.grade,
        owner=evidence.owner,
        start=one.month,
        end=next_month(found.months[-1][0]) if found.months else None,
        lower=bounds[0],
        upper=bounds[1],
        baseline=baseline,
        levers=(_level_lever(found, half),) if half is not None and found.before is not None and not lacking else (),
        lacking=lacking,
        reason=other,
        evidence_ref=one.evidence_ref,
        approved_by=one.signed_by,
        approved_on=one.signed_on,
        account=one.account,
        series=() if lacking else found.months,
    )


def _months_before(found: Confirmation, month: date | None, currency: str) -> Baseline | None:
    """Return the account's months before as a baseline: closed books stand since the month after the last of them."""
    if found.before is None or month is None:
        return None
    return Baseline(
        found.before, currency, found.n_before, months_before(month, found.n_before), month, "ledger", "ledger",
        months_before(month, 1),
    )  # fmt: skip


def _level_half(found: Confirmation) -> Decimal | None:
    """Return the half width of the 95 % interval of a mean month before."""
    if found.spread is None or found.n_before < 2:  # noqa: PLR2004 - one month has no spread
        return None
    return Decimal(repr(mean_half_width(float(found.spread), found.n_before, 0.025)))


def _level_lever(found: Confirmation, half: Decimal) -> Lever:
    level = found.before or Decimal(0)
    low, high = found.within(half)
    return Lever("level", level, level - half, level + half, low, high, "interval")


def avoided_claims(book: Book, system: str) -> list[Claim]:
    """Return the costs that a system's owners say were avoided."""
    block = block_of(book, system) or UNCLAIMED
    return [_avoided(book, system, one) for one in block.cost_avoided]


def _avoided(book: Book, system: str, one: AvoidedClaim) -> Claim:
    currency = one.currency or book.currency
    baseline = None
    if one.approved_on:
        baseline = Baseline(
            one.amount, currency, 1, one.approved_on, one.approved_on, one.plan, one.approved_by, one.approved_on
        )
    evidence = Evidence(
        one.counterfactual, owner_of(book, system, one.owner), baseline, one.cancelled_on, one.lower, one.upper
    )
    avoided = CostAvoided(one.amount, currency, evidence, one.plan, one.approved_on, one.cancelled_on)
    low, high, basis = one.lower, one.upper, "stated"
    if low is None or high is None:
        tenth = one.amount * Decimal(repr(TENTH))
        low, high, basis = one.amount - tenth, one.amount + tenth, "tenth"
    return Claim(
        line="avoided",
        system_id=system,
        system_name=book.name_of(system),
        what=one.what,
        amount=None if avoided.lacking else one.amount,
        claimed=one.amount,
        currency=currency,
        grade=evidence.grade,
        owner=evidence.owner,
        start=one.cancelled_on,
        lower=one.lower,
        upper=one.upper,
        baseline=baseline,
        levers=(Lever("price", one.amount, low, high, low, high, basis),),
        lacking=avoided.lacking,
        evidence_ref=one.evidence_ref,
        plan=one.plan,
        approved_by=one.approved_by,
        approved_on=one.approved_on,
        series=((one.cancelled_on.replace(day=1), one.amount),) if one.cancelled_on and not avoided.lacking else (),
    )


@dataclass(frozen=True)
class Work:
    """A system's whole months since launch: handling sums by task type, and the share that is beyond its stage."""

    live_on: date | None
    months: Mapping[date, HandlingSums]
    beyond: Mapping[date, float]


def capacity_claim(book: Book, system: str, work: Work) -> tuple[Claim, Capacity]:
    """Return a system's hours as a claim, and what they are made of."""
    block = block_of(book, system)
    stated = block or UNCLAIMED
    handling = book.handling_baselines.get(system, ())
    found = capacity(handling, work.months, work.beyond)
    if handling and work.live_on is None:
        found = Capacity(reason="no stage above shadow is recorded, and no day of launch is registered")
    baseline = handling_baseline(book.baselines, system)
    evidence = Evidence(stated.counterfactual, owner_of(book, system), baseline, work.live_on)
    measured = stated.counterfactual != "self_report"
    half = found.half_width if measured else None
    whole = sorted(work.months)
    lacking = tuple(
        code
        for code, missing in (
            ("block", block is None),
            ("baseline", not handling),
            ("baseline_signature", bool(handling) and (baseline is None or baseline.signed_on is None)),
            ("baseline_late", _late(baseline, work.live_on)),
            ("measured", not measured),
            ("redeployed_to", not stated.capacity.redeployed_to),
        )
        if missing
    )
    claim = Claim(
        line="capacity",
        system_id=system,
        system_name=book.name_of(system),
        what="",
        amount=found.hours,
        claimed=None,
        currency="",
        grade=evidence.grade,
        owner=evidence.owner,
        start=whole[0] if whole else None,
        end=next_month(whole[-1]) if whole else None,
        lower=None if half is None or found.hours is None else found.hours - half,
        upper=None if half is None or found.hours is None else found.hours + half,
        baseline=baseline,
        levers=_hour_levers(book, system, work, found),
        lacking=lacking,
        reason=found.reason,
        evidence_ref=stated.evidence_ref,
        used_for=stated.capacity.redeployed_to,
        series=tuple((month.month, month.hours) for month in found.months if month.hours is not None),
    )
    return claim, found


def _late(baseline: Baseline | None, live_on: date | None) -> bool:
    since = baseline.stands_since if baseline else None
    return since is not None and live_on is not None and since >= live_on


def handling_baseline(baselines: pd.DataFrame, system: str) -> Baseline | None:
    """Return a system's baselines of handling time as one: the last signature, the whole period, all observations."""
    own = baselines[(baselines["system_id"] == system) & (baselines["metric"] == "handling_seconds")]
    own = own.drop_duplicates("task_type", keep="last")
    if own.empty:
        return None
    rows: list[dict[Any, Any]] = own.to_dict("records")
    days = [row["approved_on"] for row in rows]
    signed = None if any(day is None or pd.isna(day) for day in days) else max(days)
    counts = [0 if pd.isna(row["n"]) else int(row["n"]) for row in rows]
    return Baseline(
        value=Decimal(sum(row["value"] for row in rows)) / len(rows),
        unit="s",
        n=sum(counts),
        period_from=min(row["period_from"] for row in rows),
        period_to=max(row["period_to"] for row in rows),
        method=", ".join(dict.fromkeys(row["method"] for row in rows if row["method"])),
        signed_by=", ".join(dict.fromkeys(row["approved_by"] for row in rows if row["approved_by"])),
        signed_on=signed,
    )


def _hour_levers(book: Book, system: str, work: Work, found: Capacity) -> tuple[Lever, ...]:
    """Return what moves the hours: a task before, a task now, and how much work there was before."""
    if found.hours is None:
        return ()
    before = found.before
    half = found.before * TENTH if found.spread_before is None else Z * found.spread_before
    basis = "tenth" if found.spread_before is None else "interval"
    levers = [
        Lever("minutes_before", before, before - half, before + half, found.at(before=before - half),
              found.at(before=before + half), basis)
    ]  # fmt: skip
    half = Z * found.spread_now
    levers.append(
        Lever("minutes_now", found.now, found.now - half, found.now + half, found.at(now=found.now - half),
              found.at(now=found.now + half), "interval")
    )  # fmt: skip
    relative = _demand_half(book.baselines, system)
    basis = "tenth" if relative is None else "interval"
    off = TENTH if relative is None else min(relative, 1.0)
    ends = [
        capacity(book.handling_baselines[system], work.months, work.beyond, scale).hours or 0.0
        for scale in (1 - off, 1 + off)
    ]
    levers.append(Lever("volume", 1.0, 1 - off, 1 + off, ends[0], ends[1], basis))
    return tuple(levers)


def _demand_half(baselines: pd.DataFrame, system: str) -> float | None:
    """Return the relative half width (95 %) of the demand before, None where the baseline states no spread."""
    own = baselines[(baselines["system_id"] == system) & (baselines["metric"] == "monthly_volume")]
    rows = own.drop_duplicates("task_type", keep="last").to_dict("records")
    total = sum(float(row["value"]) for row in rows)
    halves = []
    for row in rows:
        if pd.isna(row["n"]) or pd.isna(row["sd"]) or row["n"] < 2:  # noqa: PLR2004 - one month has no spread
            return None
        halves.append(mean_half_width(float(row["sd"]), float(row["n"]), 0.025))
    return sqrt(sum(half**2 for half in halves)) / total if total else None
