-- title: The model calls of those tasks and of the dirty hours, each priced once, at the price of its day
-- params: lo timestamp, hi timestamp
-- columns: system_id text, call_id text, task_id text, task_type text, arm text, provider text, model text, purpose text,
--   hour_utc timestamp, day_local date, bill_month date, duration_us bigint, tokens_n bigint, input_tokens bigint, output_tokens bigint,
--   cache_read_tokens bigint, cache_write_tokens bigint, tokens bigint, recorded decimal, recorded_currency text,
--   priced decimal, priced_currency text
-- note: arm is that of the task, '' without one; bill_month the UTC month of the call, by which providers invoice.
--   task_id is NULL where the call belongs to no known task. Zero cost beside tokens is unknown. A call is priced only
--   where every token class that it used has a price on its day. A call of a test has the purpose 'test': it is invoiced
--   like any other, and counts in nothing else.
WITH picked AS (
  SELECT
    c.system_id AS system_id, c.call_id AS call_id, c.task_id AS task_id, c.provider AS provider, c.model AS model,
    c.purpose AS purpose, c.started_at AS started_at, c.duration_us AS duration_us, c.input_tokens AS input_tokens,
    c.output_tokens AS output_tokens, c.cache_read_tokens AS cache_read_tokens,
    c.cache_write_tokens AS cache_write_tokens, c.cost_source AS cost_source, c.cost_amount AS cost_amount,
    c.cost_currency AS cost_currency
  FROM src_model_calls AS c
  JOIN work_task AS w ON w.system_id = c.system_id AND w.task_id = c.task_id
  UNION ALL
  SELECT
    c.system_id AS system_id, c.call_id AS call_id, c.task_id AS task_id, c.provider AS provider, c.model AS model,
    c.purpose AS purpose, c.started_at AS started_at, c.duration_us AS duration_us, c.input_tokens AS input_tokens,
    c.output_tokens AS output_tokens, c.cache_read_tokens AS cache_read_tokens,
    c.cache_write_tokens AS cache_write_tokens, c.cost_source AS cost_source, c.cost_amount AS cost_amount,
    c.cost_currency AS cost_currency
  FROM src_model_calls AS c
  WHERE c.started_seek >= :lo AND c.started_seek < :hi
    AND NOT EXISTS (SELECT 1 FROM work_task AS w WHERE w.system_id = c.system_id AND w.task_id = c.task_id)
),
call AS (
  SELECT
    c.system_id AS system_id, c.call_id AS call_id, t.task_id AS task_id, COALESCE(t.task_type, '') AS task_type,
    COALESCE(t.arm, '') AS arm, COALESCE(c.provider, '') AS provider, COALESCE(c.model, '') AS model,
    CASE
      WHEN t.is_test = TRUE THEN 'test' WHEN t.arm = 'shadow' THEN 'shadow' ELSE COALESCE(c.purpose, 'serve')
    END AS purpose,
    c.started_at AS started_at, CAST(c.started_at AS DATE) AS price_day,
    CASE WHEN c.duration_us >= 0 THEN c.duration_us END AS duration_us,
    CASE WHEN c.input_tokens IS NULL AND c.output_tokens IS NULL THEN 0 ELSE 1 END AS tokens_n,
    COALESCE(c.input_tokens, 0) AS input_tokens, COALESCE(c.output_tokens, 0) AS output_tokens,
    COALESCE(c.cache_read_tokens, 0) AS cache_read_tokens, COALESCE(c.cache_write_tokens, 0) AS cache_write_tokens,
    COALESCE(c.input_tokens, 0) + COALESCE(c.output_tokens, 0) + COALESCE(c.cache_read_tokens, 0)
      + COALESCE(c.cache_write_tokens, 0) AS tokens,
    CASE WHEN c.cost_source = 'unknown' THEN NULL ELSE c.cost_amount END AS cost_amount,
    COALESCE(c.cost_currency, '') AS cost_currency
  FROM picked AS c
  LEFT JOIN src_tasks AS t ON t.system_id = c.system_id AND t.task_id = c.task_id
),
classed AS (
  SELECT
    c.system_id AS system_id, c.call_id AS call_id,
    CAST(COALESCE(SUM(c.class_tokens * b.per_token), 0) AS DECIMAL(38,12)) AS priced,
    SUM(CASE WHEN b.per_token IS NULL THEN 1 ELSE 0 END) AS unpriced,
    MAX(b.currency) AS currency, MIN(b.currency) AS other_currency
  FROM (
    SELECT system_id, call_id, provider, model, price_day, 'input' AS token_class, input_tokens AS class_tokens
    FROM call WHERE input_tokens > 0
    UNION ALL
    SELECT system_id, call_id, provider, model, price_day, 'output' AS token_class, output_tokens AS class_tokens
    FROM call WHERE output_tokens > 0
    UNION ALL
    SELECT system_id, call_id, provider, model, price_day, 'cache_read' AS token_class, cache_read_tokens AS class_tokens
    FROM call WHERE cache_read_tokens > 0
    UNION ALL
    SELECT system_id, call_id, provider, model, price_day, 'cache_write' AS token_class, cache_write_tokens AS class_tokens
    FROM call WHERE cache_write_tokens > 0
  ) AS c
  LEFT JOIN price_book AS b
    ON b.provider = c.provider AND b.model = c.model AND b.token_class = c.token_class
    AND c.price_day >= b.valid_from AND c.price_day < b.valid_to
  GROUP BY c.system_id, c.call_id
)
SELECT
  c.system_id AS system_id, c.call_id AS call_id, c.task_id AS task_id, c.task_type AS task_type, c.arm AS arm, c.provider AS provider,
  c.model AS model, c.purpose AS purpose, h.hour_utc AS hour_utc, h.day_local AS day_local, h.bill_month AS bill_month, c.duration_us AS duration_us,
  c.tokens_n AS tokens_n, c.input_tokens AS input_tokens, c.output_tokens AS output_tokens,
  c.cache_read_tokens AS cache_read_tokens, c.cache_write_tokens AS cache_write_tokens, c.tokens AS tokens,
  CASE WHEN c.cost_amount = 0 AND c.tokens > 0 THEN NULL ELSE c.cost_amount END AS recorded,
  c.cost_currency AS recorded_currency,
  CASE WHEN k.unpriced = 0 AND k.priced <> 0 AND k.currency = k.other_currency THEN k.priced END AS priced,
  COALESCE(k.currency, '') AS priced_currency
FROM call AS c
LEFT JOIN classed AS k ON k.system_id = c.system_id AND k.call_id = c.call_id
LEFT JOIN calendar_hour AS h
  ON date_trunc('hour', c.started_at) = h.hour_utc AND c.started_at >= h.from_utc AND c.started_at < h.to_utc
