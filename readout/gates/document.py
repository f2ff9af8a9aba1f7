"""A verdict as the JSON document of `readout gates evaluate`. Pure: same verdict, same bytes."""

from math import isfinite, isinf
from typing import Any

from readout.gates.evaluate import Verdict
from readout.gates.policy import Policy
from readout.gates.sentence import sentence


def verdict_document(policy: Policy, verdict: Verdict) -> dict[str, Any]:
    """Return state, reason, streak, evidence, sentence and the weeks; numbers that JSON lacks are text or null."""
    return {
        "state": verdict.state,
        "reason": verdict.reason,
        "streak": verdict.streak,
        "evidence": _number(verdict.evidence),
        "evidence_needed": _number(verdict.evidence_needed),
        "sentence": sentence(policy, verdict),
        "weeks": [
            {
                "week": week.week.week.isoformat(),
                "state": week.state,
                "reason": week.reason,
                "release": week.week.release,
                "metrics": {
                    one.name: {
                        "state": one.state,
                        "reason": one.reason,
                        "value": _number(one.value),
                        "n": _number(one.n),
                        "lower": _number(one.lower),
                        "upper": _number(one.upper),
                        **({"note": one.note} if one.note else {}),
                    }
                    for one in week.metrics
                },
            }
            for week in verdict.weeks
        ],
    }


def _number(value: float | None) -> float | str | None:
    if value is None or isfinite(value):
        return value
    return ("Infinity" if value > 0 else "-Infinity") if isinf(value) else None
