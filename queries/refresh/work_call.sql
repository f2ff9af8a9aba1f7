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
    c.system_id AS system_id, c.call_id AS call_id, w.task_id AS task_id, w.task_type AS task_type, w.arm AS arm,
    FALSE AS is_test, c.provider AS provider, c.model AS model, c.purpose AS purpose, c.started_at AS started_at,
    c.duration_us AS duration_us, c.input_tokens AS input_tokens, c.output_tokens AS output_tokens,
    c.cache_read_tokens AS cache_read_tokens, c.cache_write_tokens AS cache_write_tokens,
    c.cost_source AS cost_source, c.cost_amount AS cost_amount, c.cost_currency AS cost_currency
  FROM src_model_calls AS c
  JOIN work_task AS w ON w.system_id = c.system_id AND w.task_id = c.task_id
  UNION ALL
  SELECT
    c.system_id AS system_id, c.call_id AS call_id, t.task_id AS task_id, t.task_type AS task_type, t.arm AS arm,
    t.is_test AS is_test, c.provider AS provider, c.model AS model, c.purpose AS purpose, c.started_at AS started_at,
    c.duration_us AS duration_us, c.input_tokens AS input_tokens, c.output_tokens AS output_tokens,
    c.cache_read_tokens AS cache_read_tokens, c.cache_write_tokens AS cache_write_tokens,
    c.cost_source AS cost_source, c.cost_amount AS cost_amount, c.cost_currency AS cost_currency
  FROM src_model_calls AS c
  LEFT JOIN src_tasks AS t ON t.system_id = c.system_id AND t.task_id = c.task_id
  WHERE c.started_seek >= :lo AND c.started_seek < :hi
    AND NOT EXISTS (SELECT 1 FROM work_task AS w WHERE w.system_id = c.system_id AND w.task_id = c.task_id)
),
call AS (
  SELECT
    system_id, call_id, task_id, COALESCE(task_type, '') AS task_type, COALESCE(arm, '') AS arm,
    COALESCE(provider, '') AS provider, COALESCE(model, '') AS model,
    CASE WHEN is_test = TRUE THEN 'test' WHEN arm = 'shadow' THEN 'shadow' ELSE COALESCE(purpose, 'serve') END AS purpose,
    started_at, CAST(started_at AS DATE) AS price_day, CASE WHEN duration_us >= 0 THEN duration_us END AS duration_us,
    CASE WHEN input_tokens IS NULL AND output_tokens IS NULL THEN 0 ELSE 1 END AS tokens_n,
    COALESCE(input_tokens, 0) AS input_tokens, COALESCE(output_tokens, 0) AS output_tokens,
    COALESCE(cache_read_tokens, 0) AS cache_read_tokens, COALESCE(cache_write_tokens, 0) AS cache_write_tokens,
    CASE WHEN cost_source = 'unknown' THEN NULL ELSE cost_amount END AS cost_amount,
    COALESCE(cost_currency, '') AS cost_currency
  FROM picked
),
priced AS (
  SELECT
    c.system_id AS system_id, c.call_id AS call_id, c.task_id AS task_id, c.task_type AS task_type, c.arm AS arm,
    c.provider AS provider, c.model AS model, c.purpose AS purpose, c.started_at AS started_at,
    c.duration_us AS duration_us, c.tokens_n AS tokens_n, c.input_tokens AS input_tokens,
    c.output_tokens AS output_tokens, c.cache_read_tokens AS cache_read_tokens,
    c.cache_write_tokens AS cache_write_tokens, c.cost_amount AS cost_amount, c.cost_currency AS cost_currency,
    c.input_tokens + c.output_tokens + c.cache_read_tokens + c.cache_write_tokens AS tokens,
    CAST(
      COALESCE(c.input_tokens * i.per_token, 0) + COALESCE(c.output_tokens * o.per_token, 0)
      + COALESCE(c.cache_read_tokens * r.per_token, 0) + COALESCE(c.cache_write_tokens * w.per_token, 0)
    AS DECIMAL(38,12)) AS amount,
    COALESCE(i.currency, o.currency, r.currency, w.currency) AS currency,
    CASE
      WHEN c.input_tokens > 0 AND i.currency IS NULL THEN FALSE
      WHEN c.output_tokens > 0 AND o.currency IS NULL THEN FALSE
      WHEN c.cache_read_tokens > 0 AND r.currency IS NULL THEN FALSE
      WHEN c.cache_write_tokens > 0 AND w.currency IS NULL THEN FALSE
      WHEN o.currency <> COALESCE(i.currency, o.currency) THEN FALSE
      WHEN r.currency <> COALESCE(i.currency, o.currency, r.currency) THEN FALSE
      WHEN w.currency <> COALESCE(i.currency, o.currency, r.currency, w.currency) THEN FALSE
      ELSE TRUE
    END AS whole
  FROM call AS c
  LEFT JOIN price_book AS i
    ON i.token_class = 'input' AND i.provider = c.provider AND i.model = c.model AND c.input_tokens > 0
    AND c.price_day >= i.valid_from AND c.price_day < i.valid_to
  LEFT JOIN price_book AS o
    ON o.token_class = 'output' AND o.provider = c.provider AND o.model = c.model AND c.output_tokens > 0
    AND c.price_day >= o.valid_from AND c.price_day < o.valid_to
  LEFT JOIN price_book AS r
    ON r.token_class = 'cache_read' AND r.provider = c.provider AND r.model = c.model AND c.cache_read_tokens > 0
    AND c.price_day >= r.valid_from AND c.price_day < r.valid_to
  LEFT JOIN price_book AS w
    ON w.token_class = 'cache_write' AND w.provider = c.provider AND w.model = c.model AND c.cache_write_tokens > 0
    AND c.price_day >= w.valid_from AND c.price_day < w.valid_to
)
SELECT
  c.system_id AS system_id, c.call_id AS call_id, c.task_id AS task_id, c.task_type AS task_type, c.arm AS arm,
  c.provider AS provider, c.model AS model, c.purpose AS purpose, h.hour_utc AS hour_utc, h.day_local AS day_local,
  h.bill_month AS bill_month, c.duration_us AS duration_us, c.tokens_n AS tokens_n, c.input_tokens AS input_tokens,
  c.output_tokens AS output_tokens, c.cache_read_tokens AS cache_read_tokens,
  c.cache_write_tokens AS cache_write_tokens, c.tokens AS tokens,
  CASE WHEN c.cost_amount = 0 AND c.tokens > 0 THEN NULL ELSE c.cost_amount END AS recorded,
  c.cost_currency AS recorded_currency,
  CASE WHEN c.whole = TRUE AND c.amount <> 0 THEN c.amount END AS priced, COALESCE(c.currency, '') AS priced_currency
FROM priced AS c
LEFT JOIN calendar_hour AS h
  ON date_trunc('hour', c.started_at) = h.hour_utc AND c.started_at >= h.from_utc AND c.started_at < h.to_utc
