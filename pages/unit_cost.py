"""Unit cost: what one accepted task costs, at every level; what it is built of; against budget."""

from readout import charts, words
from readout.ui import cards, closing, download, frame, loaders, report_file, section, unit_cost
from readout.words import unit_costs

with frame.page("unit_cost") as page:
    reported = closing.asked()
    brief = page.load(lambda scope: loaders.unit_cost(scope, reported=reported))
    cards.finding("unit_cost", brief.finding)
    closing.switch(brief.header)
    cards.tiles(brief.figures, brief.header)
    section.title("cost_weekly", brief.header, unit_costs.METRICS, words.signals.of_band("the highest level"))
    section.chart("cost_trend", charts.cost_trend(brief.weekly, brief.header.currency, brief.figures))
    section.title("cost_levels", brief.header, unit_costs.METRICS, note=unit_costs.LEVEL_NOTE)
    unit_cost.levels(brief)
    section.title("cost_systems", brief.header, unit_costs.METRICS, note=unit_costs.LEVEL_NOTE)
    unit_cost.systems(brief)
    section.note(unit_costs.remarks(brief))
    section.title("cost_build", brief.header, ("fully_loaded_cost",), note=unit_costs.BUILD_NOTE)
    unit_cost.build(brief)
    section.note(unit_costs.evaluation(brief.statement, brief.header))
    section.title("cost_budget", brief.header, ("fully_loaded_cost",), note=unit_costs.budget_note(brief))
    unit_cost.budgets(brief)
    download.unit_cost(brief)
    report_file.offer(brief.header)
