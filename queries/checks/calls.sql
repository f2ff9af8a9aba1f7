-- title: What is wrong with model calls, per system, and the first call of each kind
-- params: as_of timestamp
-- columns: system_id text, total bigint, repeated bigint, negative bigint, negative_id text, orphan bigint,
--   orphan_id text, free bigint, free_id text, skewed bigint, skewed_id text, currencies bigint
-- note: free = a cost of 0 beside tokens, which is unknown and not nothing. orphan = names a task that is not there.
WITH judged AS (
  SELECT
    c.system_id AS system_id, c.call_id AS call_id, c.cost_currency AS cost_currency,
    c.duration_us < 0 OR c.ttft_us < 0 AS negative,
    c.task_id IS NOT NULL AND t.task_id IS NULL AS orphan,
    c.cost_amount = 0 AND COALESCE(c.input_tokens, 0) + COALESCE(c.output_tokens, 0) > 0 AS free,
    c.ingested_epoch < c.started_epoch - 300000000 OR c.started_at > :as_of AS skewed
  FROM src_model_calls AS c
  LEFT JOIN src_tasks AS t ON t.system_id = c.system_id AND t.task_id = c.task_id
)
SELECT
  system_id,
  COUNT(*) AS total,
  COUNT(*) - COUNT(DISTINCT call_id) AS repeated,
  CAST(SUM(CASE WHEN negative THEN 1 ELSE 0 END) AS BIGINT) AS negative,
  MIN(CASE WHEN negative THEN call_id END) AS negative_id,
  CAST(SUM(CASE WHEN orphan THEN 1 ELSE 0 END) AS BIGINT) AS orphan,
  MIN(CASE WHEN orphan THEN call_id END) AS orphan_id,
  CAST(SUM(CASE WHEN free THEN 1 ELSE 0 END) AS BIGINT) AS free,
  MIN(CASE WHEN free THEN call_id END) AS free_id,
  CAST(SUM(CASE WHEN skewed THEN 1 ELSE 0 END) AS BIGINT) AS skewed,
  MIN(CASE WHEN skewed THEN call_id END) AS skewed_id,
  COUNT(DISTINCT cost_currency) AS currencies
FROM judged
GROUP BY system_id
ORDER BY system_id NULLS LAST
