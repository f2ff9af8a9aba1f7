-- title: People's work on those tasks, at the hourly rate of its day
-- params: none
-- columns: system_id text, task_id text, activity text, role text, currency text, n bigint, worked_us whole,
--   priced_n bigint, amount decimal
-- note: Where a task has no human_work row, its own human_seconds stand in, as handling by an unstated role.
SELECT
  w.system_id AS system_id, w.task_id AS task_id, h.activity AS activity, COALESCE(h.role, '') AS role,
  COALESCE(b.currency, '') AS currency, CAST(COUNT(*) AS BIGINT) AS n,
  CAST(SUM(h.worked_us) AS DECIMAL(38,0)) AS worked_us,
  CAST(SUM(CASE WHEN b.per_us IS NULL THEN 0 ELSE 1 END) AS BIGINT) AS priced_n,
  CAST(COALESCE(SUM(h.worked_us * b.per_us), 0) AS DECIMAL(38,12)) AS amount
FROM work_task AS w
JOIN src_human_work AS h ON h.system_id = w.system_id AND h.task_id = w.task_id AND h.worked_us >= 0
LEFT JOIN rate_book AS b
  ON b.role = COALESCE(h.role, '') AND CAST(h.started_at AS DATE) >= b.valid_from AND CAST(h.started_at AS DATE) < b.valid_to
GROUP BY w.system_id, w.task_id, h.activity, COALESCE(h.role, ''), COALESCE(b.currency, '')
UNION ALL
SELECT
  w.system_id AS system_id, w.task_id AS task_id, 'handle' AS activity, '' AS role, '' AS currency,
  CAST(1 AS BIGINT) AS n, CAST(w.human_us AS DECIMAL(38,0)) AS worked_us, CAST(0 AS BIGINT) AS priced_n,
  CAST(0 AS DECIMAL(38,12)) AS amount
FROM work_task AS w
WHERE w.human_us >= 0 AND NOT EXISTS (
  SELECT 1 FROM src_human_work AS h WHERE h.system_id = w.system_id AND h.task_id = w.task_id AND h.worked_us >= 0
)
