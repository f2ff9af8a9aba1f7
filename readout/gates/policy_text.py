"""A policy as readable YAML, as people write it: what is set, in the order of the grammar. Pure."""

from datetime import date
from decimal import Decimal
from typing import Any

import yaml

from readout.gates.fields import plain
from readout.gates.policy import Policy
from readout.gates.rules import Comparison

ORDER = (
    "gate", "system", "from_stage", "to_stage", "arm", "owner", "approver", "review_by", "metrics", "score", "decide",
    "week", "on_pass", "on_breach", "on_fail", "on_expiry",
)  # fmt: skip


def policy_text(policy: Policy) -> str:
    """Return the policy as YAML that reads back to the same policy; what was left to its default stays out."""
    value = policy.model_dump(by_alias=True, exclude_unset=True)
    value = {key: value[key] for key in sorted(value, key=ORDER.index)}
    return yaml.safe_dump(_plain(value), sort_keys=False, allow_unicode=True, default_flow_style=None, width=1000)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"op", "value"}:
            return str(Comparison.model_construct(**value))
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return float(value) if "." in plain(value) else int(value)
    return value.isoformat() if isinstance(value, date) else value
