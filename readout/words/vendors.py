"""Vendors in words: observed demand, how concentrated it is, and what another price or model would make of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from readout.briefs.results import Finding, Header
from readout.briefs.results_vendors import Demand, Dependence, ModelDemand, VendorsBrief
from readout.finance.demand import LeftOut, Model, ModelSwitch, PriceChange, Question, WhatIf
from readout.words.changes import FROM_ZERO, NO_CHANGE, versus
from readout.words.dates import day, days, shown_period
from readout.words.gates import step
from readout.words.names import human, listed, sentence
from readout.words.numbers import MINUS, compact, count, money, money_compact, percent, rounded, signed
from readout.words.provenance import provenance

SOURCE = "queries read/demand and read/prices"
NO_SPEND = "no spend is known"
NO_PROVIDER = "provider not named"
NO_NAME = "model not named"
EVERYTHING = "All models together"
CLASSES = {"input": "Input", "output": "Output", "cache_read": "Cached input", "cache_write": "Written to cache"}
PURPOSES = {
    "serve": ("Serving", "answers that a task got"),
    "retry": ("Retries", "of serving calls"),
    "judge": ("Judging", "models that judge other models' work"),
    "shadow": ("Shadow", "beside people, in no unit cost"),
    "test": ("Tests", "calls of test tasks, in no unit cost"),
}
HIGH, MODERATE = 1_800, 1_000
INDEX_NOTE = (
    "Herfindahl-Hirschman index: the sum of the squared shares of spend, 10,000 for one provider alone. Above 1,800 "
    "highly, from 1,000 moderately concentrated (US Merger Guidelines, 2023)."
)
SPEND_NOTE = (
    "Cost of every call that started in the period, whatever for: serving, retries, judging, shadow, tests. As "
    "recorded, else tokens at the price of the day. Calls whose cost is not known are in no amount."
)
BLENDED_NOTE = "Spend divided by the tokens of the calls with a known cost, all classes together, times a million."
SHARE_NOTE = "The largest provider's spend divided by all spend."
MODEL_NOTE = (
    "Token classes are disjoint: cached input is not in input. A list price is the one in force on the last day of the "
    "period; blended is what was paid. Per week: tokens."
)
DEPENDENCE_NOTE = (
    "Serving calls and retries of the period. A gate of such a system judges the release that runs on the model: "
    "another model is another release, whose weeks start anew."
)
WHAT_IF_NOTE = (
    "The calls of the period at the list prices of its last day, and again with the question. Calls without a list "
    "price on either side are in neither amount. Over a year: × 365 / days of the period."
)
PRICES_NOTE = "List prices of the models with most spend in this period, as loaded, in their own currency."
NO_PRICES = "No list price is loaded for these models: `readout load prices FILE`."
MODEL_HEADS = (
    ("Model", "provider", True),
    ("Calls", "", False),
    ("Blended", "{} per million", False),
    ("List: in / out", "{} per million", False),
    ("Spend", "{}", False),
    ("Share", "% of spend", False),
    ("Per week", "tokens", False),
)
PURPOSE_HEADS = (
    ("What for", "", True),
    ("Calls", "", False),
    ("Tokens", "", False),
    ("Spend", "{}", False),
    ("Share", "% of spend", False),
)
DEPENDENCE_HEADS = (
    ("Model", "provider", True),
    ("System", "stage", True),
    ("Of its serving", "% of calls", False),
    ("Calls", "", False),
    ("Gates that judge it", "", True),
    ("Fallback", "as registered", True),
)
WHAT_IF_HEADS = (("Line", "", True), ("{}", "", False), ("How", "", True))
ALL = "All models"
KIND = "What if"
KINDS = ("Prices change", "A model is replaced")
WHOSE = "Whose prices"
CLASS = "Token class"
ALL_CLASSES = "All token classes"
PERCENT = "Change in %"
REPLACED = "Model replaced"
REPLACEMENT = "By"
SAME = "Choose two different models."
NO_LIST = "No list price was in force on {}: load prices (`readout load prices FILE`), then `readout refresh`."
NO_SYSTEM = "No serving call in this period."
NO_GATES = "no gate"
NO_FALLBACK = "none registered"
CAVEAT_PRICE = (
    "Same calls, same tokens. Not in it: volume discounts, commitments and credits on invoices, and that a dearer "
    "model may be used less."
)
CAVEAT_SWITCH = (
    "Same calls, same number of tokens. Not in it: another model counts and writes other numbers of tokens, may need "
    "more retries, reviews and escalations, and starts as a new release: its gates have to be passed before it carries "
    "load."
)
CACHE_RULE = "Cached tokens are charged as input where the new model has no price for them."
REASONS = {
    "no_price": "no list price",
    "no_tokens": "no tokens recorded",
    "zero_price": "a list price of zero",
    "mixed_currencies": "list prices in several currencies",
    "other_currency": "list prices in another currency",
}


def nothing() -> Finding:
    """Return the sentence where no model was called."""
    return Finding("No call of a model was recorded in this period.")


def finding(brief: VendorsBrief) -> Finding:
    """Return what was asked, what it cost, and who holds most of it."""
    total = brief.total
    if not total.calls:
        return nothing()
    asked = f"{compact(total.calls)} {'call' if total.calls == 1 else 'calls'} to {counted(brief)}"
    if not total.priced:
        return Finding(f"{asked}; what they cost is not known: no price for the model and day, and no recorded amount.")
    said = f"{asked} cost {money_compact(total.cost, brief.currency)}"
    if total.blended is not None:
        said += f", {money(total.blended, brief.currency)} per million tokens"
    if brief.providers and brief.providers[0][2] is not None:
        said += f"; {provider(brief.providers[0][0])} is {percent(brief.providers[0][2])} of the spend"
    return Finding(f"{said}.{without_cost(brief)}")


def counted(brief: VendorsBrief) -> str:
    """Return 2 providers, or the name of the only one."""
    names = [name for name, _, _ in brief.providers]
    return provider(names[0]) if len(names) == 1 else f"{len(names)} providers"


def without_cost(brief: VendorsBrief) -> str:
    """Return which calls have no known cost, as a sentence after a space; nothing where all have one."""
    if not brief.total.unpriced:
        return ""
    names = [one.model.name or NO_NAME for one in brief.models if one.now.unpriced]
    many = brief.total.unpriced
    return f" The cost of {count(many)} {'call' if many == 1 else 'calls'} is not known: {listed(names)}."


def model_heads(classes: Sequence[str]) -> list[tuple[str, str, bool]]:
    """Return the heads of the table of models, with the token classes that were used."""
    first, second, *rest = MODEL_HEADS
    return [first, second, *((CLASSES[name], "tokens", False) for name in classes), *rest]


def provider(name: str) -> str:
    """Return a provider's name."""
    return name or NO_PROVIDER


def model(one: Model) -> str:
    """Return a model as a choice names it: provider / model."""
    return f"{provider(one.provider)} / {one.name}"


def purpose(name: str) -> tuple[str, str]:
    """Return what calls were for, and a remark."""
    return PURPOSES.get(name, (human(name), ""))


def spend(one: Demand, currency: str) -> str:
    """Return an amount; a dash where no call has a known cost."""
    return money(one.cost, currency) if one.priced else "–"


def gaps(one: Demand) -> str:
    """Return how many calls are in no amount."""
    said = []
    if one.unpriced:
        said.append(f"{count(one.unpriced)} without known cost")
    if one.elsewhere:
        said.append(f"{count(one.elsewhere)} in another currency")
    return ", ".join(said)


def list_price(one: ModelDemand) -> str:
    """Return the list prices of input and output: €2.50 / €10.00."""
    if not one.listed:
        return "no list price"
    said = [money(*one.listed[name]) if name in one.listed else "–" for name in ("input", "output")]
    return " / ".join(said)


def moved(now: Decimal | int, before: Decimal | int | None) -> str:
    """Return a relative change in percent; spend and volume of a vendor are neither good nor bad by themselves."""
    if before is None:
        return ""
    if not before:
        return FROM_ZERO if now else NO_CHANGE
    relative = (Decimal(now) - Decimal(before)) / abs(Decimal(before)) * 100
    text = signed(relative, 0 if abs(relative) >= 10 else 1)  # noqa: PLR2004 - two digits are enough
    return NO_CHANGE if not rounded(relative, 1) else f"{text}%"


def concentrated(points: Decimal | None) -> str:
    """Return what an index means."""
    if points is None:
        return NO_SPEND
    return "highly concentrated" if points > HIGH else "moderately concentrated" if points >= MODERATE else "spread out"


def gates(one: Dependence) -> str:
    """Return a system's gates in words, for those who read and do not click."""
    return listed([step(*steps) for _, *steps in one.gates], NO_GATES)


def other_currencies(brief: VendorsBrief) -> str:
    """Return which spend is in no amount because of its currency."""
    if not brief.other_currencies:
        return ""
    n = count(brief.total.elsewhere)
    return f"{n} calls were paid in {listed(brief.other_currencies)}: they are in no amount here, and not converted."


def list_said(brief: VendorsBrief) -> str:
    """Return which price list a what-if takes."""
    return f"list prices of {day(brief.list_day)}"


def what_if_rows(brief: VendorsBrief, found: WhatIf) -> list[tuple[str, str, str]]:
    """Return the answer as rows: what, how much, how."""
    currency, window = brief.currency, brief.header.window
    calls = f"{count(found.calls)} calls of {days(window)}, {list_said(brief)}"
    rows = [
        ("At list prices", money(found.before, currency), calls),
        ("With the change", money(found.after, currency), f"{count(found.touched)} of these calls are repriced"),
        ("Difference", difference(found, currency), relative(found)),
        (
            "At this volume over a year",
            signed_money(found.difference / window.days * 365, currency),
            f"the difference × 365 / {window.days} days",
        ),
    ]
    if brief.total.priced:
        rows.append(
            ("For comparison: spent", money(brief.total.cost, currency), "as recorded or priced on the day of the call")
        )
    return rows


def difference(found: WhatIf, currency: str) -> str:
    """Return the difference with its sign."""
    return signed_money(found.difference, currency)


def relative(found: WhatIf) -> str:
    """Return the difference in percent of the list amount."""
    if not found.before:
        return "nothing to compare with"
    share = found.difference / found.before * 100
    return f"{signed(share, 1)}% of these calls' list price" if rounded(share, 1) else "no difference"


def signed_money(amount: Decimal, currency: str) -> str:
    """Return an amount with its sign: +€12.40, −€3.00."""
    text = money(amount, currency)
    return text if text.startswith(MINUS) or not amount else f"+{text}"


def left_out(found: WhatIf) -> list[str]:
    """Return which calls stand on neither side, and why."""
    return [sentence(f"{count(one.calls)} calls are on neither side: {_why(one)}") for one in found.left_out]


def _why(one: LeftOut) -> str:
    classes = f" for {listed([CLASSES[name].lower() for name in one.missing])}" if one.missing else ""
    return f"{model(one.model)} has {REASONS[one.reason]}{classes}"


def caveat(question: Question) -> str:
    """Return what the answer does not account for."""
    return CAVEAT_PRICE if isinstance(question, PriceChange) else f"{CAVEAT_SWITCH} {CACHE_RULE}"


def answered(brief: VendorsBrief, question: Question, found: WhatIf) -> str:
    """Return the answer in one sentence."""
    what = asked(question)
    if not found.calls:
        return f"{what}: no call has a list price on both sides."
    if not found.touched:
        return f"{what}: no call of this period would be repriced."
    size = money(abs(found.difference), brief.currency)
    effect = f"{size} more" if found.difference > 0 else f"{size} less" if found.difference < 0 else "as much"
    return f"{what}: the calls of this period would have cost {effect} than at list prices, {relative(found)}."


def asked(question: Question) -> str:
    """Return the question in words."""
    if isinstance(question, ModelSwitch):
        return f"{model(question.source)} replaced by {model(question.target)}"
    whose = question.model or question.provider
    part = CLASSES[question.token_class].lower() if question.token_class else "all token classes"
    return f"Prices of {whose or 'all models'}, {part}, {signed(question.percent, 1).removesuffix('.0')}%"


def price_alt(name: str, points: Sequence[tuple[str, str]]) -> str:
    """Return a price's history in one sentence."""
    return f"{name}: " + "; ".join(f"{price} from {when}" for when, price in points) + "."


def shares(brief: VendorsBrief) -> str:
    """Return every provider with its share of spend."""
    return listed(
        [f"{provider(name)} {percent(share)}" for name, _, share in brief.providers if share is not None],
        NO_SPEND,
    )


def priced_line(brief: VendorsBrief) -> str:
    """Return how many calls stand behind the spend."""
    total = brief.total
    return f"cost known for {percent(Decimal(total.priced) / total.calls)} of calls" if total.calls else ""


@dataclass(frozen=True)
class Tile:
    """A number that opens the page: its title, what stands under it, and what it is."""

    key: str
    title: str
    big: str
    lines: tuple[str, ...]
    note: str


def tiles(brief: VendorsBrief) -> tuple[Tile, ...]:
    """Return spend, tokens, blended price, the largest provider and the concentration."""
    total, before, currency = brief.total, brief.before, brief.currency
    paid = before if before and before.priced else None
    name, _, share = brief.providers[0] if brief.providers else ("", None, None)
    return (
        Tile(
            "vendor-spend",
            "Spend on models",
            money_compact(total.cost, currency) if total.priced else "",
            (_against(brief, total.cost, paid.cost if paid else None), priced_line(brief)),
            SPEND_NOTE,
        ),
        Tile(
            "vendor-tokens",
            "Tokens",
            compact(total.all_tokens),
            (
                _against(brief, total.all_tokens, before.all_tokens if before else None),
                f"in {compact(total.calls)} calls",
            ),
            MODEL_NOTE,
        ),
        Tile(
            "vendor-blended",
            "Blended price",
            money(total.blended, currency) if total.blended is not None else "",
            ("per million tokens", _against(brief, total.blended, paid.blended if paid else None)),
            BLENDED_NOTE,
        ),
        Tile(
            "vendor-largest",
            "Largest provider",
            percent(share) if share is not None else "",
            (f"of the spend: {provider(name)}" if share is not None else NO_SPEND,),
            f"{SHARE_NOTE} {sentence(shares(brief))}",
        ),
        Tile(
            "vendor-index",
            "Concentration",
            count(brief.index) if brief.index is not None else "",
            (f"of 10,000: {concentrated(brief.index)}" if brief.index is not None else NO_SPEND,),
            INDEX_NOTE,
        ),
    )


def _against(brief: VendorsBrief, now: Decimal | int | None, before: Decimal | int | None) -> str:
    """Return a change against the comparison period with what it is compared with."""
    text = moved(now, before) if now is not None else ""
    return f"{text} {versus(brief.header)}" if text else ""


def explain(note: str, header: Header) -> tuple[tuple[str, str], ...]:
    """Return how a number of this page was calculated."""
    return (
        ("What it is", note),
        ("Period", shown_period(header)),
        ("Where it comes from", SOURCE),
        *provenance(header),
    )
