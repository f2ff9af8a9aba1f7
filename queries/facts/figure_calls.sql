-- title: Model calls behind a figure, of one day
-- params: systems text[], task_type text, lonely bigint
-- columns: system_id text, call_id text, task_id text, task_type text, provider text, model text, purpose text,
--   started_at timestamp, input_tokens bigint?, output_tokens bigint?, currency text, cost decimal
-- parts: facts/calendar_hour, facts/price_book, refresh/work_task, refresh/work_call
-- note: At most 50, the latest: serving calls and their retries; with lonely = 1, only those that belong to no task. What a
--   call cost is worked out as a refresh does, by its own SQL.
SELECT
  c.system_id AS system_id, c.call_id AS call_id, COALESCE(w.task_id, '') AS task_id, w.task_type AS task_type,
  w.provider AS provider, w.model AS model, w.purpose AS purpose, c.started_at AS started_at,
  c.input_tokens AS input_tokens, c.output_tokens AS output_tokens,
  CASE
    WHEN w.recorded IS NOT NULL THEN w.recorded_currency
    WHEN w.priced IS NOT NULL THEN w.priced_currency
    ELSE ''
  END AS currency,
  COALESCE(w.recorded, w.priced) AS cost
FROM work_call AS w
JOIN src_model_calls AS c ON c.system_id = w.system_id AND c.call_id = w.call_id
WHERE w.day_local IS NOT NULL AND w.purpose IN ('serve', 'retry') AND w.system_id = ANY(CAST(:systems AS TEXT[]))
  AND (CAST(:task_type AS TEXT) = '' OR w.task_type = :task_type)
  AND (CAST(:lonely AS BIGINT) = 0 OR w.task_id IS NULL)
ORDER BY c.started_at DESC NULLS LAST, c.system_id NULLS LAST, c.call_id NULLS LAST
LIMIT 50
