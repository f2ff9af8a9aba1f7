"""Contract review: nineteen weeks in shadow, on exported snapshots that arrive every second week, owned by nobody."""

from readout.demo.scenario import OFFICE, Kind, Release, Scenario, Stage

CONTRACTS = Scenario(
    id="contract-review",
    prefix="CR",
    share=0.006,
    kinds=(
        Kind("supplier_contract", ((-113, 0.7), (0, 0.7)), 2400, 60, 0.94, reviewable=False),
        Kind("customer_contract", ((-113, 0.3), (0, 0.3)), 3100, 26, 0.94, easier=-0.02, reviewable=False),
    ),
    stages=(Stage(-19, "shadow", 0.0, 0.0, "", "started on an export of last year's contracts", ""),),
    releases=(Release(-19.2, 9, "nw-large-2", "k1", "export-1", "major", "prompt of the demonstration"),),
    incidents=(),
    day=OFFICE,
    weekend=0.02,
    growth=1.0,
    overrun=((-113, 0.0), (0, 0.0)),
    assisted=((-113, 0.0), (0, 0.0)),
    accuracy=((-19, 0.80), (0, 0.80)),
    latency_p95_ms=((-19, 41000), (0, 41000)),
    latency_sigma=0.5,
    handling_factor=((-113, 1.0), (0, 1.0)),
    input_tokens=((-19, 14000), (0, 14000)),
    output_tokens=((-19, 900), (0, 900)),
    cache_read_tokens=0,
    escalation=((-113, 0.0), (0, 0.0)),
    escalation_outcomes=(0.25, 0.25, 0.25, 0.25),
    wait_minutes=2100,
    roles=("contract_counsel", "contract_counsel", "contract_counsel"),
    review_seconds=600,
    escalation_seconds=600,
    provider="northwind-ai",
    shadow=((-19.01, 0.0), (-19, 0.85), (0, 0.85)),
    batch_days=14,
    baseline=False,
)
