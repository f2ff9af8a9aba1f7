"""Write the generated parts of the documentation: `python docs/generate.py` (`--check` only compares).

A part stands between `<!-- generated: NAME -->` and `<!-- end -->` in any docs/*.md; everything around it is written by
hand. The sources are the product's own declarations, so that a setting, command, metric or column is described once.
"""

# ruff: noqa: INP001 - a script beside the texts that it writes

import argparse
import inspect
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import typer
from pydantic_core import PydanticUndefined

from readout.briefs.metric_rows import FIELDS
from readout.cli import app
from readout.metrics import METRICS, Metric
from readout.settings import Settings
from readout.ui import style
from readout.warehouse.contract import STORED, Column, contract

DOCS = Path(__file__).parent
PART = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
GOOD = {"up": "more is better", "down": "less is better", "none": "neither"}
# What a row of `readout metrics` has beside the metrics: name -> (type, meaning), in the order of the row.
ABOUT = {
    "system": ("text or null", "id of the system; null: all systems together"),
    "period": ("text", "name of the period: `2026-W47 (16–22 Nov)`, `Oct 2026`, `FY2027 P03`; by hour: its start"),
    "period_start": ("text", "first local day of the period; by hour: its local start with the UTC offset"),
    "period_type": ("text", "`complete`, `to date` or `partial`"),
}
BESIDE = {
    "accuracy_judge": ("text or null", "who judged: `human` where there is any, else `rule`, else `model`"),
    "currency": ("text or null", "ISO 4217 code of the money in the row; null without any, or with several"),
    "not_measurable": ("object", "for every metric that is null: its name and the reason in words"),
}
SOMETIMES = {"latency_per": ("text", "`call`, only where a system has calls and no tasks: latency is then per call")}
TYPES = {"tasks": "integer", "tokens": "integer", "share": "number 0 to 1", "ms": "number, ms"}


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table; a bar inside a cell is escaped."""
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def settings() -> str:
    """Return every READOUT_* variable, in the order of the fields."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = field.default
        if default is None or default is PydanticUndefined:
            shown = "–"
        else:
            shown = f"`{default.get_secret_value() if hasattr(default, 'get_secret_value') else default}`".lower()
            shown = f"`{default}`" if isinstance(default, str) else shown
        rows.append([f"`READOUT_{name.upper()}`", shown, field.description or ""])
    return table(["variable", "default", "meaning"], rows)


def _flat(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every command of a group by its full name, those of its groups after their group's own help."""
    for name in group.list_commands(None) if hasattr(group, "list_commands") else ():
        command = group.get_command(None, name)
        yield f"{before}{name}", command
        yield from _flat(command, f"{before}{name} ")


def commands() -> str:
    """Return every command with its arguments and options."""
    parts = []
    for name, command in _flat(typer.main.get_command(app)):
        rows = []
        for option in command.params:
            if option.name == "help":
                continue
            argument = option.param_type_name == "argument"
            shown = str(option.name).upper() if argument else ", ".join(option.opts)
            if argument and option.nargs != 1:
                shown += "…"
            annotation = option.type_descriptor.annotation
            choices = get_args(annotation) if get_origin(annotation) is Literal else ()
            values = ", ".join(f"`{choice}`" for choice in choices)
            default = option.default
            if argument:
                said = "required" if option.required else "–"
            elif default is None or default is False or callable(default) or option.multiple:
                said = "–"
            else:
                said = f"`{default}`"
            meaning = (getattr(option, "help", "") or "") + (f" One of {values}." if values else "")
            rows.append([f"`{shown}`", said, meaning])
        parts.append(f"### readout {name}\n\n{inspect.cleandoc(command.help or '')}\n")
        if rows:
            parts.append(table(["argument or option", "default", "meaning"], rows) + "\n")
    return "\n".join(parts).rstrip()


def metric_fields() -> str:
    """Return every field of a row of `readout metrics --json`."""
    rows = [[f"`{name}`", kind, meaning] for name, (kind, meaning) in ABOUT.items()]
    for name in FIELDS:
        metric = METRICS[name]
        rows.append([f"`{name}`", f"{TYPES.get(metric.unit, 'number, ' + metric.unit)}, or null", f"{metric.label}."])
        if name == "accuracy":
            rows.append([f"`{name}_judge`", *BESIDE["accuracy_judge"]])
    rows += [[f"`{name}`", *BESIDE[name]] for name in ("currency", "not_measurable")]
    rows += [[f"`{name}`", *said] for name, said in SOMETIMES.items()]
    return table(["field", "type", "meaning"], rows)


def needs(metric: Metric) -> str:
    """Return what has to be recorded: all groups, any one column of a group."""
    return "; ".join(" or ".join(f"`{column}`" for column in need) for need in metric.needs) or "–"


def metrics() -> str:
    """Return every metric as it is declared."""
    rows = [
        [
            f"**{metric.label}**<br>`{metric.name}`",
            metric.definition,
            metric.excluded,
            metric.counted_at or "–",
            f"{metric.unit}, {metric.aggregation.replace('_', ' ')}",
            GOOD[metric.direction],
            needs(metric),
        ]
        for metric in METRICS.values()
    ]
    heads = ["metric", "definition", "left out", "counted at", "unit, aggregation", "good for the business", "needs"]
    return table(heads, rows)


def kind(column: Column) -> str:
    """Return a column's kind, with its closed list of values where it has one."""
    return column.kind + (": " + ", ".join(f"`{value}`" for value in column.values) if column.values else "")


def tables() -> str:
    """Return the tables of the contract with their columns."""
    parts = []
    for found in contract().values():
        key = ", ".join(f"`{name}`" for name in found.key)
        rows = [
            [f"`{column.name}`", "required" if column.required else "", kind(column), f"`{column.stored_type}`"]
            for column in found.columns
        ]
        parts.append(f"### {found.name}\n\n{found.title}. Key: {key}.\n")
        parts.append(table(["column", "", "kind", "type in a warehouse made by `readout init`"], rows) + "\n")
    return "\n".join(parts).rstrip()


def kinds() -> str:
    """Return the kinds of columns and how they are stored."""
    meanings = {
        "text": "any text",
        "instant": "an instant in UTC: `timestamptz`, or a naive timestamp that is UTC",
        "day": "a calendar day",
        "ms": "a duration in milliseconds",
        "seconds": "a duration in seconds",
        "money": "an exact decimal amount; its currency stands in a column of its own",
        "number": "any number",
        "integer": "a whole number",
        "flag": "true or false",
        "probability": "a number in (0, 1]; `tasks.review_prob` may be 0",
    }
    return table(["kind", "meaning", "type"], ([name, meanings[name], f"`{kind}`"] for name, kind in STORED.items()))


def tokens() -> str:
    """Return the colours that the theme and our own sheet use, light and dark."""
    theme = tomllib.loads((DOCS.parent / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    light, dark = theme["light"], theme["dark"]
    rows = [
        [f"theme, {name}", f"`{light[name]}`", f"`{dark[name]}`"]
        for name in light
        if name.endswith("Color") and isinstance(light[name], str)
    ]
    charts = zip(light["chartCategoricalColors"], dark["chartCategoricalColors"], strict=True)
    rows += [[f"chart {place}", f"`{one}`", f"`{other}`"] for place, (one, other) in enumerate(charts, start=1)]
    own = re.findall(r"--r-([\w-]+): light-dark\((#\w+), (#\w+)\)", style.SHEET)
    rows += [[f"own, {name}", f"`{one}`", f"`{other}`"] for name, one, other in own]
    return table(["token", "light", "dark"], rows)


PARTS: dict[str, Callable[[], str]] = {
    "settings": settings,
    "commands": commands,
    "metric_fields": metric_fields,
    "metrics": metrics,
    "tables": tables,
    "kinds": kinds,
    "tokens": tokens,
}


def renewed(text: str) -> str:
    """Return a document with its generated parts made anew; KeyError for a part that nobody makes."""
    return PART.sub(lambda found: f"{found[1]}{PARTS[found[2]]()}\n{found[3]}", text)


def outdated() -> dict[Path, str]:
    """Return the documents that are out of step, with the text that they should have."""
    found = {path: path.read_text(encoding="utf-8") for path in sorted(DOCS.glob("*.md"))}
    return {path: new for path, old in found.items() if (new := renewed(old)) != old}


def main() -> int:
    """Write what is out of step, or name it."""
    parser = argparse.ArgumentParser(description="Write the generated parts of the documentation.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a document is out of step")
    check = parser.parse_args().check
    changed = outdated()
    for path, text in changed.items():
        sys.stdout.write(f"{'out of step' if check else 'written'}: {path.relative_to(DOCS.parent)}\n")
        if not check:
            path.write_text(text, encoding="utf-8")
    return 1 if check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
