"""What the registry's and the policies' models are made of: strict, exact, frozen. Pure."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict, StringConstraints, WithJsonSchema

Number = int | float | Decimal | Fraction
T = TypeVar("T")


def exact(value: Number) -> Fraction:
    """Return a number as it is written: the float 0.85 is 85/100 here, not the nearest binary fraction."""
    return Fraction(Decimal(repr(value))) if isinstance(value, float) else Fraction(value)


def _decimal(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        message = "must be a number"
        raise ValueError(message)  # noqa: TRY004 - pydantic turns only ValueError into a fault
    try:
        number = Decimal(repr(value) if isinstance(value, float) else value)
    except InvalidOperation:
        message = f"must be a number, found `{str(value)[:40]}`"
        raise ValueError(message) from None
    if not number.is_finite():
        message = "must be a finite number"
        raise ValueError(message)
    return number


def _day(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value) if re.fullmatch(r"\d{4}-\d\d-\d\d", value) else _no_day(value)
        except ValueError:
            return _no_day(value)
    if isinstance(value, date):
        return value
    return _no_day(value)


def _no_day(value: Any) -> Any:
    message = f"must be a date that exists, written like 2027-03-31, found `{str(value)[:40]}`"
    raise ValueError(message)


def plain(number: Decimal | float) -> str:
    """Return a number without exponent and trailing zeros: 0.850 → 0.85, 3E+2 → 300."""
    text = f"{Decimal(repr(number)) if isinstance(number, float) else Decimal(number):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Exact = Annotated[Decimal, BeforeValidator(_decimal), WithJsonSchema({"type": "number"})]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Items = Annotated[tuple[T, ...], Strict(strict=False)]  # YAML gives lists; kept as tuples


class Strictly(BaseModel):
    """Base of everything read from the registry: unknown keys refused, nothing coerced, nothing changed later."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=False)
