-- title: Exact counts under every latency or time line that a gate or a target names
-- params: none
-- columns: day_local date, system_id text, task_type text, arm text, release_id text, metric text, line_us bigint,
--   n bigint, n_under bigint, n_at bigint
SELECT
  f.day_local AS day_local, f.system_id AS system_id, f.task_type AS task_type, f.arm AS arm,
  f.release_id AS release_id, f.metric AS metric, l.line_us AS line_us, CAST(COUNT(*) AS BIGINT) AS n,
  CAST(SUM(CASE WHEN f.v < l.line_us THEN 1 ELSE 0 END) AS BIGINT) AS n_under,
  CAST(SUM(CASE WHEN f.v = l.line_us THEN 1 ELSE 0 END) AS BIGINT) AS n_at
FROM (
  SELECT done_day AS day_local, system_id, task_type, arm, release_id, 'latency' AS metric, latency_us AS v
  FROM work_fact WHERE done_day IS NOT NULL AND latency_us >= 0
  UNION ALL
  SELECT done_day AS day_local, system_id, task_type, arm, release_id, 'handling' AS metric, handling_us AS v
  FROM work_fact WHERE done_day IS NOT NULL AND handling_us >= 0
  UNION ALL
  SELECT done_day AS day_local, system_id, task_type, arm, release_id, 'cycle' AS metric, cycle_us AS v
  FROM work_fact WHERE done_day IS NOT NULL AND cycle_us >= 0
) AS f
JOIN line AS l ON l.system_id = f.system_id AND l.metric = f.metric
GROUP BY f.day_local, f.system_id, f.task_type, f.arm, f.release_id, f.metric, l.line_us
