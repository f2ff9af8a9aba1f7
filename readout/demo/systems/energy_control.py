"""Energy and process control: forecaster, optimiser and safety check under one orchestration; ever cheaper to run."""

from readout.demo.scenario import Incident, Kind, Release, Scenario, Stage, Step

FLAT = (10, 10, 10, 10, 11, 12, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 12, 12, 11, 11, 10, 10)

ENERGY = Scenario(
    id="energy-control",
    prefix="EN",
    share=0.05,
    kinds=(
        Kind("cooling_setpoint", ((-113, 0.5), (0, 0.5)), 95, 2400, 0.90, easier=0.004),
        Kind("boiler_setpoint", ((-113, 0.3), (0, 0.3)), 120, 1450, 0.90, easier=-0.004),
        Kind("load_shift", ((-113, 0.2), (0, 0.2)), 210, 960, 0.86, easier=-0.012, faster=1.2),
    ),
    stages=(
        Stage(-95, "shadow", 0.0, 0.10, "plant-manager@meridian.example", "set points beside the operators", "E-201"),
        Stage(-70, "partial", 0.50, 0.08, "plant-manager@meridian.example", "cooling first", "E-208"),
        Stage(-30, "partial", 0.80, 0.06, "plant-manager@meridian.example", "all three kinds of set point", "E-216"),
    ),
    releases=(
        Release(-96, 5, "km-control-1", "o1", "e1", "major", "first release, in shadow"),
        Release(-50, 5, "km-control-1", "o2", "e2", "minor", "forecaster moved to shared hardware"),
        Release(-24, 5, "km-control-2", "o3", "e3", "major", "optimiser in a smaller model"),
        Release(-9.6, 5, "km-control-2", "o4", "e4", "minor", "safety check cached per shift"),
    ),
    incidents=(
        Incident(-40.2, 2, 50, "fallback", "sensor gateway silent; operators set by hand"),
        Incident(-15.4, 13, 30, "outage", "orchestrator restarted"),
    ),
    day=FLAT,
    weekend=0.95,
    growth=1.02,
    overrun=((-113, 0.0), (0, 0.0)),
    assisted=((-113, 0.0), (0, 0.0)),
    accuracy=((-95, 0.88), (-70, 0.92), (-30, 0.945), (0, 0.952)),
    latency_p95_ms=((-95, 2600), (-24, 1900), (0, 1500)),
    latency_sigma=0.3,
    handling_factor=((-113, 0.8), (0, 0.8)),
    input_tokens=((-95, 1500), (-50, 1300), (-24.01, 1200), (-24, 760), (-9.61, 760), (-9.6, 520), (0, 520)),
    output_tokens=((-95, 90), (0, 70)),
    cache_read_tokens=200,
    escalation=((-95, 0.03), (0, 0.014)),
    escalation_outcomes=(0.40, 0.25, 0.30, 0.05),
    wait_minutes=12,
    roles=("plant_operator", "quality_reviewer", "plant_operator"),
    review_seconds=50,
    escalation_seconds=100,
    provider="kestrel-models",
    shadow=((-95, 0.30), (-70.01, 0.30), (-70, 0.0), (0, 0.0)),
    steps=(
        Step("kestrel-models", "km-forecast-1", "forecast", 0.6, 1.0, 0.35),
        Step("kestrel-models", "", "optimise", 1.0, 1.0, 0.45),  # the release's model
        Step("northwind-ai", "nw-small-1", "safety_check", 0.5, 0.3, 0.20),
    ),
)
