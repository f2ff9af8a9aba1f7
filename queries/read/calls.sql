-- title: Calls, tokens and recorded cost per span, bucket and system, serving calls and their retries
-- params: grain text, from_day date, to_day date, before_from date, before_to date, systems text[], task_type text
-- columns: span text, bucket date, system_id text, calls bigint, tokens_n bigint, input_tokens bigint,
--   output_tokens bigint, cost_n bigint
SELECT
  m.span AS span, m.bucket AS bucket, m.system_id AS system_id, m.calls AS calls, m.tokens_n AS tokens_n,
  m.input_tokens AS input_tokens, m.output_tokens AS output_tokens, m.cost_n AS cost_n
FROM (
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
    r.system_id AS system_id, CAST(SUM(r.calls) AS BIGINT) AS calls, CAST(SUM(r.tokens_n) AS BIGINT) AS tokens_n,
    CAST(SUM(r.input_tokens) AS BIGINT) AS input_tokens, CAST(SUM(r.output_tokens) AS BIGINT) AS output_tokens,
    CAST(SUM(r.cost_n) AS BIGINT) AS cost_n
  FROM call_day AS r
  JOIN calendar_day AS c ON c.day_local = r.day_local
  WHERE r.purpose IN ('serve', 'retry') AND r.system_id = ANY(CAST(:systems AS TEXT[]))
    AND (CAST(:task_type AS TEXT) = '' OR r.task_type = :task_type)
    AND ((r.day_local >= :from_day AND r.day_local < :to_day) OR (r.day_local >= :before_from AND r.day_local < :before_to))
  GROUP BY 1, 2, r.system_id
) AS m
ORDER BY m.span NULLS LAST, m.bucket NULLS LAST, m.system_id NULLS LAST
