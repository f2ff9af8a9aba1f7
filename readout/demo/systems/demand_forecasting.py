"""Search and demand forecasting: steady at full load; slower and a little less precise in the peak hours."""

from readout.demo.scenario import ALWAYS, Incident, Kind, Release, Scenario, Stage

FORECASTING = Scenario(
    id="demand-forecasting",
    prefix="DF",
    share=0.09,
    kinds=(
        Kind("search_ranking", ((-113, 0.70), (0, 0.70)), 45, 6000, 0.85, easier=0.0),
        Kind("demand_forecast", ((-113, 0.30), (0, 0.30)), 300, 2600, 0.84, easier=0.01, faster=1.2),
    ),
    stages=(Stage(-130, "full", 0.98, 0.05, "head-of-assortment@meridian.example", "in service since 2023", "F-021"),),
    releases=(
        Release(-131, 6, "km-rank-1", "f3", "w1", "major", "ranking and forecast in one service"),
        Release(-70, 6, "km-rank-1", "f4", "w1", "minor", "holidays as a feature"),
        Release(-34, 6, "km-rank-2", "f5", "w2", "major", "new ranking model"),
    ),
    incidents=(
        Incident(-88.2, 19, 55, "degradation", "index rebuilt during the evening peak"),
        Incident(-18.3, 20, 35, "outage", "search gateway out of memory"),
    ),
    day=ALWAYS,
    weekend=1.05,
    growth=1.05,
    overrun=((-113, 0.0), (0, 0.0)),
    assisted=((-113, 0.0), (0, 0.0)),
    accuracy=((-113, 0.895), (-34, 0.905), (0, 0.908)),
    latency_p95_ms=((-113, 260), (-34, 232), (0, 228)),
    latency_sigma=0.34,
    handling_factor=((-113, 0.4), (0, 0.4)),
    input_tokens=((-113, 260), (0, 240)),
    output_tokens=((-113, 14), (0, 14)),
    cache_read_tokens=0,
    escalation=((-113, 0.008), (0, 0.008)),
    escalation_outcomes=(0.40, 0.25, 0.30, 0.05),
    wait_minutes=90,
    roles=("demand_planner", "quality_reviewer", "demand_planner"),
    review_seconds=40,
    escalation_seconds=110,
    provider="kestrel-models",
    downstream=0.12,
    peak_latency=0.55,
    peak_errors=0.06,
)
