-- title: Histogram per day and all dimensions
-- params: none
-- columns: day_local date, system_id text, task_type text, arm text, release_id text, metric text, bucket bigint, n bigint
SELECT
  day_local AS day_local, system_id AS system_id, task_type AS task_type, arm AS arm, release_id AS release_id,
  metric AS metric, bucket AS bucket, n AS n
FROM work_hist
