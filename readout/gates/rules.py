"""The lines of a gate's metrics: comparison, range, relative, arm against arm, and `any` or `all` of them. Pure."""

import operator
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Strict, Tag, model_validator

from readout.gates.fields import Exact, Items, Number, Strictly, exact, plain
from readout.marked_yaml import PlacedError

Op = Literal[">", ">=", "<", "<=", "=="]
_COMPARE: dict[str, Callable[[Fraction, Fraction], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
}

_COMPARISON = re.compile(r"\s*(>=|<=|==|>|<)\s*([-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?)\s*")


class Comparison(Strictly):
    """A point rule such as `"> 0.85"`."""

    op: Op
    value: Decimal

    @model_validator(mode="before")
    @classmethod
    def _parse(cls, text: Any) -> Any:
        if not isinstance(text, str):
            return text
        found = _COMPARISON.fullmatch(text)
        if not found:
            message = f'must be an operator (>, >=, <, <=, ==) and a number, such as "> 0.85", found `{text[:40]}`'
            raise ValueError(message)
        return {"op": found[1], "value": Decimal(found[2])}

    @classmethod
    def __get_pydantic_json_schema__(cls, _core: Any, _handler: Any) -> dict[str, Any]:
        """Return the schema of the text form: that is what stands in the file."""
        return {"type": "string", "pattern": f"^{_COMPARISON.pattern}$", "examples": ["> 0.85", "< 300"]}

    def holds(self, value: Number) -> bool:
        """Whether the value is on the rule's side of the line; exact and strict as written (170/200 is not > 0.85)."""
        return _COMPARE[self.op](exact(value), Fraction(self.value))

    def __str__(self) -> str:
        """Return the rule as people write it."""
        return f"{self.op} {plain(self.value)}"


class Range(Strictly):
    """`{in: [low, high]}`, both ends included."""

    bounds: Annotated[tuple[Exact, Exact], Strict(strict=False)] = Field(alias="in")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.bounds[0] > self.bounds[1]:
            message = "the range's low end is above its high end"
            raise PlacedError(message, "in")
        return self

    def holds(self, value: Number) -> bool:
        """Whether low ≤ value ≤ high."""
        low, high = self.bounds
        return Fraction(low) <= exact(value) <= Fraction(high)

    def __str__(self) -> str:
        """Return the rule in words."""
        return f"{plain(self.bounds[0])} to {plain(self.bounds[1])}"


class Relative(Strictly):
    """Value op aggregate × (1 + pct / 100) over up to `last_k` earlier weeks of the metric in the included states."""

    relative_pct: Exact
    op: Op
    aggregate: Literal["avg", "p50", "p90", "p95"] = "avg"
    last_k: int = Field(3, ge=1)
    include: Literal["pass", "pass_or_warn", "all"] = "all"

    def __str__(self) -> str:
        """Return the rule in words."""
        sign = "+" if self.relative_pct >= 0 else "−"
        return f"{self.op} {self.aggregate} of the last {self.last_k} weeks {sign} {plain(abs(self.relative_pct))} %"


class ArmComparison(Strictly):
    """`{compare: mann_whitney, …}` of `samples` against `control`, one-sided; holds when the shift is significant."""

    compare: Literal["mann_whitney"]
    direction: Literal["increase", "decrease"]
    alpha: float = Field(0.05, gt=0, lt=1)

    def __str__(self) -> str:
        """Return the rule in words."""
        return f"significant {self.direction} against control"


class AnyOf(Strictly):
    """`{any: [...]}`: at least one member holds."""

    members: Items["Rule"] = Field(alias="any", min_length=1)

    def __str__(self) -> str:
        """Return the rule in words."""
        return "any of (" + "; ".join(map(str, self.members)) + ")"


class AllOf(Strictly):
    """`{all: [...]}`: every member holds."""

    members: Items["Rule"] = Field(alias="all", min_length=1)

    def __str__(self) -> str:
        """Return the rule in words."""
        return "all of (" + "; ".join(map(str, self.members)) + ")"


# The labels of the forms must not look like keys: a fault's place is found by the parts that the file has.
_DICT_FORMS = {"in": "<in>", "relative_pct": "<relative>", "compare": "<compare>", "any": "<any>", "all": "<all>"}


def _form(value: Any) -> str | None:
    if isinstance(value, str):
        return "<comparison>"
    if isinstance(value, dict):
        return next((form for key, form in _DICT_FORMS.items() if key in value), None)
    models = {Comparison: "<comparison>", Range: "<in>", Relative: "<relative>", ArmComparison: "<compare>"}
    return {**models, AnyOf: "<any>", AllOf: "<all>"}.get(type(value))


Rule = Annotated[
    Annotated[Comparison, Tag("<comparison>")]
    | Annotated[Range, Tag("<in>")]
    | Annotated[Relative, Tag("<relative>")]
    | Annotated[ArmComparison, Tag("<compare>")]
    | Annotated[AnyOf, Tag("<any>")]
    | Annotated[AllOf, Tag("<all>")],
    Discriminator(
        _form,
        custom_error_type="not_a_rule",
        custom_error_message='must be an operator and a number such as "> 0.85", or one of the forms '
        "in: [low, high], relative_pct: …, any: […], all: […], compare: mann_whitney",
    ),
]
AnyOf.model_rebuild()
AllOf.model_rebuild()


def leaves(rule: Rule | None) -> Iterator[Comparison | Range | Relative | ArmComparison]:
    """Yield the rules inside `any` and `all`, depth first; the rule itself where it is none of these."""
    if isinstance(rule, AnyOf | AllOf):
        for member in rule.members:
            yield from leaves(member)
    elif rule is not None:
        yield rule
