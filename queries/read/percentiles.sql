-- title: Percentiles per span, bucket and system, and for all systems together, from the histogram
-- params: grain text, from_day date, to_day date, before_from date, before_to date, systems text[]
-- columns: span text, bucket date, whole bigint, system_id text, metric text, n bigint, p50_us double, p95_us double,
--   p99_us double
-- note: Nearest rank, relative error at most 1 %. whole = 1: the whole span; system_id '' = all systems. Shadow rows are not in this table.
WITH h AS (
  SELECT
    CASE WHEN r.day_local >= :from_day AND r.day_local < :to_day THEN 'now' ELSE 'before' END AS span,
    CASE
      WHEN CAST(:grain AS TEXT) = 'day' THEN c.day_local
      WHEN CAST(:grain AS TEXT) = 'week' THEN c.week_start
      WHEN CAST(:grain AS TEXT) = 'month' THEN c.month_start
      WHEN CAST(:grain AS TEXT) = 'quarter' THEN c.quarter_start
      WHEN CAST(:grain AS TEXT) = 'year' THEN c.year_start
      WHEN CAST(:grain AS TEXT) = 'fiscal_month' THEN c.fiscal_month_start
      WHEN CAST(:grain AS TEXT) = 'fiscal_quarter' THEN c.fiscal_quarter_start
      WHEN CAST(:grain AS TEXT) = 'fiscal_year' THEN c.fiscal_year_start
      ELSE CAST(:from_day AS DATE)
    END AS bucket,
    r.system_id AS system_id, r.metric AS metric, r.bucket AS step, CAST(SUM(r.n) AS BIGINT) AS n
  FROM hist_day_system AS r
  JOIN calendar_day AS c ON c.day_local = r.day_local
  WHERE r.system_id = ANY(CAST(:systems AS TEXT[]))
    AND ((r.day_local >= :from_day AND r.day_local < :to_day) OR (r.day_local >= :before_from AND r.day_local < :before_to))
  GROUP BY 1, 2, r.system_id, r.metric, r.bucket
),
cell AS (
  SELECT span, bucket, 0 AS whole, system_id, metric, step, n FROM h
  UNION ALL
  SELECT span, bucket, 0 AS whole, '' AS system_id, metric, step, CAST(SUM(n) AS BIGINT) AS n
  FROM h GROUP BY span, bucket, metric, step
  UNION ALL
  SELECT span, CAST(:from_day AS DATE) AS bucket, 1 AS whole, system_id, metric, step, CAST(SUM(n) AS BIGINT) AS n
  FROM h GROUP BY span, system_id, metric, step
  UNION ALL
  SELECT span, CAST(:from_day AS DATE) AS bucket, 1 AS whole, '' AS system_id, metric, step, CAST(SUM(n) AS BIGINT) AS n
  FROM h GROUP BY span, metric, step
),
ranked AS (
  SELECT
    span, bucket, whole, system_id, metric, step,
    SUM(n) OVER (
      PARTITION BY span, bucket, whole, system_id, metric ORDER BY step NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS upto,
    SUM(n) OVER (
      PARTITION BY span, bucket, whole, system_id, metric
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS total
  FROM cell
),
rank_step AS (
  SELECT
    span, bucket, whole, system_id, metric, CAST(MAX(total) AS BIGINT) AS n,
    MIN(CASE WHEN upto * 100 >= total * 50 THEN step END) AS p50,
    MIN(CASE WHEN upto * 100 >= total * 95 THEN step END) AS p95,
    MIN(CASE WHEN upto * 100 >= total * 99 THEN step END) AS p99
  FROM ranked
  GROUP BY span, bucket, whole, system_id, metric
)
SELECT
  s.span AS span, s.bucket AS bucket, CAST(s.whole AS BIGINT) AS whole, s.system_id AS system_id, s.metric AS metric,
  s.n AS n,
  CASE
    WHEN s.p50 = -1 THEN CAST(0 AS DOUBLE PRECISION)
    ELSE EXP(CAST(s.p50 AS DOUBLE PRECISION) / CAST(49.99833328888678 AS DOUBLE PRECISION))
      * CAST(0.99 AS DOUBLE PRECISION)
  END AS p50_us,
  CASE
    WHEN s.p95 = -1 THEN CAST(0 AS DOUBLE PRECISION)
    ELSE EXP(CAST(s.p95 AS DOUBLE PRECISION) / CAST(49.99833328888678 AS DOUBLE PRECISION))
      * CAST(0.99 AS DOUBLE PRECISION)
  END AS p95_us,
  CASE
    WHEN s.p99 = -1 THEN CAST(0 AS DOUBLE PRECISION)
    ELSE EXP(CAST(s.p99 AS DOUBLE PRECISION) / CAST(49.99833328888678 AS DOUBLE PRECISION))
      * CAST(0.99 AS DOUBLE PRECISION)
  END AS p99_us
FROM rank_step AS s
ORDER BY s.span NULLS LAST, s.bucket NULLS LAST, s.whole NULLS LAST, s.system_id NULLS LAST, s.metric NULLS LAST
