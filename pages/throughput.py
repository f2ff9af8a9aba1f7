"""Throughput: how much work is completed, and by whom."""

from readout import charts, words
from readout.ui import cards, frame, loaders, section, system_table

with frame.page("throughput") as page:
    brief = page.load(loaders.throughput)
    cards.finding("throughput", brief.finding)
    cards.tiles(brief.figures, brief.header)
    section.title("weekly", brief.header, ("throughput", "ai_throughput"), words.signals.of_band("all completed tasks"))
    section.chart("arms", charts.arms(brief.weekly, brief.figures))
    section.title("volume", brief.header, ("throughput", "accepted_tasks", "ai_share", "autonomy_share"))
    system_table.volume(brief.systems, brief.header)
    section.title("backlog", brief.header)
    system_table.backlog(brief.backlog, brief.header, brief.figures)
