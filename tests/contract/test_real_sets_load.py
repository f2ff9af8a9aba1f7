"""Real sets load on both engines and give the aggregates that plain pandas found in the same bytes (truth.json)."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from readout.resources import shipped
from readout.warehouse.errors import InputError
from tests.contract.desk import Desk, truth

SAMPLES = shipped("data") / "samples"
AZURE = SAMPLES / "azure-llm-code" / "AzureLLMInferenceTrace_code.csv"
UCI = SAMPLES / "uci-servicenow-incidents" / "incident_event_log.opened_before_2016-04-04.csv.gz"
LITELLM = SAMPLES / "token-prices" / "litellm-1.109.1.model_prices_and_context_window_backup.json.gz"
GENAI = SAMPLES / "token-prices" / "genai-prices.data.json.gz"


def test_the_azure_trace(desk):
    known = truth(AZURE)
    first = desk.load(AZURE)
    assert (first.read, first.loaded) == (known["rows"], known["rows"])
    assert first.tables == {"tasks": known["rows"], "model_calls": known["rows"]}
    [row] = desk.rows(
        "SELECT COUNT(*), COUNT(DISTINCT task_id), MIN(created_at), MAX(created_at), COUNT(completed_at), "
        "COUNT(latency_ms), COUNT(outcome), MIN(status), MIN(arm) FROM telemetry.tasks"
    )
    assert row == (
        known["rows"], known["distinct_timestamps"], datetime.fromisoformat(known["min_ts"]),
        datetime.fromisoformat(known["max_ts"]), 0, 0, 0, "unknown", "ai_auto",
    )  # fmt: skip
    [row] = desk.rows(
        "SELECT SUM(input_tokens), SUM(output_tokens), MIN(model), COUNT(provider), MIN(purpose) "
        "FROM telemetry.model_calls"
    )
    assert row == (known["input_tokens"]["sum"], known["output_tokens"]["sum"], "unrecorded", 0, "serve")
    assert {row[0] for row in desk.rows("SELECT hour_utc FROM dirty_hour_queue")} == {
        datetime.fromisoformat(hour) for hour in known["rows_per_hour"]
    }
    recorded = {row[0] for row in desk.rows("SELECT column_name FROM recorded_column WHERE table_name = 'tasks'")}
    assert recorded == {"system_id", "task_id", "created_at", "started_at", "status", "arm"}


def test_the_azure_trace_again_with_a_model_changes_the_calls_only(desk):
    desk.load(AZURE)
    assert desk.load(AZURE).duplicates == 8819
    named = desk.load(AZURE, provider="openai", model="gpt-4")
    assert named.updated == 8819
    assert named.tables == {"tasks": 0, "model_calls": 8819}
    assert desk.rows("SELECT DISTINCT provider, model FROM telemetry.model_calls") == [("openai", "gpt-4")]


def test_the_incident_log(desk):
    known = truth(UCI)
    first = desk.load(UCI)
    assert (first.read, first.loaded) == (known["event_rows"], known["incidents"])
    assert first.merged == known["event_rows"] - known["incidents"]
    again = desk.load(UCI)
    assert (again.duplicates, again.merged, again.tables) == (first.loaded, first.merged, {"tasks": 0})
    rows = desk.rows("SELECT task_type, outcome, created_at, completed_at, reopened_at FROM telemetry.tasks")
    assert len(rows) == known["incidents"]
    cycles = [(completed - created).total_seconds() for _, _, created, completed, _ in rows]
    assert sum(cycles) == known["open_to_closed_seconds"]["sum"]
    assert max(cycles) == known["open_to_closed_seconds"]["max"]
    weeks = [(created.date() - timedelta(days=created.weekday())).isoformat() for _, _, created, _, _ in rows]
    assert {week: weeks.count(week) for week in set(weeks)} == known["weekly_incidents_by_opened_at"]
    assert sum(outcome == "escalated" for _, outcome, *_ in rows) == known["incidents_reassigned_at_least_once"]
    assert sum(reopened is not None for *_, reopened in rows) == known["incidents_reopened"]
    kinds = [kind for kind, *_ in rows]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        name.partition(" - ")[2]: count for name, count in known["priority_last_row"].items()
    }
    [row] = desk.rows("SELECT MIN(arm), MIN(status), MAX(status), COUNT(handling_seconds) FROM telemetry.tasks")
    assert row == ("human", "completed", "completed", 0)


def test_set_overrides_the_system_of_a_mapping(desk):
    desk.load(UCI, system_id="desk-7")
    assert desk.rows("SELECT DISTINCT system_id FROM telemetry.tasks") == [("desk-7",)]


def prices(desk: Desk, model: str, provider: str = "openai") -> dict[tuple[str, date], Decimal]:
    rows = desk.session.rows(
        "SELECT token_class, valid_from, price FROM telemetry.prices WHERE model = :model AND provider = :provider",
        {"model": model, "provider": provider},
    )
    return {(token_class, day): price for token_class, day, price in rows}


def test_litellm_prices_per_token_become_exact_prices_per_million(desk):
    known = truth(LITELLM)["litellm_1_109_1"]
    result = desk.load(LITELLM, table="prices", valid_from="2023-01-01")
    assert result.read == known["entries_excluding_sample_spec"] + 1
    assert desk.load(LITELLM, table="prices", valid_from="2023-01-01").tables == {"prices": 0}
    day = date(2023, 1, 1)
    for model, pair in known["selected_usd_per_1m"].items():
        found = prices(desk, model)
        if pair is None:
            assert found == {}, model
        else:
            assert (found["input", day], found["output", day]) == tuple(Decimal(str(price)) for price in pair), model
    [(both,)] = desk.rows(
        "SELECT COUNT(*) FROM telemetry.prices i JOIN telemetry.prices o "
        "ON o.provider = i.provider AND o.model = i.model WHERE i.token_class = 'input' AND o.token_class = 'output'"
    )
    assert both == known["with_both_token_prices"]
    assert "sample_spec" not in {row[0] for row in desk.rows("SELECT DISTINCT model FROM telemetry.prices")}
    assert desk.rows("SELECT DISTINCT unit_tokens, currency FROM telemetry.prices") == [(1_000_000, "USD")]
    assert "their base price is loaded" in result.warnings[0]


def test_genai_prices_hold_from_day_to_day(desk):
    known = truth(GENAI)["genai_prices"]
    result = desk.load(GENAI, table="prices", valid_from="2023-01-01")
    assert result.read == known["models"] + known["models_with_conditional_prices"]
    assert result.rejected == 4  # two entries each of the two models whose price depends on the time of day
    assert {"time of day"} == {"time of day" for reject in result.rejects if "time of day" in reject.reason}
    assert prices(desk, "deepseek-chat", "deepseek") == {}
    rows = desk.rows(
        "SELECT token_class, valid_from, valid_to, price FROM telemetry.prices "
        "WHERE provider = 'openai' AND model = 'o3' ORDER BY token_class, valid_from"
    )
    start, change = date(2023, 1, 1), date(2025, 6, 10)
    assert rows == [
        ("cache_read", start, change, Decimal("0.5")), ("cache_read", change, None, Decimal("0.5")),
        ("input", start, change, Decimal(10)), ("input", change, None, Decimal(2)),
        ("output", start, change, Decimal(40)), ("output", change, None, Decimal(8)),
    ]  # fmt: skip
    assert prices(desk, "claude-opus-4-6", "anthropic")["input", start] == Decimal(5)  # the base of its tiers
    assert result.warnings[0].split(": ", 1)[1].startswith(f"{known['models_with_tiered_input']} rows")


def test_a_price_that_ended_before_the_first_day_is_left_out(desk):
    desk.load(GENAI, table="prices", valid_from="2026-01-01")
    assert set(prices(desk, "o3")) == {(name, date(2025, 6, 10)) for name in ("input", "output", "cache_read")}


def test_prices_need_their_first_day(desk):
    with pytest.raises(InputError, match=r"mapping token-prices needs --set valid_from=VALUE \(first day on which"):
        desk.load(LITELLM, table="prices")
