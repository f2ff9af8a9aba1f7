-- title: Tokens by class and cost of serving calls and their retries per span, system, task type and model
-- params: from_day date, to_day date, before_from date, before_to date, systems text[], task_type text
-- columns: span text, system_id text, task_type text, provider text, model text, currency text, calls bigint,
--   input_tokens bigint, output_tokens bigint, cache_read_tokens bigint, cache_write_tokens bigint, cost_n bigint,
--   cost decimal
-- note: Calls by the local day of their start. A call whose cost is not known has no currency.
SELECT
  m.span AS span, m.system_id AS system_id, m.task_type AS task_type, m.provider AS provider, m.model AS model,
  m.currency AS currency, CAST(SUM(m.calls) AS BIGINT) AS calls, CAST(SUM(m.input_tokens) AS BIGINT) AS input_tokens,
  CAST(SUM(m.output_tokens) AS BIGINT) AS output_tokens, CAST(SUM(m.cache_read_tokens) AS BIGINT) AS cache_read_tokens,
  CAST(SUM(m.cache_write_tokens) AS BIGINT) AS cache_write_tokens, CAST(SUM(m.cost_n) AS BIGINT) AS cost_n,
  CAST(SUM(m.cost) AS DECIMAL(38,12)) AS cost
FROM (
  SELECT
    CASE WHEN r.day_local >= :from_day AND r.day_local < :to_day THEN 'now' ELSE 'before' END AS span,
    r.system_id, r.task_type, r.provider, r.model, r.currency, r.calls, r.input_tokens, r.output_tokens,
    r.cache_read_tokens, r.cache_write_tokens, r.cost_n, r.cost
  FROM call_day AS r
  WHERE r.purpose IN ('serve', 'retry') AND r.system_id = ANY(CAST(:systems AS TEXT[]))
    AND (CAST(:task_type AS TEXT) = '' OR r.task_type = :task_type)
    AND ((r.day_local >= :from_day AND r.day_local < :to_day) OR (r.day_local >= :before_from AND r.day_local < :before_to))
) AS m
GROUP BY m.span, m.system_id, m.task_type, m.provider, m.model, m.currency
ORDER BY m.span NULLS LAST, m.system_id NULLS LAST, m.task_type NULLS LAST, m.provider NULLS LAST, m.model NULLS LAST,
  m.currency NULLS LAST
