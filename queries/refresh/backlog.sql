-- title: Open tasks as of the watermark, by age
-- params: as_of timestamp, as_of_epoch bigint
-- columns: as_of timestamp, system_id text, task_type text, age_bucket text, n bigint
-- note: Tests and shadow rows are left out.
SELECT
  CAST(:as_of AS TIMESTAMP) AS as_of, b.system_id AS system_id, b.task_type AS task_type, b.age_bucket AS age_bucket,
  CAST(COUNT(*) AS BIGINT) AS n
FROM (
  SELECT
    t.system_id AS system_id, COALESCE(t.task_type, '') AS task_type,
    CASE
      WHEN CAST(:as_of_epoch AS BIGINT) - t.created_epoch < 86400000000 THEN 'under 1 day'
      WHEN CAST(:as_of_epoch AS BIGINT) - t.created_epoch < 259200000000 THEN '1 to 3 days'
      WHEN CAST(:as_of_epoch AS BIGINT) - t.created_epoch < 604800000000 THEN '3 to 7 days'
      WHEN CAST(:as_of_epoch AS BIGINT) - t.created_epoch < 2592000000000 THEN '7 to 30 days'
      ELSE 'over 30 days'
    END AS age_bucket
  FROM src_tasks AS t
  WHERE t.status = 'open' AND t.completed_at IS NULL AND t.is_test = FALSE AND t.arm <> 'shadow'
) AS b
GROUP BY b.system_id, b.task_type, b.age_bucket
