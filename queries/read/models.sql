-- title: Calls, tokens and cost of one system per span, model and what it was called for
-- params: from_day date, to_day date, before_from date, before_to date, system text, task_type text
-- columns: span text, provider text, model text, purpose text, currency text, calls bigint, tokens_n bigint,
--   input_tokens bigint, output_tokens bigint, cost_n bigint, cost decimal
-- note: A retry serves as well. The cost is the recorded one, else tokens at the price of the day.
SELECT
  m.span AS span, m.provider AS provider, m.model AS model, m.purpose AS purpose, m.currency AS currency,
  CAST(SUM(m.calls) AS BIGINT) AS calls, CAST(SUM(m.tokens_n) AS BIGINT) AS tokens_n,
  CAST(SUM(m.input_tokens) AS BIGINT) AS input_tokens, CAST(SUM(m.output_tokens) AS BIGINT) AS output_tokens,
  CAST(SUM(m.cost_n) AS BIGINT) AS cost_n, CAST(SUM(m.cost) AS DECIMAL(38,12)) AS cost
FROM (
  SELECT
    CASE WHEN r.day_local >= :from_day AND r.day_local < :to_day THEN 'now' ELSE 'before' END AS span,
    CASE WHEN r.purpose = 'retry' THEN 'serve' ELSE r.purpose END AS purpose,
    r.provider, r.model, r.currency, r.calls, r.tokens_n, r.input_tokens, r.output_tokens, r.cost_n, r.cost
  FROM call_day AS r
  WHERE r.system_id = CAST(:system AS TEXT) AND (CAST(:task_type AS TEXT) = '' OR r.task_type = :task_type)
    AND ((r.day_local >= :from_day AND r.day_local < :to_day) OR (r.day_local >= :before_from AND r.day_local < :before_to))
) AS m
GROUP BY m.span, m.provider, m.model, m.purpose, m.currency
ORDER BY m.span NULLS LAST, m.provider NULLS LAST, m.model NULLS LAST, m.purpose NULLS LAST, m.currency NULLS LAST
