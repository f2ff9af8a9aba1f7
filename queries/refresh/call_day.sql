-- title: Model calls per local day of the call's start
-- params: none
-- columns: day_local date, system_id text, task_type text, provider text, model text, purpose text, currency text,
--   bill_month date, calls bigint, tokens_n bigint, input_tokens bigint, output_tokens bigint, cache_read_tokens bigint,
--   cache_write_tokens bigint, cost_n bigint, cost decimal
WITH call AS (
  SELECT
    day_local, bill_month, system_id, task_type, provider, model, purpose, tokens_n, input_tokens, output_tokens, cache_read_tokens,
    cache_write_tokens, COALESCE(recorded, priced) AS cost,
    CASE WHEN recorded IS NOT NULL THEN recorded_currency WHEN priced IS NOT NULL THEN priced_currency ELSE '' END AS currency
  FROM work_call
  WHERE day_local IS NOT NULL
)
SELECT
  day_local AS day_local, system_id AS system_id, task_type AS task_type, provider AS provider, model AS model,
  purpose AS purpose, currency AS currency, bill_month AS bill_month, CAST(COUNT(*) AS BIGINT) AS calls, CAST(SUM(tokens_n) AS BIGINT) AS tokens_n,
  CAST(SUM(input_tokens) AS BIGINT) AS input_tokens, CAST(SUM(output_tokens) AS BIGINT) AS output_tokens,
  CAST(SUM(cache_read_tokens) AS BIGINT) AS cache_read_tokens,
  CAST(SUM(cache_write_tokens) AS BIGINT) AS cache_write_tokens,
  CAST(COUNT(cost) AS BIGINT) AS cost_n, CAST(COALESCE(SUM(cost), 0) AS DECIMAL(38,12)) AS cost
FROM call
GROUP BY day_local, system_id, task_type, provider, model, purpose, currency, bill_month
