-- title: What shared charges are allocated by, per fiscal month, system and task type
-- params: none
-- columns: month date, system_id text, task_type text, tasks bigint, completed bigint, accepted bigint, calls bigint,
--   tokens bigint
-- note: month is the first day of the fiscal month. Shadow rows are left out; calls and tokens are those of serving calls
--   and their retries, on the call's own day, tokens of all four classes.
WITH part AS (
  SELECT
    c.fiscal_month_start AS month, r.system_id AS system_id, r.task_type AS task_type, r.attempted AS tasks,
    r.completed AS completed, r.accepted AS accepted, 0 AS calls, 0 AS tokens
  FROM rollup_day AS r
  JOIN calendar_day AS c ON c.day_local = r.day_local
  WHERE r.arm <> 'shadow'
  UNION ALL
  SELECT
    c.fiscal_month_start AS month, r.system_id AS system_id, r.task_type AS task_type, 0 AS tasks, 0 AS completed,
    0 AS accepted, r.calls AS calls,
    r.input_tokens + r.output_tokens + r.cache_read_tokens + r.cache_write_tokens AS tokens
  FROM call_day AS r
  JOIN calendar_day AS c ON c.day_local = r.day_local
  WHERE r.purpose IN ('serve', 'retry')
)
SELECT
  month AS month, system_id AS system_id, task_type AS task_type, CAST(SUM(tasks) AS BIGINT) AS tasks,
  CAST(SUM(completed) AS BIGINT) AS completed, CAST(SUM(accepted) AS BIGINT) AS accepted,
  CAST(SUM(calls) AS BIGINT) AS calls, CAST(SUM(tokens) AS BIGINT) AS tokens
FROM part
GROUP BY month, system_id, task_type
ORDER BY month NULLS LAST, system_id NULLS LAST, task_type NULLS LAST
