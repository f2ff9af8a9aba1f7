-- title: What is wrong with people's work, per system, and the first task of each kind
-- params: as_of timestamp
-- columns: system_id text, total bigint, negative bigint, negative_id text, orphan bigint, orphan_id text,
--   skewed bigint, skewed_id text
-- note: orphan = names a task that is not there.
WITH judged AS (
  SELECT
    w.system_id AS system_id, w.task_id AS task_id,
    w.worked_us < 0 AS negative,
    t.task_id IS NULL AS orphan,
    w.ingested_epoch < w.started_epoch - 300000000 OR w.started_at > :as_of AS skewed
  FROM src_human_work AS w
  LEFT JOIN src_tasks AS t ON t.system_id = w.system_id AND t.task_id = w.task_id
)
SELECT
  system_id,
  COUNT(*) AS total,
  CAST(SUM(CASE WHEN negative THEN 1 ELSE 0 END) AS BIGINT) AS negative,
  MIN(CASE WHEN negative THEN task_id END) AS negative_id,
  CAST(SUM(CASE WHEN orphan THEN 1 ELSE 0 END) AS BIGINT) AS orphan,
  MIN(CASE WHEN orphan THEN task_id END) AS orphan_id,
  CAST(SUM(CASE WHEN skewed THEN 1 ELSE 0 END) AS BIGINT) AS skewed,
  MIN(CASE WHEN skewed THEN task_id END) AS skewed_id
FROM judged
GROUP BY system_id
ORDER BY system_id NULLS LAST
