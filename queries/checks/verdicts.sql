-- title: What is wrong with verdicts, per system, and the first verdict of each kind
-- params: as_of timestamp
-- columns: system_id text, total bigint, improbable bigint, improbable_id text, orphan bigint, orphan_id text,
--   skewed bigint, skewed_id text
-- note: improbable = a sampling probability outside (0, 1]. orphan = names a task that is not there.
WITH judged AS (
  SELECT
    v.system_id AS system_id, v.verdict_id AS verdict_id,
    v.sampling_prob IS NOT NULL AND (v.sampling_prob <= 0 OR v.sampling_prob > 1) AS improbable,
    t.task_id IS NULL AS orphan,
    v.ingested_epoch < v.created_epoch - 300000000 OR v.created_at > :as_of AS skewed
  FROM src_verdicts AS v
  LEFT JOIN src_tasks AS t ON t.system_id = v.system_id AND t.task_id = v.task_id
)
SELECT
  system_id,
  COUNT(*) AS total,
  CAST(SUM(CASE WHEN improbable THEN 1 ELSE 0 END) AS BIGINT) AS improbable,
  MIN(CASE WHEN improbable THEN verdict_id END) AS improbable_id,
  CAST(SUM(CASE WHEN orphan THEN 1 ELSE 0 END) AS BIGINT) AS orphan,
  MIN(CASE WHEN orphan THEN verdict_id END) AS orphan_id,
  CAST(SUM(CASE WHEN skewed THEN 1 ELSE 0 END) AS BIGINT) AS skewed,
  MIN(CASE WHEN skewed THEN verdict_id END) AS skewed_id
FROM judged
GROUP BY system_id
ORDER BY system_id NULLS LAST
