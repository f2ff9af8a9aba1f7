"""The figures of each page straight from the raw rows: what a careful analyst would write without rollups.

One text for both engines. `:lo`, `:mid`, `:hi` are UTC bounds of the comparison window and the shown one; weeks are
local. The tasks of the two windows are picked first and their calls, people's work and verdicts joined to them, with
the precedence of METRICS.md rule 8; percentiles are exact (nearest rank).
"""

TASK = """
task AS (
  SELECT
    t.system_id, t.task_id, t.task_type, t.arm, t.outcome, t.completed_at, t.reopened_at, t.latency_ms,
    t.handling_seconds, t.human_seconds, t.cost_amount, t.review_prob,
    CASE WHEN t.outcome = 'escalated' OR t.escalated_at IS NOT NULL THEN 1 ELSE 0 END AS escalated,
    CASE WHEN t.completed_at >= :mid THEN 'now' ELSE 'before' END AS span,
    date_trunc('week', (t.completed_at AT TIME ZONE 'UTC') AT TIME ZONE 'Europe/Berlin') AS week
  FROM telemetry.tasks AS t
  WHERE COALESCE(t.is_test, FALSE) = FALSE AND t.arm <> 'shadow' AND t.completed_at >= :lo AND t.completed_at < :hi
    AND t.status NOT IN ('failed', 'abandoned', 'open')
)"""
WORK = """
work AS (
  SELECT
    h.system_id, h.task_id, SUM(h.seconds) AS seconds, SUM(h.seconds * r.hourly_amount / 3600) AS amount,
    MIN(CASE WHEN h.activity = 'rework' AND h.started_at >= t.completed_at THEN h.started_at END) AS rework_at
  FROM task AS t
  JOIN telemetry.human_work AS h ON h.system_id = t.system_id AND h.task_id = t.task_id
  LEFT JOIN telemetry.rate_card AS r
    ON r.role = h.role AND CAST(h.started_at AS DATE) >= r.valid_from
    AND (r.valid_to IS NULL OR CAST(h.started_at AS DATE) < r.valid_to)
  GROUP BY h.system_id, h.task_id
)"""
CORRECTED = """
corrected AS (
  SELECT v.system_id, v.task_id, MIN(v.created_at) AS corrected_at
  FROM task AS t
  JOIN telemetry.verdicts AS v ON v.system_id = t.system_id AND v.task_id = t.task_id
  WHERE v.judge = 'downstream' AND v.outcome = FALSE AND v.created_at >= t.completed_at
  GROUP BY v.system_id, v.task_id
)"""
CALL = """
price AS (
  SELECT
    provider, model, token_class, price / unit_tokens AS per_token, valid_from,
    COALESCE(valid_to, LEAD(valid_from) OVER (PARTITION BY provider, model, token_class ORDER BY valid_from)) AS until
  FROM telemetry.prices
),
call AS (
  SELECT
    c.system_id, c.task_id, SUM(c.duration_ms) AS duration_ms,
    CASE WHEN COUNT(c.cost_amount) = COUNT(*) THEN SUM(c.cost_amount) END AS recorded,
    CASE WHEN COUNT(i.per_token) = COUNT(*) AND COUNT(o.per_token) = COUNT(*) THEN SUM(
      c.input_tokens * i.per_token + c.output_tokens * o.per_token
      + COALESCE(c.cache_read_tokens * r.per_token, 0) + COALESCE(c.cache_write_tokens * w.per_token, 0)
    ) END AS priced
  FROM task AS t
  JOIN telemetry.model_calls AS c ON c.system_id = t.system_id AND c.task_id = t.task_id
  LEFT JOIN price AS i
    ON i.provider = c.provider AND i.model = c.model AND i.token_class = 'input'
    AND CAST(c.started_at AS DATE) >= i.valid_from AND (i.until IS NULL OR CAST(c.started_at AS DATE) < i.until)
  LEFT JOIN price AS o
    ON o.provider = c.provider AND o.model = c.model AND o.token_class = 'output'
    AND CAST(c.started_at AS DATE) >= o.valid_from AND (o.until IS NULL OR CAST(c.started_at AS DATE) < o.until)
  LEFT JOIN price AS r
    ON r.provider = c.provider AND r.model = c.model AND r.token_class = 'cache_read'
    AND CAST(c.started_at AS DATE) >= r.valid_from AND (r.until IS NULL OR CAST(c.started_at AS DATE) < r.until)
  LEFT JOIN price AS w
    ON w.provider = c.provider AND w.model = c.model AND w.token_class = 'cache_write'
    AND CAST(c.started_at AS DATE) >= w.valid_from AND (w.until IS NULL OR CAST(c.started_at AS DATE) < w.until)
  WHERE COALESCE(c.purpose, 'serve') IN ('serve', 'retry')
  GROUP BY c.system_id, c.task_id
)"""
FACT = """
fact AS (
  SELECT
    t.*, COALESCE(w.seconds, t.human_seconds) AS human, w.amount AS people_cost,
    COALESCE(t.cost_amount, c.recorded, c.priced) AS cost,
    COALESCE(
      t.handling_seconds,
      COALESCE(w.seconds, t.human_seconds) + COALESCE(c.duration_ms, t.latency_ms, 0) / 1000,
      CASE WHEN t.arm = 'ai_auto' THEN COALESCE(c.duration_ms, t.latency_ms) / 1000 END
    ) AS handling,
    CASE
      WHEN t.reopened_at IS NULL AND w.rework_at IS NULL AND x.corrected_at IS NULL THEN NULL
      ELSE LEAST(
        COALESCE(t.reopened_at, TIMESTAMP '9999-01-01'), COALESCE(w.rework_at, TIMESTAMP '9999-01-01'),
        COALESCE(x.corrected_at, TIMESTAMP '9999-01-01')
      )
    END AS undone_at
  FROM task AS t
  LEFT JOIN call AS c ON c.system_id = t.system_id AND c.task_id = t.task_id
  LEFT JOIN work AS w ON w.system_id = t.system_id AND w.task_id = t.task_id
  LEFT JOIN corrected AS x ON x.system_id = t.system_id AND x.task_id = t.task_id
)"""
WHOLE = f"WITH {TASK}, {WORK}, {CORRECTED}, {CALL}, {FACT}"
ACCEPTED = """SUM(CASE WHEN outcome = 'resolved'
    AND (undone_at IS NULL OR undone_at > completed_at + INTERVAL '7 days') THEN 1 ELSE 0 END)"""
VOLUME = f"""
  COUNT(*) AS completed,
  SUM(CASE WHEN arm IN ('ai_auto', 'ai_assisted') THEN 1 ELSE 0 END) AS ai,
  SUM(CASE WHEN arm = 'ai_auto' AND COALESCE(human, 0) = 0 THEN 1 ELSE 0 END) AS autonomous,
  {ACCEPTED} AS accepted,
  SUM(CASE WHEN undone_at IS NOT NULL THEN 1 ELSE 0 END) AS reopened,
  SUM(CASE WHEN arm IN ('ai_auto', 'ai_assisted') THEN escalated ELSE 0 END) AS escalated"""
HANDLING = "COUNT(handling) AS handling_n, SUM(handling) AS handling, SUM(handling * handling) AS handling_squared"
COST = "COUNT(cost) AS cost_n, SUM(cost) AS cost, SUM(people_cost) AS people_cost"
CELLS = "GROUP BY span, week, system_id, task_type"
SETS = "GROUP BY GROUPING SETS ((span, week, system_id), (span, week), (span, system_id), (span))"
RANKS = ", ".join(
    f"percentile_disc({rank}) WITHIN GROUP (ORDER BY {value}) AS {name}_{round(rank * 100)}"
    for name, value in (("handling", "handling"), ("cycle", "completed_at - created_at"), ("latency", "latency_ms"))
    for rank in (0.5, 0.95, 0.99)
)

SUMS = f"{WHOLE} SELECT span, week, system_id, task_type, {VOLUME}, {HANDLING}, {COST} FROM fact {CELLS}"
VOLUMES = f"{WHOLE} SELECT span, week, system_id, task_type, {VOLUME} FROM fact {CELLS}"
COSTS = f"{WHOLE} SELECT span, week, system_id, task_type, {VOLUME}, {COST} FROM fact {CELLS}"
HANDLINGS = f"{WHOLE} SELECT span, week, system_id, task_type, {VOLUME}, {HANDLING} FROM fact {CELLS}"
PERCENTILES = (
    WHOLE.replace("t.completed_at, t.reopened_at", "t.completed_at, t.created_at, t.reopened_at")
    + f" SELECT span, week, system_id, {RANKS} FROM fact {SETS}"
)
DISTRIBUTION = (
    f"{WHOLE} SELECT span, CAST(FLOOR(LN(handling * 1000000) * 49.99833328888678) AS BIGINT) AS step, COUNT(*) "
    "FROM fact WHERE handling > 0 GROUP BY 1, 2"
)
ATTEMPTED = """
SELECT
  CASE WHEN created_at >= :mid THEN 'now' ELSE 'before' END AS span,
  date_trunc('week', (created_at AT TIME ZONE 'UTC') AT TIME ZONE 'Europe/Berlin') AS week, system_id, COUNT(*)
FROM telemetry.tasks
WHERE COALESCE(is_test, FALSE) = FALSE AND arm <> 'shadow' AND created_at >= :lo AND created_at < :hi
GROUP BY 1, 2, 3"""
BACKLOG = """
SELECT system_id, task_type, CAST(:hi AS DATE) - CAST(created_at AS DATE) AS age, COUNT(*)
FROM telemetry.tasks
WHERE COALESCE(is_test, FALSE) = FALSE AND arm <> 'shadow' AND completed_at IS NULL AND status = 'open'
GROUP BY 1, 2, 3"""
ACCURACY = f"""
WITH {TASK},
verdict AS (
  SELECT
    t.span, t.week, t.system_id, v.judge, v.review_reason, v.outcome, v.sampling_prob,
    ROW_NUMBER() OVER (
      PARTITION BY v.system_id, v.task_id, v.metric, v.judge ORDER BY v.created_at DESC, v.ingested_at DESC
    ) AS latest
  FROM task AS t
  JOIN telemetry.verdicts AS v ON v.system_id = t.system_id AND v.task_id = t.task_id
  WHERE t.arm IN ('ai_auto', 'ai_assisted') AND v.metric = 'correct'
)
SELECT
  span, week, system_id, judge, review_reason, COUNT(outcome) AS n,
  SUM(CASE WHEN outcome THEN 1 / sampling_prob ELSE 0 END) AS correct, SUM(1 / sampling_prob) AS weight
FROM verdict
WHERE latest = 1
GROUP BY 1, 2, 3, 4, 5"""
COVERAGE = """
SELECT
  t.system_id, t.task_type, COUNT(*), COUNT(t.completed_at), COUNT(t.outcome), COUNT(t.latency_ms),
  COUNT(t.cost_amount),
  COUNT(h.task_id), COUNT(c.task_id), COUNT(v.task_id)
FROM telemetry.tasks AS t
LEFT JOIN (SELECT DISTINCT system_id, task_id FROM telemetry.human_work) AS h
  ON h.system_id = t.system_id AND h.task_id = t.task_id
LEFT JOIN (SELECT DISTINCT system_id, task_id FROM telemetry.model_calls WHERE input_tokens IS NOT NULL) AS c
  ON c.system_id = t.system_id AND c.task_id = t.task_id
LEFT JOIN (SELECT DISTINCT system_id, task_id FROM telemetry.verdicts) AS v
  ON v.system_id = t.system_id AND v.task_id = t.task_id
WHERE COALESCE(t.is_test, FALSE) = FALSE
GROUP BY t.system_id, t.task_type"""

# page -> the statements that give its figures
RAW = {
    "readout": (SUMS, ACCURACY, PERCENTILES),
    "throughput": (VOLUMES, ATTEMPTED, BACKLOG),
    "handling": (HANDLINGS, PERCENTILES, DISTRIBUTION),
    "unit_cost": (COSTS, ATTEMPTED),
    "gates": (SUMS, ACCURACY, PERCENTILES),
    "health": (COVERAGE,),
}
GROUPED_SCAN = """
SELECT
  system_id, arm, CAST(completed_at AS DATE) AS day, COUNT(*), SUM(latency_ms), SUM(handling_seconds), SUM(cost_amount)
FROM telemetry.tasks
GROUP BY 1, 2, 3"""
