-- title: Log-bucket histograms of the dirty days (relative error at most 1 %; the constant is schema)
-- params: none
-- columns: day_local date, system_id text, task_type text, arm text, release_id text, metric text, bucket bigint, n bigint
-- note: Bucket -1 holds zeros. Values below zero are not in it. call_latency: serving calls that belong to no task.
WITH measure AS (
  SELECT done_day AS day_local, system_id, task_type, arm, release_id, 'handling' AS metric, handling_us AS v
  FROM work_fact WHERE done_day IS NOT NULL AND handling_us >= 0
  UNION ALL
  SELECT done_day AS day_local, system_id, task_type, arm, release_id, 'cycle' AS metric, cycle_us AS v
  FROM work_fact WHERE done_day IS NOT NULL AND cycle_us >= 0
  UNION ALL
  SELECT done_day AS day_local, system_id, task_type, arm, release_id, 'latency' AS metric, latency_us AS v
  FROM work_fact WHERE done_day IS NOT NULL AND latency_us >= 0
  UNION ALL
  SELECT day_local, system_id, task_type, '' AS arm, '' AS release_id, 'call_latency' AS metric, duration_us AS v
  FROM work_call WHERE day_local IS NOT NULL AND duration_us >= 0 AND purpose = 'serve' AND task_id IS NULL
),
bucketed AS (
  SELECT
    day_local, system_id, task_type, arm, release_id, metric,
    CASE
      WHEN v = 0 THEN -1
      ELSE CAST(CEIL(LN(CAST(v AS DOUBLE PRECISION)) * CAST(49.99833328888678 AS DOUBLE PRECISION)) AS BIGINT)
    END AS bucket
  FROM measure
)
SELECT
  day_local AS day_local, system_id AS system_id, task_type AS task_type, arm AS arm, release_id AS release_id,
  metric AS metric, CAST(bucket AS BIGINT) AS bucket, CAST(COUNT(*) AS BIGINT) AS n
FROM bucketed
GROUP BY day_local, system_id, task_type, arm, release_id, metric, bucket
