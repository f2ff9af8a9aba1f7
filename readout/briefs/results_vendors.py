"""What the vendor page hands to its page, file and command: frozen results, numbers unrounded, nothing formatted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from readout.briefs.results import Finding, Header
from readout.finance.demand import Model, per_million
from readout.finance.prices import TOKEN_CLASSES


@dataclass(frozen=True)
class Demand:
    """Calls of some kind: how many, their tokens by disjoint class, and what those with a known cost came to."""

    calls: int = 0
    priced: int = 0  # calls with a known cost in the page's currency
    elsewhere: int = 0  # calls with a known cost in another currency
    tokens: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(TOKEN_CLASSES, 0))  # of all calls
    paid_tokens: int = 0  # of the calls in `priced`
    cost: Decimal = Decimal(0)  # of the calls in `priced`

    @property
    def all_tokens(self) -> int:
        """Tokens of all classes."""
        return sum(self.tokens.values())

    @property
    def unpriced(self) -> int:
        """Calls whose cost is not known: in no amount, and not free."""
        return self.calls - self.priced - self.elsewhere

    @property
    def blended(self) -> Decimal | None:
        """Cost of a million tokens, all classes together, of the calls with a known cost."""
        return per_million(self.cost, self.paid_tokens) if self.priced else None


@dataclass(frozen=True)
class ModelDemand:
    """One model. `share`: of the spend; `listed`: token class -> price of a million on the list day."""

    model: Model
    now: Demand
    before: Demand | None
    share: Decimal | None
    series: tuple[float | None, ...]  # tokens of each complete week
    listed: Mapping[str, tuple[Decimal, str]]


@dataclass(frozen=True)
class PurposeDemand:
    """What calls were for: serve, retry, judge, shadow, or as recorded."""

    purpose: str
    now: Demand
    share: Decimal | None


@dataclass(frozen=True)
class Dependence:
    """How much of a system's serving rests on one model."""

    model: Model
    system_id: str
    name: str
    calls: int
    share: float  # of the system's serving calls and retries
    stage: str
    gates: tuple[tuple[str, str, str], ...]  # gate, from stage, to stage
    fallback: str  # "" = none declared


@dataclass(frozen=True)
class VendorsBrief:
    """Observed demand for models."""

    header: Header
    finding: Finding
    currency: str  # of every amount here; that of the organisation, else of most calls
    total: Demand
    before: Demand | None
    providers: tuple[tuple[str, Demand, Decimal | None], ...]  # provider, demand, share of spend; largest first
    models: tuple[ModelDemand, ...]
    purposes: tuple[PurposeDemand, ...]
    index: Decimal | None  # Herfindahl-Hirschman, by spend
    dependences: tuple[Dependence, ...]
    weekly: pd.DataFrame  # bucket, kind, provider, tokens
    # of the models with most spend: provider, model, token_class, currency, and from which day it costs per_million
    # (NaN: no price any more)
    steps: pd.DataFrame
    list_day: date
    price_list: tuple[dict[str, Any], ...]  # of the list day
    asked: tuple[dict[str, Any], ...]  # calls of the window for a what-if: provider, model, calls, tokens by class
    lines: tuple[tuple[Model, str, Demand], ...]  # model x purpose, as the file lists them
    other_currencies: tuple[str, ...]
    empty: bool
