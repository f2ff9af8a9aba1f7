-- title: The busiest tenth of hours against the rest, per system: latency under its line, and verdicts
-- params: from_utc timestamp, to_utc timestamp, systems text[]
-- columns: system_id text, busy boolean, judge text, hours bigint, attempted bigint, n bigint, good bigint, latency_us double
-- note: judge '' = latency: n tasks with a latency, good of them under the system's lowest line. Otherwise verdicts of
--   random or unstated reviews: n that can tell, good of them correct. Hours without a task are no hours; of hours with
--   equally many tasks the earlier is the busier one.
WITH hour AS (
  SELECT
    system_id, hour_utc,
    SUM(attempted) AS attempted,
    SUM(CASE WHEN arm IN ('ai_auto', 'ai_assisted') THEN latency_n ELSE 0 END) AS latency_n,
    SUM(CASE WHEN arm IN ('ai_auto', 'ai_assisted') THEN latency_under ELSE 0 END) AS latency_under,
    SUM(CASE WHEN arm IN ('ai_auto', 'ai_assisted') THEN latency_us ELSE 0 END) AS latency_us
  FROM rollup_hour
  WHERE arm <> 'shadow' AND system_id = ANY(CAST(:systems AS TEXT[])) AND hour_utc >= :from_utc AND hour_utc < :to_utc
  GROUP BY system_id, hour_utc
  HAVING SUM(attempted) > 0
),
ranked AS (
  SELECT
    h.system_id AS system_id, h.hour_utc AS hour_utc, h.attempted AS attempted, h.latency_n AS latency_n,
    h.latency_under AS latency_under, h.latency_us AS latency_us,
    10 * (ROW_NUMBER() OVER (PARTITION BY h.system_id ORDER BY h.attempted DESC NULLS LAST, h.hour_utc NULLS LAST) - 1)
      < COUNT(*) OVER (PARTITION BY h.system_id) AS busy
  FROM hour AS h
),
verdict AS (
  SELECT
    k.system_id AS system_id, k.busy AS busy, v.judge AS judge, SUM(v.n) AS n, SUM(v.correct) AS good
  FROM ranked AS k
  JOIN rollup_verdict_hour AS v ON v.system_id = k.system_id AND v.hour_utc = k.hour_utc
  WHERE v.metric = 'correct' AND v.review_reason IN ('', 'random') AND v.arm IN ('ai_auto', 'ai_assisted')
  GROUP BY k.system_id, k.busy, v.judge
),
both_kinds AS (
  SELECT
    system_id, busy, '' AS judge, COUNT(*) AS hours, SUM(attempted) AS attempted, SUM(latency_n) AS n,
    SUM(latency_under) AS good, SUM(latency_us) AS latency_us
  FROM ranked
  GROUP BY system_id, busy
  UNION ALL
  SELECT system_id, busy, judge, 0 AS hours, 0 AS attempted, n, good, CAST(0 AS DECIMAL(38,0)) AS latency_us
  FROM verdict
)
SELECT
  b.system_id AS system_id, b.busy AS busy, b.judge AS judge, CAST(b.hours AS BIGINT) AS hours,
  CAST(b.attempted AS BIGINT) AS attempted, CAST(b.n AS BIGINT) AS n, CAST(b.good AS BIGINT) AS good,
  CAST(b.latency_us AS DOUBLE PRECISION) AS latency_us
FROM both_kinds AS b
ORDER BY b.system_id NULLS LAST, b.busy NULLS LAST, b.judge NULLS LAST
