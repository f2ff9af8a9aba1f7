-- title: Calls, tokens by class and cost per span, week, system, model and what the calls were for
-- params: from_day date, to_day date, before_from date, before_to date, systems text[], task_type text
-- columns: span text, week date, system_id text, provider text, model text, purpose text, currency text, calls bigint,
--   tokens_n bigint, input_tokens bigint, output_tokens bigint, cache_read_tokens bigint, cache_write_tokens bigint,
--   cost_n bigint, cost decimal
-- note: Every purpose: a provider is asked and paid for judging, retries, shadow work and tests too. A call whose cost is not
--   known has no currency. span is 'now' or 'before' (the comparison window).
SELECT
  m.span AS span, m.week AS week, m.system_id AS system_id, m.provider AS provider, m.model AS model,
  m.purpose AS purpose, m.currency AS currency, m.calls AS calls, m.tokens_n AS tokens_n,
  m.input_tokens AS input_tokens, m.output_tokens AS output_tokens, m.cache_read_tokens AS cache_read_tokens,
  m.cache_write_tokens AS cache_write_tokens, m.cost_n AS cost_n, m.cost AS cost
FROM (
  SELECT
    CASE WHEN r.day_local >= :from_day AND r.day_local < :to_day THEN 'now' ELSE 'before' END AS span,
    c.week_start AS week,
    r.system_id AS system_id, r.provider AS provider, r.model AS model, r.purpose AS purpose, r.currency AS currency,
    CAST(SUM(r.calls) AS BIGINT) AS calls, CAST(SUM(r.tokens_n) AS BIGINT) AS tokens_n,
    CAST(SUM(r.input_tokens) AS BIGINT) AS input_tokens, CAST(SUM(r.output_tokens) AS BIGINT) AS output_tokens,
    CAST(SUM(r.cache_read_tokens) AS BIGINT) AS cache_read_tokens,
    CAST(SUM(r.cache_write_tokens) AS BIGINT) AS cache_write_tokens,
    CAST(SUM(r.cost_n) AS BIGINT) AS cost_n, CAST(SUM(r.cost) AS DECIMAL(38,12)) AS cost
  FROM call_day AS r
  JOIN calendar_day AS c ON c.day_local = r.day_local
  WHERE r.system_id = ANY(CAST(:systems AS TEXT[]))
    AND (CAST(:task_type AS TEXT) = '' OR r.task_type = :task_type)
    AND ((r.day_local >= :from_day AND r.day_local < :to_day) OR (r.day_local >= :before_from AND r.day_local < :before_to))
  GROUP BY 1, 2, r.system_id, r.provider, r.model, r.purpose, r.currency
) AS m
ORDER BY m.span NULLS LAST, m.week NULLS LAST, m.system_id NULLS LAST, m.provider NULLS LAST, m.model NULLS LAST,
  m.purpose NULLS LAST, m.currency NULLS LAST
