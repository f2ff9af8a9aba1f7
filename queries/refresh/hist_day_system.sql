-- title: Histogram per day and system, shadow rows left out, for unfiltered pages
-- params: none
-- columns: day_local date, system_id text, metric text, bucket bigint, n bigint
SELECT
  day_local AS day_local, system_id AS system_id, metric AS metric, bucket AS bucket, CAST(SUM(n) AS BIGINT) AS n
FROM work_hist
WHERE arm <> 'shadow'
GROUP BY day_local, system_id, metric, bucket
