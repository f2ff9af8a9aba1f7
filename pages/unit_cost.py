"""Unit cost: what one accepted task costs, by level and denominator."""

from readout import charts, words
from readout.ui import cards, download, frame, loaders, report_file, section, system_table
from readout.words import unit_costs

with frame.page("unit_cost") as page:
    brief = page.load(loaders.unit_cost)
    cards.finding("unit_cost", brief.finding)
    cards.tiles(brief.figures, brief.header)
    section.title(
        "cost_weekly",
        brief.header,
        ("with_people_cost_per_accepted_task", "cost_per_accepted_task"),
        words.signals.of_band("the highest level"),
    )
    section.chart("cost_trend", charts.cost_trend(brief.weekly, brief.header.currency, brief.figures))
    section.title("cost_levels", brief.header, ("cost_per_accepted_task", "fully_loaded_cost_per_accepted_task"))
    system_table.unit_cost(brief.rows, brief.header)
    section.note(unit_costs.remarks(brief.rows))
    download.unit_cost(brief)
    report_file.offer(brief.header)
