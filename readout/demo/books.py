"""Prices of tokens and rates of people in the demo, dated in weeks from the last closed week. Numbers only."""

# EUR per 1,000,000 tokens: (provider, model, weeks from the anchor, input, output, cache_read). A later row replaces
# the earlier one from its day on; a cut falls on the first day of a month.
PRICES = (
    ("northwind-ai", "nw-small-0", -150, "1.90", "7.60", "0.19"),
    ("northwind-ai", "nw-small-1", -150, "1.40", "5.60", "0.14"),
    ("northwind-ai", "nw-small-1", -64, "0.80", "3.20", "0.08"),
    ("northwind-ai", "nw-large-1", -150, "5.00", "20.00", "0.50"),
    ("northwind-ai", "nw-large-1", -75, "4.00", "16.00", "0.40"),
    ("northwind-ai", "nw-large-2", -60, "2.50", "10.00", "0.25"),
    ("northwind-ai", "nw-vision-1", -150, "11.00", "33.00", "1.10"),
    ("northwind-ai", "nw-vision-1", -80, "8.50", "25.50", "0.85"),
    ("northwind-ai", "nw-vision-2", -60, "6.00", "18.00", "0.60"),
    ("northwind-ai", "nw-vision-2", -13, "4.50", "13.50", "0.45"),
    ("northwind-ai", "nw-judge-1", -150, "1.10", "4.40", "0.11"),
    ("kestrel-models", "km-risk-0", -150, "0.70", "2.80", "0.07"),
    ("kestrel-models", "km-risk-1", -60, "0.40", "1.60", "0.04"),
    ("kestrel-models", "km-risk-2", -10, "0.55", "2.20", "0.06"),
    ("kestrel-models", "km-rank-1", -150, "0.30", "1.20", "0.03"),
    ("kestrel-models", "km-rank-2", -40, "0.22", "0.88", "0.02"),
    ("kestrel-models", "km-forecast-1", -150, "0.90", "3.60", "0.09"),
    ("kestrel-models", "km-control-1", -150, "2.40", "9.60", "0.24"),
    ("kestrel-models", "km-control-2", -30, "1.10", "4.40", "0.11"),
)
JUDGE = ("northwind-ai", "nw-judge-1")
UNPRICED_MODEL = "nw-preview-3"

# EUR per hour, loaded: (role, weeks from the anchor, amount); a raise falls on the first day of a month
RATES = (
    ("front_desk_agent", -150, "30.20"),
    ("front_desk_agent", -70, "31.50"),
    ("support_agent", -150, "32.80"),
    ("support_agent", -70, "34.00"),
    ("support_agent", -18, "34.80"),
    ("senior_agent", -150, "46.00"),
    ("labeller", -150, "26.00"),
    ("labeller", -70, "27.00"),
    ("quality_reviewer", -150, "37.00"),
    ("quality_reviewer", -70, "38.50"),
    ("risk_analyst", -150, "52.00"),
    ("account_manager", -150, "48.00"),
    ("bookkeeper", -150, "36.00"),
    ("demand_planner", -150, "45.00"),
    ("plant_operator", -150, "41.00"),
    ("contract_counsel", -150, "78.00"),
    ("payables_clerk", -150, "33.00"),
)
