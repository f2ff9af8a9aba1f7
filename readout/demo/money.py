"""The demo's money: charges, budgets, exchange rates and the general ledger that they tie to. Exact decimals only.

Invoices are monthly and by the UTC calendar month, as providers bill. What the calls cost is invoiced per provider,
system and month, rounded to the cent; one month was billed wrongly and corrected later. The running month is not
invoiced yet. The ledger holds per invoice exactly what was billed, and in accounts of their own, without invoices, what
the business spends where the systems work.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import sin

from readout.demo.clock import Clock

Row = dict[str, object]
CENT = Decimal("0.01")
CORRECTED_MONTHS_AGO = 4
CREDIT_MONTHS_AGO = 2
ACCOUNTS = {
    "inference": "6040 AI services", "commitment": "6040 AI services", "credit": "6040 AI services",
    "infrastructure": "6041 Cloud hosting", "platform": "6060 AI platform", "licence": "6050 Software licences",
    "build": "6220 Amortisation of software",
}  # fmt: skip
INVOICES = {
    "northwind-ai": "NW", "kestrel-models": "KM", "cloud": "CH", "platform": "PF", "licence": "LC", "build": "AM",
}  # fmt: skip


@dataclass(frozen=True)
class Spend:
    """What a provider invoices for one system's calls of one UTC month: tokens at list price, unrounded."""

    system_id: str
    provider: str
    month: date
    amount: Decimal


@dataclass(frozen=True)
class Volume:
    """How many tasks of a system came in during a month; shadow rows and tests are none."""

    system_id: str
    month: date
    tasks: int


@dataclass(frozen=True)
class _Running:
    """Monthly costs of running one system: hosting at the window's start and end, licences, build to amortise."""

    hosting: tuple[str, str]
    licence: str
    build: str


# EUR a month; hosting falls (or grows) in a straight line over the window
_RUNNING = {
    "routing-engine": _Running(("60", "50"), "0", "90"),
    "tier-one-support": _Running(("75", "70"), "100", "130"),
    "data-labelling": _Running(("55", "45"), "35", "75"),
    "payment-risk": _Running(("135", "125"), "0", "175"),
    "crm-notes": _Running(("25", "35"), "60", "55"),
    "transaction-categorisation": _Running(("65", "45"), "0", "100"),
    "demand-forecasting": _Running(("165", "160"), "0", "140"),
    "energy-control": _Running(("240", "90"), "0", "125"),
    "contract-review": _Running(("15", "15"), "45", "0"),
    "invoice-extraction": _Running(("50", "45"), "25", "75"),
}
# What the business spends beside its AI systems, in accounts of their own: EUR a month before a month (as the example
# portfolio has it), and from it on
_ACCOUNTS_OF_THE_BUSINESS = (
    ("4630 Outsourced invoice entry", "1160", "385", date(2026, 4, 1)),
    ("4715 Outsourced alert review", "1455", "415", date(2025, 12, 1)),
    ("6025 Overtime, first level", "640", "575", date(2026, 9, 1)),
    ("6027 Temporary staff, accounting", "555", "120", date(2026, 3, 1)),
    ("6052 Dictation licences", "150", "72", date(2026, 4, 1)),
)
_BOOKS_BEGIN = date(2024, 1, 1)
_PLATFORM = Decimal(340)  # shared by all systems, allocated by tasks
_COMMITMENT = Decimal(540)  # a year of reserved capacity, billed in advance


def money_rows(clock: Clock, spend: Sequence[Spend], volumes: Sequence[Volume]) -> dict[str, list[Row]]:
    """Return the rows of costs, budgets, fx_rates and ledger."""
    costs = list(_costs(clock, spend))
    return {
        "costs": costs,
        "budgets": list(_budgets(clock, spend, volumes)),
        "fx_rates": list(_fx_rates(clock)),
        "ledger": [*_ledger(costs), *_postings(clock)],
    }


def _next(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def _back(month: date, months: int) -> date:
    index = month.year * 12 + month.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def _months(clock: Clock) -> list[date]:
    """Return the UTC months of the window that are over and invoiced (on the third day of the next one)."""
    months, month = [], clock.first_day.replace(day=1)
    while _arrival(month) <= clock.end:
        months.append(month)
        month = _next(month)
    return months


def _arrival(month: date) -> date:
    return _next(month) + timedelta(days=2)


def _stamp(day: date, hour: int = 0) -> str:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC).strftime("%Y-%m-%d %H:%M:%S")


def _charge(
    key: str,
    system: str | None,
    component: str,
    month: date,
    billed: Decimal,
    source: str,
    service: str,
    **more: object,
) -> Row:
    prefix = INVOICES[source.rpartition(":")[2]]
    return {
        "charge_id": f"{key}-{month:%Y-%m}", "system_id": system, "component": component,
        "charge_start": _stamp(month), "charge_end": _stamp(_next(month)), "billed_cost": billed,
        "effective_cost": billed, "currency": "EUR", "charge_category": "Usage", "charge_class": None,
        "billing_period": f"{month:%Y-%m}", "invoice_id": f"{prefix}-{month:%Y-%m}", "service_name": service,
        "allocation_key": None, "source": source, "load_id": f"{prefix}-{month:%Y-%m}",
        "ingested_at": _stamp(_arrival(month), 6), **more,
    }  # fmt: skip


def _costs(clock: Clock, spend: Sequence[Spend]) -> Iterator[Row]:
    months = _months(clock)
    known = set(months)
    for one in sorted(spend, key=lambda s: (s.month, s.provider, s.system_id)):
        if one.month in known and _cents(one.amount):
            yield from _inference(one, months)
    for place, month in enumerate(months):
        share = Decimal(place) / max(len(months) - 1, 1)
        for system, running in _RUNNING.items():
            first, last = map(Decimal, running.hosting)
            hosting = _cents(first + (last - first) * share)
            yield _charge(
                f"host-{system}", system, "infrastructure", month, hosting, "cloud", "Model hosting and gateway"
            )
            if Decimal(running.licence):
                yield _charge(
                    f"lic-{system}", system, "licence", month, Decimal(running.licence), "licence", "Desk seats",
                    charge_category="Purchase",
                )  # fmt: skip
            if Decimal(running.build):
                yield _charge(
                    f"build-{system}", system, "build", month, Decimal(running.build), "build", "Build, over 36 months",
                    charge_category="Adjustment",
                )  # fmt: skip
        yield _charge(
            "platform", None, "platform", month, _PLATFORM, "platform", "AI platform team", allocation_key="tasks"
        )
        yield from _commitment(month, months)
    if len(months) > CREDIT_MONTHS_AGO:
        yield _charge(
            "credit", "payment-risk", "credit", months[-CREDIT_MONTHS_AGO], Decimal("-18.00"), "focus:kestrel-models",
            "Credit for slow answers", charge_category="Credit",
        )  # fmt: skip


def _inference(one: Spend, months: Sequence[date]) -> Iterator[Row]:
    """Yield the invoice line of a system's calls; in one month a discount was left out at first, then corrected."""
    billed, source = _cents(one.amount), f"focus:{one.provider}"
    key = f"calls-{one.provider}-{one.system_id}"
    wrong = len(months) > CORRECTED_MONTHS_AGO and one.month == months[-CORRECTED_MONTHS_AGO]
    if not wrong:
        yield _charge(key, one.system_id, "inference", one.month, billed, source, "Model calls")
        return
    first = _cents(billed * Decimal("1.08"))
    later = _back(one.month, -1)
    yield _charge(key, one.system_id, "inference", one.month, first, source, "Model calls")
    prefix = INVOICES[one.provider]
    yield _charge(
        f"{key}-correction", one.system_id, "inference", one.month, billed - first, source, "Model calls",
        charge_class="Correction", billing_period=f"{later:%Y-%m}", invoice_id=f"{prefix}-{later:%Y-%m}",
        load_id=f"{prefix}-{later:%Y-%m}", ingested_at=_stamp(_arrival(later), 6),
    )  # fmt: skip


def _commitment(month: date, months: Sequence[date]) -> Iterator[Row]:
    """Yield reserved capacity: billed for a year in January (or at the start), used up month by month, partly idle."""
    in_advance = month.month == 1 or month == months[0]
    rest = 13 - month.month if in_advance else 0
    monthly = _cents(_COMMITMENT / 12)
    idle = _cents(monthly * Decimal("0.08"))
    yield _charge(
        "commitment", None, "commitment", month, _cents(monthly * rest), "cloud", "Reserved capacity",
        charge_category="Purchase", effective_cost=monthly - idle, allocation_key="tasks",
    )  # fmt: skip
    yield _charge(
        "idle", None, "commitment", month, Decimal("0.00"), "cloud", "Unused reserved capacity",
        effective_cost=idle, allocation_key="idle",
    )  # fmt: skip


def _ledger(costs: Iterable[Row]) -> Iterator[Row]:
    """Yield what was posted: per account, month of the invoice and invoice, the sum of what was billed."""
    posted: dict[tuple[str, str, str], Decimal] = {}
    for row in costs:
        account = ACCOUNTS[str(row["component"])]
        key = (account, str(row["billing_period"]), str(row["invoice_id"]))
        posted[key] = posted.get(key, Decimal(0)) + Decimal(str(row["billed_cost"]))
    for (account, period, invoice), amount in sorted(posted.items()):
        yield {
            "account": account, "month": f"{period}-01", "amount": amount, "currency": "EUR", "invoice_id": invoice,
        }  # fmt: skip


def _postings(clock: Clock) -> Iterator[Row]:
    """Yield the monthly balances of the accounts of the business; a month is a few per cent off its mean."""
    month = _BOOKS_BEGIN
    while _arrival(month) <= clock.end:
        for number, (account, before, since, fell) in enumerate(_ACCOUNTS_OF_THE_BUSINESS):
            level = Decimal(since if month >= clock.moved_month(fell) else before)
            scatter = Decimal(f"{1 + 0.035 * sin(1.7 * (month.year * 12 + month.month) + 2.1 * number):.6f}")
            yield {
                "account": account, "month": month, "amount": _cents(level * scatter), "currency": "EUR",
                "invoice_id": None,
            }  # fmt: skip
        month = _next(month)


def _budgets(clock: Clock, spend: Sequence[Spend], volumes: Sequence[Volume]) -> Iterator[Row]:
    """Yield this and the previous year's budgets: planned a quarter before on volume and cost, some too low.

    They hold what is paid for, shares of what is shared included, and no people's work.
    """
    tasks = {(one.system_id, one.month): one.tasks for one in volumes}
    inference: dict[tuple[str, date], Decimal] = {}
    for one in spend:
        inference[one.system_id, one.month] = inference.get((one.system_id, one.month), Decimal(0)) + one.amount
    everyone: dict[date, int] = {}
    for one in volumes:
        everyone[one.month] = everyone.get(one.month, 0) + one.tasks
    for number, (system, running) in enumerate(_RUNNING.items()):
        for month in _budgeted(clock):
            before = _back(month, 3)
            volume = tasks.get((system, before)) or tasks.get((system, month), 0)
            calls = inference.get((system, before), inference.get((system, month), Decimal(0)))
            fixed = sum(map(Decimal, (*running.hosting, running.licence, running.build))) - Decimal(running.hosting[1])
            planned = before if everyone.get(before) else month
            shared = (_PLATFORM + _COMMITMENT / 12) * tasks.get((system, planned), 0) / (everyone.get(planned) or 1)
            ease = Decimal(96 + (number * 7 + month.month) % 13) / 100
            yield {
                "system_id": system, "month": month, "volume": round(volume / 50) * 50,
                "amount": ((calls + fixed + shared) * ease).quantize(Decimal(1), ROUND_HALF_UP), "currency": "EUR",
            }  # fmt: skip


def _budgeted(clock: Clock) -> Iterator[date]:
    """Yield the months of this and the previous year that lie in the window, to the end of the year."""
    month = max(clock.first_day.replace(day=1), date(clock.end.year - 1, 1, 1))
    while month.year <= clock.end.year:
        yield month
        month = _next(month)


def _fx_rates(clock: Clock) -> Iterator[Row]:
    """Yield published rates of business days; weekends have none, so that the last one before holds."""
    day = clock.first_day - timedelta(days=7)
    while day <= clock.end:
        if day.weekday() < 5:
            age = day.toordinal()
            usd = Decimal(f"{0.90 + 0.03 * sin(age / 61) + 0.004 * sin(age / 5):.5f}")
            gbp = Decimal(f"{1.17 + 0.02 * sin(age / 83 + 1) + 0.003 * sin(age / 7):.5f}")
            for currency, rate in (("USD", usd), ("GBP", gbp)):
                yield {"rate_date": day, "from_currency": currency, "to_currency": "EUR", "rate": rate}
        day += timedelta(days=1)
