-- title: What every gate is decided on: counts, sums, reviews, percentiles and line counts per week or day
-- params: grain text, from_day date, to_day date, systems text[], compared text[]
-- columns: bucket date, system_id text, arm text, major_at timestamp, stray text, part text, metric text, task_type text,
--   judge text, review_reason text, line_us bigint, n bigint, good bigint, at_line bigint, total double, squares double,
--   cross double, w double, w2 double, w_correct double, p50_us double, p90_us double, p95_us double, p99_us double
-- note: One row per fact; what a part does not have is 0. arm: ai (alone, assisted, and calls tied to no task), shadow or
--   human. major_at: start of the major release that the tasks ran on, where it is recorded; stray: the id of a release
--   that is not; neither: the task names no release. part count: good of n; time: n, total and squares in µs, handling by
--   task type too; percentile: nearest rank, error at most 1 %; line: good of n lie under line_us, at_line on it; verdict:
--   good of n can tell, at_line judged, w in billionths; day_ratio: n days, their numerator total in millionths, its
--   squares, cross with the denominator w, whose squares are w2; histogram: n in the step line_us, only for the
--   systems/metrics that are `compared`.
WITH known_release AS (
  SELECT
    r.system_id AS system_id, r.release_id AS release_id,
    MAX(CASE WHEN r.change_class = 'major' THEN r.started_at END) OVER (
      PARTITION BY r.system_id ORDER BY r.started_at NULLS LAST, r.release_id NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS major_at
  FROM releases AS r
),
day_bucket AS (
  SELECT c.day_local AS day_local, CASE WHEN CAST(:grain AS TEXT) = 'day' THEN c.day_local ELSE c.week_start END AS bucket
  FROM calendar_day AS c
  WHERE c.day_local >= :from_day AND c.day_local < :to_day
),
work AS (
  SELECT
    b.bucket AS bucket, r.day_local AS day_local, r.system_id AS system_id,
    CASE WHEN r.arm IN ('ai_auto', 'ai_assisted', '') THEN 'ai' ELSE r.arm END AS arm,
    k.major_at AS major_at, CASE WHEN k.release_id IS NULL THEN r.release_id ELSE '' END AS stray,
    r.task_type AS task_type, r.currency AS currency, SUM(r.attempted) AS attempted, SUM(r.completed) AS completed,
    SUM(r.accepted) AS accepted, SUM(r.autonomous) AS autonomous, SUM(r.reopened) AS reopened,
    SUM(r.escalated) AS escalated, SUM(r.escalated_ai_wrong) AS escalated_ai_wrong, SUM(r.review_due) AS review_due,
    SUM(r.settled) AS settled, SUM(r.failed) AS failed, SUM(r.fallback) AS fallback, SUM(r.handling_n) AS handling_n,
    SUM(r.handling_us) AS handling_us, SUM(r.handling_us2) AS handling_us2, SUM(r.cycle_n) AS cycle_n,
    SUM(r.cycle_us) AS cycle_us, SUM(r.cycle_us2) AS cycle_us2, SUM(r.latency_n) AS latency_n,
    SUM(r.latency_us) AS latency_us, SUM(r.latency_us2) AS latency_us2,
    SUM(CASE WHEN r.arm = '' THEN r.unlinked_calls ELSE r.settled END) AS cost_wanted,
    SUM(r.cost_n + r.unlinked_priced) AS cost_known, SUM(r.cost + r.unlinked_cost) AS cost,
    SUM(r.people_n) AS people_n, SUM(r.people_priced) AS people_priced, SUM(r.people_cost) AS people_cost
  FROM rollup_day AS r
  JOIN day_bucket AS b ON b.day_local = r.day_local
  LEFT JOIN known_release AS k ON k.system_id = r.system_id AND k.release_id = r.release_id
  WHERE r.system_id = ANY(CAST(:systems AS TEXT[]))
  GROUP BY b.bucket, r.day_local, r.system_id, 4, k.major_at, 6, r.task_type, r.currency
),
total AS (
  SELECT
    bucket, system_id, arm, major_at, stray, SUM(attempted) AS attempted, SUM(completed) AS completed,
    SUM(accepted) AS accepted, SUM(autonomous) AS autonomous, SUM(reopened) AS reopened, SUM(escalated) AS escalated,
    SUM(escalated_ai_wrong) AS escalated_ai_wrong, SUM(review_due) AS review_due, SUM(settled) AS settled,
    SUM(failed) AS failed, SUM(fallback) AS fallback, SUM(cycle_n) AS cycle_n, SUM(cycle_us) AS cycle_us,
    SUM(cycle_us2) AS cycle_us2, SUM(latency_n) AS latency_n, SUM(latency_us) AS latency_us,
    SUM(latency_us2) AS latency_us2, SUM(cost_wanted) AS cost_wanted, SUM(cost_known) AS cost_known,
    SUM(people_n) AS people_n, SUM(people_priced) AS people_priced
  FROM work
  GROUP BY bucket, system_id, arm, major_at, stray
),
day_cost AS (
  SELECT
    bucket, day_local, system_id, arm, major_at, stray, currency,
    CAST(SUM(cost) * 1000000 AS DECIMAL(38,0)) AS cost,
    CAST(SUM(cost + people_cost) * 1000000 AS DECIMAL(38,0)) AS with_people
  FROM work
  WHERE currency <> ''
  GROUP BY bucket, day_local, system_id, arm, major_at, stray, currency
),
day_accepted AS (
  SELECT
    day_local, system_id, arm, major_at, stray, CAST(SUM(accepted) AS DECIMAL(38,0)) AS accepted,
    CAST(SUM(settled) AS DECIMAL(38,0)) AS settled
  FROM work
  GROUP BY day_local, system_id, arm, major_at, stray
),
day_ratio AS (
  SELECT
    c.bucket AS bucket, c.system_id AS system_id, c.arm AS arm, c.major_at AS major_at, c.stray AS stray,
    m.metric AS metric, c.currency AS currency,
    CASE WHEN m.metric = 'with_people_cost_per_accepted_task' THEN c.with_people ELSE c.cost END AS x,
    CASE WHEN m.metric = 'cost_per_task' THEN a.settled ELSE a.accepted END AS y
  FROM day_cost AS c
  JOIN day_accepted AS a
    ON a.day_local = c.day_local AND a.system_id = c.system_id AND a.arm = c.arm AND a.stray = c.stray
    AND COALESCE(a.major_at, CAST('1900-01-01' AS TIMESTAMP)) = COALESCE(c.major_at, CAST('1900-01-01' AS TIMESTAMP))
  CROSS JOIN (
    SELECT 'cost_per_task' AS metric UNION ALL SELECT 'cost_per_accepted_task' AS metric
    UNION ALL SELECT 'with_people_cost_per_accepted_task' AS metric
  ) AS m
),
hist AS (
  SELECT
    b.bucket AS bucket, r.system_id AS system_id,
    CASE WHEN r.arm IN ('ai_auto', 'ai_assisted', '') THEN 'ai' ELSE r.arm END AS arm,
    k.major_at AS major_at, CASE WHEN k.release_id IS NULL THEN r.release_id ELSE '' END AS stray,
    r.metric AS metric, r.bucket AS step, CAST(SUM(r.n) AS BIGINT) AS n
  FROM hist_day AS r
  JOIN day_bucket AS b ON b.day_local = r.day_local
  LEFT JOIN known_release AS k ON k.system_id = r.system_id AND k.release_id = r.release_id
  WHERE r.system_id = ANY(CAST(:systems AS TEXT[])) AND r.metric IN ('latency', 'handling', 'cycle')
  GROUP BY b.bucket, r.system_id, 3, k.major_at, 5, r.metric, r.bucket
),
ranked AS (
  SELECT
    bucket, system_id, arm, major_at, stray, metric, step,
    SUM(n) OVER (
      PARTITION BY bucket, system_id, arm, major_at, stray, metric ORDER BY step NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS upto,
    SUM(n) OVER (
      PARTITION BY bucket, system_id, arm, major_at, stray, metric
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS whole
  FROM hist
),
rank_step AS (
  SELECT
    bucket, system_id, arm, major_at, stray, metric, MAX(whole) AS n,
    MIN(CASE WHEN upto * 100 >= whole * 50 THEN step END) AS p50,
    MIN(CASE WHEN upto * 100 >= whole * 90 THEN step END) AS p90,
    MIN(CASE WHEN upto * 100 >= whole * 95 THEN step END) AS p95,
    MIN(CASE WHEN upto * 100 >= whole * 99 THEN step END) AS p99
  FROM ranked
  GROUP BY bucket, system_id, arm, major_at, stray, metric
),
fact AS (
  SELECT
    t.bucket AS bucket, t.system_id AS system_id, t.arm AS arm, t.major_at AS major_at, t.stray AS stray,
    'count' AS part, m.metric AS metric, '' AS task_type, '' AS judge, '' AS review_reason, 0 AS line_us,
    CASE
      WHEN m.metric IN ('fallback_rate', 'failure_rate') THEN t.settled
      WHEN m.metric = 'cost_coverage' THEN t.cost_wanted
      WHEN m.metric = 'people_coverage' THEN t.people_n
      WHEN m.metric = 'attempted' THEN t.attempted
      ELSE t.completed
    END AS n,
    CASE
      WHEN m.metric = 'escalation_rate' THEN t.escalated
      WHEN m.metric = 'escalation_wrong' THEN t.escalated_ai_wrong
      WHEN m.metric = 'fallback_rate' THEN t.fallback
      WHEN m.metric = 'failure_rate' THEN t.failed
      WHEN m.metric = 'reopen_rate' THEN t.reopened
      WHEN m.metric = 'autonomy_share' THEN t.autonomous
      WHEN m.metric = 'accepted_share' THEN t.accepted
      WHEN m.metric = 'review_due' THEN t.review_due
      WHEN m.metric = 'cost_coverage' THEN t.cost_known
      WHEN m.metric = 'people_coverage' THEN t.people_priced
      ELSE t.attempted
    END AS good,
    0 AS at_line, CAST(0 AS DOUBLE PRECISION) AS total, CAST(0 AS DOUBLE PRECISION) AS squares,
    CAST(0 AS DOUBLE PRECISION) AS cross_sum, CAST(0 AS DOUBLE PRECISION) AS w, CAST(0 AS DOUBLE PRECISION) AS w2,
    CAST(0 AS DOUBLE PRECISION) AS w_correct, CAST(NULL AS BIGINT) AS p50, CAST(NULL AS BIGINT) AS p90,
    CAST(NULL AS BIGINT) AS p95, CAST(NULL AS BIGINT) AS p99
  FROM total AS t
  CROSS JOIN (
    SELECT 'attempted' AS metric UNION ALL SELECT 'accepted_share' AS metric UNION ALL SELECT 'autonomy_share' AS metric
    UNION ALL SELECT 'escalation_rate' AS metric UNION ALL SELECT 'escalation_wrong' AS metric
    UNION ALL SELECT 'fallback_rate' AS metric UNION ALL SELECT 'failure_rate' AS metric
    UNION ALL SELECT 'reopen_rate' AS metric UNION ALL SELECT 'review_due' AS metric
    UNION ALL SELECT 'cost_coverage' AS metric UNION ALL SELECT 'people_coverage' AS metric
  ) AS m
  UNION ALL
  SELECT
    bucket, system_id, arm, major_at, stray, 'time' AS part, 'handling' AS metric, task_type, '' AS judge,
    '' AS review_reason, 0 AS line_us, SUM(handling_n) AS n, SUM(completed) AS good, 0 AS at_line,
    CAST(SUM(handling_us) AS DOUBLE PRECISION) AS total, CAST(SUM(handling_us2) AS DOUBLE PRECISION) AS squares,
    0 AS cross_sum, 0 AS w, 0 AS w2, 0 AS w_correct, NULL AS p50, NULL AS p90, NULL AS p95, NULL AS p99
  FROM work
  GROUP BY bucket, system_id, arm, major_at, stray, task_type
  UNION ALL
  SELECT
    bucket, system_id, arm, major_at, stray, 'time' AS part, 'cycle' AS metric, '' AS task_type, '' AS judge,
    '' AS review_reason, 0 AS line_us, cycle_n AS n, completed AS good, 0 AS at_line,
    CAST(cycle_us AS DOUBLE PRECISION) AS total, CAST(cycle_us2 AS DOUBLE PRECISION) AS squares,
    0 AS cross_sum, 0 AS w, 0 AS w2, 0 AS w_correct, NULL AS p50, NULL AS p90, NULL AS p95, NULL AS p99
  FROM total
  UNION ALL
  SELECT
    bucket, system_id, arm, major_at, stray, 'time' AS part, 'latency' AS metric, '' AS task_type, '' AS judge,
    '' AS review_reason, 0 AS line_us, latency_n AS n, completed AS good, 0 AS at_line,
    CAST(latency_us AS DOUBLE PRECISION) AS total, CAST(latency_us2 AS DOUBLE PRECISION) AS squares,
    0 AS cross_sum, 0 AS w, 0 AS w2, 0 AS w_correct, NULL AS p50, NULL AS p90, NULL AS p95, NULL AS p99
  FROM total
  UNION ALL
  SELECT
    bucket, system_id, arm, major_at, stray, 'percentile' AS part, metric, '' AS task_type, '' AS judge,
    '' AS review_reason, 0 AS line_us, n, 0 AS good, 0 AS at_line, 0 AS total, 0 AS squares, 0 AS cross_sum, 0 AS w,
    0 AS w2, 0 AS w_correct, p50, p90, p95, p99
  FROM rank_step
  UNION ALL
  SELECT
    bucket, system_id, arm, major_at, stray, 'histogram' AS part, metric, '' AS task_type, '' AS judge,
    '' AS review_reason, step AS line_us, n, 0 AS good, 0 AS at_line, 0 AS total, 0 AS squares, 0 AS cross_sum, 0 AS w,
    0 AS w2, 0 AS w_correct, step AS p50, NULL AS p90, NULL AS p95, NULL AS p99
  FROM hist
  WHERE system_id || '/' || metric = ANY(CAST(:compared AS TEXT[]))
  UNION ALL
  SELECT
    bucket, system_id, arm, major_at, stray, 'day_ratio' AS part, metric, '' AS task_type, currency AS judge,
    '' AS review_reason, 0 AS line_us, COUNT(*) AS n, 0 AS good, 0 AS at_line,
    CAST(SUM(x) AS DOUBLE PRECISION) AS total,
    CAST(SUM(CAST(x AS DECIMAL(18,0)) * CAST(x AS DECIMAL(18,0))) AS DOUBLE PRECISION) AS squares,
    CAST(SUM(CAST(x AS DECIMAL(18,0)) * CAST(y AS DECIMAL(18,0))) AS DOUBLE PRECISION) AS cross_sum,
    CAST(SUM(y) AS DOUBLE PRECISION) AS w,
    CAST(SUM(CAST(y AS DECIMAL(18,0)) * CAST(y AS DECIMAL(18,0))) AS DOUBLE PRECISION) AS w2, 0 AS w_correct, NULL AS p50,
    NULL AS p90, NULL AS p95, NULL AS p99
  FROM day_ratio
  GROUP BY bucket, system_id, arm, major_at, stray, metric, currency
  UNION ALL
  SELECT
    b.bucket AS bucket, r.system_id AS system_id,
    CASE WHEN r.arm IN ('ai_auto', 'ai_assisted', '') THEN 'ai' ELSE r.arm END AS arm,
    k.major_at AS major_at, CASE WHEN k.release_id IS NULL THEN r.release_id ELSE '' END AS stray,
    'line' AS part, r.metric AS metric, '' AS task_type, '' AS judge, '' AS review_reason, r.line_us AS line_us,
    SUM(r.n) AS n, SUM(r.n_under) AS good, SUM(r.n_at) AS at_line, 0 AS total, 0 AS squares, 0 AS cross_sum, 0 AS w,
    0 AS w2, 0 AS w_correct, NULL AS p50, NULL AS p90, NULL AS p95, NULL AS p99
  FROM line_day AS r
  JOIN day_bucket AS b ON b.day_local = r.day_local
  LEFT JOIN known_release AS k ON k.system_id = r.system_id AND k.release_id = r.release_id
  WHERE r.system_id = ANY(CAST(:systems AS TEXT[]))
  GROUP BY b.bucket, r.system_id, 3, k.major_at, 5, r.metric, r.line_us
  UNION ALL
  SELECT
    b.bucket AS bucket, r.system_id AS system_id,
    CASE WHEN r.arm IN ('ai_auto', 'ai_assisted', '') THEN 'ai' ELSE r.arm END AS arm,
    k.major_at AS major_at, CASE WHEN k.release_id IS NULL THEN r.release_id ELSE '' END AS stray,
    'verdict' AS part, r.metric AS metric, '' AS task_type, r.judge AS judge, r.review_reason AS review_reason,
    0 AS line_us, SUM(r.n) AS n, SUM(r.correct) AS good, SUM(r.judged) AS at_line,
    CAST(SUM(r.prob_n) AS DOUBLE PRECISION) AS total, 0 AS squares, 0 AS cross_sum,
    CAST(SUM(r.w) AS DOUBLE PRECISION) AS w, CAST(SUM(r.w2) AS DOUBLE PRECISION) AS w2,
    CAST(SUM(r.w_correct) AS DOUBLE PRECISION) AS w_correct, NULL AS p50, NULL AS p90, NULL AS p95, NULL AS p99
  FROM rollup_verdict_day AS r
  JOIN day_bucket AS b ON b.day_local = r.day_local
  LEFT JOIN known_release AS k ON k.system_id = r.system_id AND k.release_id = r.release_id
  WHERE r.system_id = ANY(CAST(:systems AS TEXT[]))
  GROUP BY b.bucket, r.system_id, 3, k.major_at, 5, r.metric, r.judge, r.review_reason
)
SELECT
  f.bucket AS bucket, f.system_id AS system_id, f.arm AS arm, f.major_at AS major_at, f.stray AS stray, f.part AS part,
  f.metric AS metric, f.task_type AS task_type, f.judge AS judge, f.review_reason AS review_reason,
  CAST(f.line_us AS BIGINT) AS line_us, CAST(f.n AS BIGINT) AS n, CAST(f.good AS BIGINT) AS good,
  CAST(f.at_line AS BIGINT) AS at_line, f.total AS total, f.squares AS squares, f.cross_sum AS cross, f.w AS w,
  f.w2 AS w2, f.w_correct AS w_correct,
  CASE
    WHEN f.p50 = -1 THEN CAST(0 AS DOUBLE PRECISION)
    ELSE EXP(CAST(f.p50 AS DOUBLE PRECISION) / CAST(49.99833328888678 AS DOUBLE PRECISION))
      * CAST(0.99 AS DOUBLE PRECISION)
  END AS p50_us,
  CASE
    WHEN f.p90 = -1 THEN CAST(0 AS DOUBLE PRECISION)
    ELSE EXP(CAST(f.p90 AS DOUBLE PRECISION) / CAST(49.99833328888678 AS DOUBLE PRECISION))
      * CAST(0.99 AS DOUBLE PRECISION)
  END AS p90_us,
  CASE
    WHEN f.p95 = -1 THEN CAST(0 AS DOUBLE PRECISION)
    ELSE EXP(CAST(f.p95 AS DOUBLE PRECISION) / CAST(49.99833328888678 AS DOUBLE PRECISION))
      * CAST(0.99 AS DOUBLE PRECISION)
  END AS p95_us,
  CASE
    WHEN f.p99 = -1 THEN CAST(0 AS DOUBLE PRECISION)
    ELSE EXP(CAST(f.p99 AS DOUBLE PRECISION) / CAST(49.99833328888678 AS DOUBLE PRECISION))
      * CAST(0.99 AS DOUBLE PRECISION)
  END AS p99_us
FROM fact AS f
ORDER BY f.bucket NULLS LAST, f.system_id NULLS LAST, f.arm NULLS LAST, f.major_at NULLS LAST, f.stray NULLS LAST,
  f.part NULLS LAST, f.metric NULLS LAST, f.task_type NULLS LAST, f.judge NULLS LAST, f.review_reason NULLS LAST,
  f.line_us NULLS LAST
