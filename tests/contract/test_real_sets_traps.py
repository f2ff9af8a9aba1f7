"""Real sets with traps: cumulative snapshots, failed judges, relative clocks, two units in one field, zero for unknown.

Each set is compared with what plain pandas found in the same bytes (truth.json beside the sample).
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta

import pytest

from readout.resources import shipped
from readout.warehouse.errors import InputError
from readout.warehouse.loading import LoadResult
from tests.conftest import ENGINES
from tests.contract.desk import Desk, fresh_desk, truth

SAMPLES = shipped("data") / "samples"
BENCH = sorted((SAMPLES / "agent-bench-runs").glob("*.summary.json.gz"))
MOONCAKE = SAMPLES / "mooncake-conversation" / "conversation_trace.ts_lt_1800000.jsonl.gz"
CALLS = SAMPLES / "openllmetry-api-calls" / "api_calls.csv"
MMLU = sorted((SAMPLES / "routellm-correctness").glob("*.csv.gz"))
AIDER = sorted((SAMPLES / "aider-eval-runs").glob("*.yml"))
INCIDENTS = SAMPLES / "llm-vendor-incidents" / "incident_stages.openai.csv.gz"
OUTAGE_DAYS = SAMPLES / "llm-vendor-incidents" / "outage_unexploded.openai.csv.gz"
TRACES = sorted(path for path in (SAMPLES / "langfuse-trace-exports").glob("*.json") if path.name != "truth.json")


def recorded(desk, table):
    return {row[0] for row in desk.rows(f"SELECT column_name FROM recorded_column WHERE table_name = '{table}'")}


def near(amount):
    return pytest.approx(amount, abs=5e-6)


# --- agent-bench-runs -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=ENGINES)
def benched(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Desk, LoadResult]]:
    """A warehouse into which all snapshots were loaded, the oldest first; only to be read."""
    with ExitStack() as stack:
        url = f"duckdb:///{tmp_path_factory.mktemp('bench') / 'w.duckdb'}"
        if request.param == "postgres":
            url = stack.enter_context(request.getfixturevalue("postgres_server").database())
        desk = stack.enter_context(fresh_desk(url))
        yield desk, desk.load(*BENCH)


def holds_each_case_once(desk: Desk) -> None:
    known = truth(BENCH[0])
    overall = known["distinct_overall"]
    [row] = desk.rows(
        "SELECT COUNT(*), COUNT(DISTINCT system_id), SUM(CASE WHEN outcome = 'resolved' THEN 1 ELSE 0 END), "
        "SUM(CASE WHEN outcome IS NULL THEN 1 ELSE 0 END), SUM(latency_ms), SUM(cost_amount), MAX(ingested_at) "
        "FROM telemetry.tasks"
    )
    assert row[:4] == (overall["cases"], 1, overall["success"], overall["grader_errored"])
    assert float(row[4]) == overall["duration_ms"]["sum"]
    assert float(row[5]) == near(overall["agent_cost_usd_sum"])
    assert row[6] == datetime.fromisoformat(known["max_generatedAt"]).replace(tzinfo=None)


def test_cumulative_snapshots_hold_each_case_once(benched):
    desk, result = benched
    known = truth(BENCH[0])
    assert (result.read, result.loaded) == (known["case_rows_raw"], known["case_rows_distinct"])
    holds_each_case_once(desk)


def test_snapshots_in_another_order_and_one_by_one_give_the_same(desk):
    known = truth(BENCH[0])
    results = [desk.load(path) for path in [*BENCH[4:], *BENCH[:4]]]
    assert sum(one.read for one in results) == known["case_rows_raw"]
    holds_each_case_once(desk)
    again = desk.load(*BENCH)
    assert again.tables == {"tasks": 0, "model_calls": 0, "verdicts": 0}
    assert again.duplicates == again.read == known["case_rows_raw"]


def test_a_judge_that_failed_cannot_tell(benched):
    desk, result = benched
    overall = truth(BENCH[0])["distinct_overall"]
    rows = dict(
        desk.rows("SELECT COALESCE(CAST(outcome AS VARCHAR), 'unknown'), COUNT(*) FROM telemetry.verdicts GROUP BY 1")
    )
    right, judged = overall["grader_pass"], overall["cases"] - overall["grader_errored"]
    assert rows == {"true": right, "false": judged - right, "unknown": overall["grader_errored"]}
    assert right / judged == near(overall["success_rate_excluding_grader_errors"])
    assert any("the judge failed" in warning for warning in result.warnings)


def test_the_judges_cost_is_no_cost_of_the_work(benched):
    desk, _ = benched
    overall = truth(BENCH[0])["distinct_overall"]
    rows = desk.rows(
        "SELECT purpose, SUM(cost_amount), SUM(input_tokens + COALESCE(cache_read_tokens, 0)), SUM(cache_read_tokens), "
        "SUM(output_tokens), COUNT(*) - COUNT(input_tokens) FROM telemetry.model_calls GROUP BY purpose"
    )
    found = {purpose: rest for purpose, *rest in rows}
    assert float(found["serve"][0]) == near(overall["agent_cost_usd_sum"])
    assert float(found["judge"][0]) == near(overall["grader_cost_usd_sum"])
    # the truth adds the judge's tokens to the agent's
    prompts, cached, answers = (found["serve"][part] + found["judge"][part] for part in (1, 2, 3))
    assert (prompts, cached) == (overall["prompt_tokens_sum"], overall["cached_tokens_sum"])
    assert answers == overall["response_tokens_sum"] + overall["thinking_tokens_sum"]
    assert found["serve"][4] == overall["null_usage_cases"]
    by_model = dict(
        desk.rows("SELECT model, COUNT(*) FROM telemetry.model_calls WHERE purpose = 'serve' GROUP BY model")
    )
    assert by_model == {model: one["cases"] for model, one in truth(BENCH[0])["distinct_by_model"].items()}
    by_task = dict(desk.rows("SELECT task_type, COUNT(*) FROM telemetry.tasks GROUP BY task_type"))
    assert by_task == {task: one["cases"] for task, one in truth(BENCH[0])["distinct_by_task"].items()}


def test_a_start_that_is_assumed_is_not_recorded(benched):
    desk, _ = benched
    assert "created_at" not in recorded(desk, "tasks")
    assert {"completed_at", "latency_ms", "outcome", "cost_amount"} <= recorded(desk, "tasks")


# --- mooncake-conversation --------------------------------------------------------------------------------------------


def test_a_relative_clock_begins_where_one_says(desk):
    known = truth(MOONCAKE)
    first = desk.load(MOONCAKE, base_instant="2024-06-01T02:00:00+02:00")
    assert (first.read, first.loaded) == (known["rows"], known["rows"])
    [row] = desk.rows("SELECT COUNT(DISTINCT created_at), MIN(created_at), MAX(created_at) FROM telemetry.tasks")
    begin = datetime(2024, 6, 1)
    assert row == (known["distinct_timestamps_ms"], begin, begin + timedelta(milliseconds=known["max_timestamp_ms"]))
    per_minute = dict(desk.rows("SELECT date_trunc('minute', created_at), COUNT(*) FROM telemetry.tasks GROUP BY 1"))
    assert per_minute == {
        begin + timedelta(minutes=int(minute)): count for minute, count in known["rows_per_minute_index"].items()
    }
    assert desk.rows("SELECT SUM(input_tokens), SUM(output_tokens) FROM telemetry.model_calls") == [
        (known["input_tokens"]["sum"], known["output_tokens"]["sum"])
    ]
    assert recorded(desk, "tasks") == {"system_id", "task_id", "created_at", "started_at", "status", "arm"}
    assert desk.load(MOONCAKE, base_instant="2024-06-01T00:00:00Z").duplicates == known["rows"]


def test_a_relative_clock_needs_its_beginning(desk):
    with pytest.raises(InputError, match="needs --set base_instant=VALUE"):
        desk.load(MOONCAKE)


# --- openllmetry-api-calls --------------------------------------------------------------------------------------------


def test_calls_that_stand_in_several_cassettes_are_one_call(desk):
    known = truth(CALLS)
    result = desk.load(CALLS, table="model_calls")
    once = known["distinct_request_id_rows"]
    assert (result.read, result.loaded) == (known["rows"], known["distinct_request_id"])
    assert result.rejected == known["rows"] - known["rows_with_request_id"]
    assert {reject.column for reject in result.rejects} == {"request_id"}
    [row] = desk.rows(
        "SELECT COUNT(*), COUNT(duration_ms), SUM(duration_ms), "
        "SUM(input_tokens + CASE provider WHEN 'openai' THEN COALESCE(cache_read_tokens, 0) ELSE 0 END), "
        "SUM(output_tokens), SUM(CASE WHEN status = 'ok' THEN 1 ELSE 0 END), COUNT(task_id) FROM telemetry.model_calls"
    )
    assert row[:2] == (once["rows"], once["with_processing_ms"])
    assert float(row[2]) == once["processing_ms"]["sum"]
    assert row[3:] == (once["prompt_tokens_sum"], once["completion_tokens_sum"], once["http_status"]["200"], 0)
    by_provider = dict(desk.rows("SELECT provider, COUNT(*) FROM telemetry.model_calls GROUP BY provider"))
    assert by_provider == {
        host.removeprefix("api.").removesuffix(".com"): one["rows"] for host, one in known["distinct_by_host"].items()
    }
    [(first, last)] = desk.rows("SELECT MIN(started_at), MAX(started_at) FROM telemetry.model_calls")
    assert (first, last) == tuple(
        datetime.fromisoformat(known[name]).replace(tzinfo=None) for name in ("min_date", "max_date")
    )


# --- routellm-correctness ---------------------------------------------------------------------------------------------


def test_two_models_on_one_prompt_are_a_live_and_a_shadow_row(desk):
    known = truth(MMLU[0])
    result = desk.load(*MMLU)
    assert (result.read, result.loaded) == (known["rows"], known["rows"])
    arms = dict(desk.rows("SELECT arm, COUNT(*) FROM telemetry.tasks GROUP BY arm"))
    assert arms == {"ai_auto": known["rows"], "shadow": known["rows"]}
    [(paired,)] = desk.rows(
        "SELECT COUNT(*) FROM telemetry.tasks s JOIN telemetry.tasks l "
        "ON l.system_id = s.system_id AND l.task_id = s.shadow_of AND l.arm = 'ai_auto' WHERE s.arm = 'shadow'"
    )
    assert paired == known["rows"]
    rows = desk.rows(
        "SELECT v.metric, t.arm, COUNT(*), SUM(CASE WHEN v.outcome THEN 1 ELSE 0 END) FROM telemetry.verdicts v "
        "JOIN telemetry.tasks t ON t.system_id = v.system_id AND t.task_id = v.task_id GROUP BY v.metric, t.arm"
    )
    found = {(metric, arm): (count, right) for metric, arm, count, right in rows}
    weak, strong = known["only_mixtral_correct"], known["only_gpt4_correct"]
    both, neither = known["both_correct"], known["neither_correct"]
    assert found == {
        ("correct", "ai_auto"): (known["rows"], both + strong),
        ("correct", "shadow"): (known["rows"], both + weak),
        ("agreement", "shadow"): (known["rows"], both + neither),
        ("ai_right", "shadow"): (weak + strong, weak),
    }
    assert (both + neither) / known["rows"] == near(known["agreement_rate"])
    kinds = dict(desk.rows("SELECT task_type, COUNT(*) FROM telemetry.tasks WHERE arm = 'shadow' GROUP BY task_type"))
    assert kinds == {name: one["rows"] for name, one in known["per_file"].items()}
    assert desk.load(MMLU[3]).duplicates == known["per_file"]["mmlu_business_ethics"]["rows"]


# --- aider-eval-runs --------------------------------------------------------------------------------------------------


def test_evaluation_runs_come_from_yaml_and_a_cost_of_nought_is_unknown(desk):
    known = truth(AIDER[0])["per_file"]
    result = desk.load(*AIDER)
    assert (result.read, result.loaded) == (83, 83)
    for path in AIDER:
        one = known[path.name]
        kind = path.name.removesuffix("_leaderboard.yml")
        rows = desk.rows(
            "SELECT t.created_at, t.latency_ms, t.cost_amount, v.score, t.release_id FROM telemetry.tasks t "
            f"JOIN telemetry.verdicts v ON v.task_id = t.task_id WHERE t.task_type = '{kind}'"
        )
        assert len(rows) == one["runs"]
        weeks = [(day.date() - timedelta(days=day.weekday())).isoformat() for day, *_ in rows]
        assert {week: weeks.count(week) for week in set(weeks)} == one["weekly_runs"]
        assert sum(float(latency) for _, latency, *_ in rows) / 1000 == near(one["seconds_per_case"]["sum"])
        assert sum(row[2] is None for row in rows) == one["zero_or_missing_cost"]
        assert float(sum(row[2] for row in rows if row[2] is not None)) == near(one["total_cost_usd"]["sum"])
        assert sum(float(row[3]) for row in rows) * 100 == near(one["pass_rate"]["sum"])
        assert len({row[4] for row in rows}) == one["distinct_models"]
    assert desk.rows("SELECT COUNT(outcome) FROM telemetry.verdicts") == [(0,)]
    assert sum("unknown, not free" in warning for warning in result.warnings) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- dirname: a\n  model: [b\n", "malformed YAML"),
        ("- &a {dirname: x}\n- *a\n", "aliases are not read"),
        ("- !!python/object/apply:os.system ['true']\n", "the tag"),
        ("- dirname: a\n  dirname: b\n", "given twice"),
        ("--- 1\n--- 2\n", "another document"),
    ],
)
def test_yaml_that_is_not_plain_data_is_refused_with_its_line(desk, tmp_path, text, said):
    folder = tmp_path / "aider-eval-runs"
    folder.mkdir()
    (folder / "runs.yml").write_text(text)
    with pytest.raises(InputError, match=said) as refused:
        desk.load(folder / "runs.yml")
    assert "runs.yml:" in str(refused.value)


def test_a_faulty_yaml_entry_is_rejected_with_its_line(desk, tmp_path):
    folder = tmp_path / "aider-eval-runs"
    folder.mkdir()
    good = "- {dirname: a, model: m, date: 2025-01-01, pass_rate_1: 3, seconds_per_case: 1.5, commit_hash: c}\n"
    (folder / "runs.yml").write_text(good + good.replace("dirname: a", "dirname: b").replace("1.5", "soon"))
    result = desk.load(folder / "runs.yml")
    assert (result.loaded, result.rejected) == (1, 1)
    assert result.rejects[0].line == 2


# --- llm-vendor-incidents ---------------------------------------------------------------------------------------------


def test_incidents_of_a_status_page(desk):
    known = truth(INCIDENTS)
    result = desk.load(INCIDENTS, table="incidents")
    assert (result.read, result.loaded) == (known["incidents"], known["distinct_incident_id"])
    rows = desk.rows("SELECT system_id, kind, started_at, ended_at FROM telemetry.incidents")
    minutes = [(ended - started).total_seconds() / 60 for _, _, started, ended in rows]
    assert sum(minutes) == known["duration_minutes_start_to_close"]["sum"]
    assert minutes.count(0) == known["zero_duration_incidents"]
    assert {row[0] for row in rows} == {"openai"}
    assert sum(row[1] == "outage" for row in rows) == known["by_impact_level"]["3"]
    weeks = [(row[2].date() - timedelta(days=row[2].weekday())).isoformat() for row in rows]
    assert {week: weeks.count(week) for week in set(weeks)} == known["weekly_incidents_by_start"]
    assert result.warnings[0].split(": ", 1)[1].startswith(f"{known['zero_duration_incidents']} rows")


def test_outage_days_keep_their_minutes_per_service(desk):
    days = truth(OUTAGE_DAYS)["outage_days"]
    result = desk.load(OUTAGE_DAYS, table="incidents")
    assert result.read == days["rows"] == result.loaded + result.filtered
    rows = desk.rows("SELECT system_id, started_at, ended_at FROM telemetry.incidents WHERE kind = 'outage'")
    for service, one in days["by_service"].items():
        own = [(ended - started).total_seconds() / 60 for system, started, ended in rows if system == service]
        assert sum(own) == one["total_minutes"]
        assert len(own) >= one["days_with_outage"]  # the truth counts days on which one kind of outage is flagged
        assert 1 - sum(own) / (one["days"] * 24 * 60) == near(one["availability"])


def test_two_spellings_of_one_provider_are_one_system(desk, tmp_path):
    folder = tmp_path / "llm-vendor-incidents"
    folder.mkdir()
    (folder / "incidents.csv").write_text(
        "incident_id,Incident_Title,incident_impact_level,provider,start_timestamp,close_timestamp\n"
        "a,Down,3,character,2024-01-01 10:00:00+00:00,2024-01-01 11:00:00+00:00\n"
        "b,Slow,1,characterai,2024-01-02 10:00:00+00:00,2024-01-02 11:00:00+00:00\n"
    )
    desk.load(folder / "incidents.csv", table="incidents")
    assert desk.rows("SELECT DISTINCT system_id FROM telemetry.incidents") == [("characterai",)]


# --- langfuse-trace-exports -------------------------------------------------------------------------------------------


def test_traces_are_tasks_and_their_durations_have_one_unit(desk):
    known = truth(TRACES[0])
    result = desk.load(*TRACES)
    assert result.loaded == known["traces"] == len(TRACES)
    rows = desk.rows("SELECT task_id, created_at, completed_at, latency_ms, outcome FROM telemetry.tasks")
    assert sum(float(row[3]) for row in rows) / 1000 == near(known["span_seconds"]["sum"])
    by_id = {row[0]: row for row in rows}
    for one in known["per_trace"].values():
        task = by_id[one["trace_id"]]
        assert task[1] == datetime.fromisoformat(one["start"]).replace(tzinfo=None)
        assert task[2] == datetime.fromisoformat(one["end"]).replace(tzinfo=None)
        assert float(task[3]) / 1000 == near(one["span_seconds"])
        assert task[4] is None
    [row] = desk.rows(
        "SELECT COUNT(*), SUM(input_tokens), SUM(output_tokens), SUM(cost_amount), COUNT(*) - COUNT(duration_ms) "
        "FROM telemetry.model_calls"
    )
    assert row[:3] == (known["generations"], known["input_tokens"], known["output_tokens"])
    assert float(row[3]) == pytest.approx(known["total_cost_usd"], abs=1e-12)
    assert row[4] == sum(one["observations_without_end"] for one in known["per_trace"].values())
    again = desk.load(*TRACES)
    assert again.tables == {"tasks": 0, "model_calls": 0}


def test_every_sample_has_its_attribution():
    """Its PROVENANCE says how it is read: by the mapping of its own name, or by an import that ships."""
    mapped = {path.stem for path in (shipped("data") / "mappings").glob("*.yaml")}
    folders = {path.name: path for path in SAMPLES.iterdir() if path.is_dir()}
    for name, folder in sorted(folders.items()):
        assert (folder / "truth.json").exists(), name
        provenance = (folder / "PROVENANCE.md").read_text(encoding="utf-8")
        assert "**Licence" in provenance, name
        imported = re.search(r"\*\*Mapping\.\*\* `readout import (\w+)`", provenance)
        if imported:
            assert (shipped("data") / imported[1]).is_dir(), name
        assert bool(imported) != (name in mapped), name
    assert mapped <= set(folders)
