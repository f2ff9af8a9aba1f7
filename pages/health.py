"""Data health: whether the figures can be trusted today."""

from readout.ui import cards, checks_table, frame, health_table, loaders, section

with frame.page("health") as page:
    brief = page.load(loaders.health)
    cards.finding("health", brief.finding)
    checks_table.summary(page.load(loaders.checks, always=True))
    section.title("freshness", brief.header)
    health_table.freshness(brief.freshness)
    section.title("coverage", brief.header)
    health_table.coverage(brief.coverage)
    section.title("not_measurable", brief.header)
    health_table.not_measurable(brief.not_measurable)
    section.title("loads", brief.header)
    health_table.loads(brief.reject_counts)
    section.title("rejects", brief.header)
    health_table.rejects(brief.rejects)
