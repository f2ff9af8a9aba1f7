"""Charts of what is bought: tokens asked of each provider, and list prices over time."""

from datetime import date

import pandas as pd

from readout import words
from readout.charts.figure import Chart, at_the_end, empty_chart, empty_figure, known_values, round_ticks
from readout.charts.weekly import stacked


def token_demand(weekly: pd.DataFrame) -> Chart:
    """Return tokens asked of each provider per week, stacked. Columns: bucket, kind, provider, tokens."""
    if weekly.empty or not weekly["tokens"].sum():
        return empty_chart()
    order = list(weekly.groupby("provider")["tokens"].sum().sort_values(ascending=False).index)
    return stacked(weekly, "provider", "tokens", (order, words.vendors.provider, words.compact), words.CHARTS["demand"])


def price_steps(steps: pd.DataFrame, last: date) -> Chart:
    """Return list prices of a million tokens over time as steps. Columns: model, currency, day, per_million."""
    if steps.empty:
        return empty_chart()
    top = float(steps["per_million"].max())
    ticks = round_ticks(top)
    currencies = set(steps["currency"])
    currency = currencies.pop() if len(currencies) == 1 else ""
    gap = ticks[1] if len(ticks) > 1 else 1.0
    figure = empty_figure(
        270,
        lambda v: words.money_tick(v, gap, currency),
        top,
        ticks=ticks,
        x={"type": "date", "range": [steps["day"].min(), last], "nticks": 5},
    )
    figure.update_layout(hovermode="closest")
    ends, said = [], []
    for name, own in steps.groupby("model", sort=False):
        points = list(zip(own["day"], known_values(list(own["per_million"])), own["currency"], strict=True))
        texts = ["" if price is None else words.money(price, unit) for _, price, unit in points]
        values = [price for _, price, _ in points]
        figure.add_scatter(
            x=[*(when for when, _, _ in points), last],
            y=[*values, values[-1]],
            name=name,
            mode="lines",
            line={"shape": "hv", "width": 2},
            customdata=[*(f"{name}: {text}" for text in texts), f"{name}: {texts[-1]}"],
            hovertemplate="%{customdata}<extra></extra>",
        )
        if values[-1] is not None:
            ends.append((values[-1], f"{name}<br>{texts[-1]}"))
        priced = [(words.day(when), text) for (when, _, _), text in zip(points, texts, strict=True) if text]
        said.append(words.vendors.price_alt(str(name), priced))
    at_the_end(figure, ends, top)
    return Chart(figure, " ".join([words.CHARTS["prices"], *said]))
