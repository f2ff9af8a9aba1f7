-- title: Systems, task types and currencies that the data holds
-- params: none
-- columns: system_id text, task_type text, currency text, attempted bigint
-- note: Systems that have calls but no tasks are in it with task type ''.
SELECT
  d.system_id AS system_id, d.task_type AS task_type, d.currency AS currency, CAST(SUM(d.attempted) AS BIGINT) AS attempted
FROM (
  SELECT system_id, task_type, currency, attempted FROM rollup_day
  UNION ALL
  SELECT system_id, task_type, currency, 0 AS attempted FROM call_day
) AS d
GROUP BY d.system_id, d.task_type, d.currency
ORDER BY d.system_id NULLS LAST, d.task_type NULLS LAST, d.currency NULLS LAST
