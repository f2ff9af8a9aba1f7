"""Call notes to CRM: assisted and calm, but escalations rise since a new product line's calls came in."""

from readout.demo.scenario import OFFICE, Incident, Kind, Release, Scenario, Stage

CRM_NOTES = Scenario(
    id="crm-notes",
    prefix="CN",
    share=0.05,
    kinds=(
        Kind("sales_call", ((-113, 0.55), (-10, 0.52), (0, 0.46)), 240, 1900, 0.93, easier=0.005),
        Kind("service_call", ((-113, 0.45), (-10, 0.43), (0, 0.39)), 200, 1500, 0.94, easier=0.01),
        Kind(
            "energy_contract_call", ((-113, 0.01), (-10.01, 0.01), (-10, 0.05), (0, 0.15)), 300, 90, 0.90, easier=-0.03
        ),
    ),
    stages=(
        Stage(
            -60,
            "shadow",
            0.0,
            0.12,
            "sales-operations@meridian.example",
            "notes compared with the agents' own",
            "C-101",
        ),
        Stage(
            -38, "assisted", 0.60, 0.09, "sales-operations@meridian.example", "agents edit instead of writing", "C-109"
        ),
    ),
    releases=(
        Release(-61, 9, "nw-large-1", "n1", "crm-1", "major", "first release, in shadow"),
        Release(-26.4, 10, "nw-large-2", "n2", "crm-1", "major", "larger model; fields checked against the CRM"),
        Release(-14.6, 10, "nw-large-2", "n3", "crm-1", "minor", "shorter notes"),
    ),
    incidents=(Incident(-33.2, 11, 75, "outage", "CRM interface rejected all writes"),),
    day=OFFICE,
    weekend=0.06,
    growth=1.08,
    overrun=((-38, -0.05), (-30, 0.0), (0, 0.0)),
    assisted=((-113, 1.0), (0, 1.0)),
    accuracy=((-60, 0.86), (-26, 0.91), (0, 0.918)),
    latency_p95_ms=((-60, 7200), (-26, 5400), (0, 5200)),
    latency_sigma=0.4,
    handling_factor=((-60, 0.9), (-38, 0.62), (-12, 0.5), (0, 0.5)),
    input_tokens=((-60, 2900), (0, 2600)),
    output_tokens=((-60, 260), (-14.6, 240), (-14.5, 190), (0, 190)),
    cache_read_tokens=400,
    escalation=((-60, 0.05), (-10, 0.036), (-8, 0.045), (-4, 0.085), (0, 0.125)),
    escalation_outcomes=(0.14, 0.27, 0.54, 0.05),
    wait_minutes=70,
    roles=("account_manager", "quality_reviewer", "account_manager"),
    review_seconds=70,
    escalation_seconds=120,
    provider="northwind-ai",
    gateway=0.2,
    shadow=((-60, 0.5), (-38.01, 0.5), (-38, 0.0), (0, 0.0)),
)
